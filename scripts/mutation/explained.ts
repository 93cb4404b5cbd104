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

const inFile =
  (name: string, ...originals: readonly string[]) =>
  ({ path, original }: SurvivingMutant) =>
    path.endsWith(`/${name}.ts`) && originals.includes(original);

const rules: readonly Rule[] = [
  {
    why: 'series and closed form agree at the border between them',
    applies: inFile('hedgesG', 'z < SERIES_FROM'),
  },
  {
    why: 'the two roots are exchanged and put in order afterwards; digits are lost only where one is near 0',
    applies: inFile('fiellerInterval', 'middle >= 0', 'middle + root', 'middle - root', 'first < second'),
  },
];

/** The reason why this mutant may survive, if there is one. */
export function explanationOf(mutant: SurvivingMutant): string | undefined {
  return rules.find(({ applies }) => applies(mutant))?.why;
}
