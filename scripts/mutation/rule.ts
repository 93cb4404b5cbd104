// What a rule for a mutant that may survive is made of.

/** A mutant as the rules see it. */
export interface SurvivingMutant {
  readonly path: string;
  readonly mutatorName: string;
  /** What stood in the source. */
  readonly original: string;
  readonly replacement: string;
}

/** A reason, and the mutants that it holds for. */
export interface Rule {
  readonly why: string;
  readonly applies: (mutant: SurvivingMutant) => boolean;
}

/** A mutant of the file of this name that replaced one of these texts, on one line as the report has them. */
export const inFile =
  (name: string, ...originals: readonly string[]) =>
  ({ path, original }: SurvivingMutant) =>
    path.endsWith(`/${name}.ts`) && originals.includes(original);

/** A mutant that replaced one of the texts listed under the name of its file. */
export const among = (places: Readonly<Record<string, readonly string[]>>) => {
  const files = Object.entries(places).map(([name, originals]) => inFile(name, ...originals));
  return (mutant: SurvivingMutant) => files.some((matches) => matches(mutant));
};

/** A comparison in one of these folders or files that now takes, or leaves out, the border itself: `<` for `<=`. */
export const border =
  (places: RegExp) =>
  ({ path, original, replacement }: SurvivingMutant) =>
    places.test(path) && original !== replacement && strict(original) === strict(replacement);

const strict = (comparison: string) => comparison.replaceAll(/([<>])=/g, '$1');

/** A mutant of one of these files whose original or replacement reads like this. */
export const like =
  (files: RegExp, original: RegExp, replacement = /(?:)/) =>
  (mutant: SurvivingMutant) =>
    files.test(mutant.path) && original.test(mutant.original) && replacement.test(mutant.replacement);
