// Why a mutant may survive: rules for those that change nothing a caller could see.

/** A mutant as the rules see it. */
export interface SurvivingMutant {
  readonly path: string;
  readonly mutatorName: string;
  /** What stood in the source. */
  readonly original: string;
  readonly replacement: string;
}

interface Rule {
  readonly why: string;
  readonly applies: (mutant: SurvivingMutant) => boolean;
}

const rules: readonly Rule[] = [];

/** The reason why this mutant may survive, if there is one. */
export function explanationOf(mutant: SurvivingMutant): string | undefined {
  return rules.find(({ applies }) => applies(mutant))?.why;
}
