import type { ShadowComparison } from '../comparison/ShadowComparison.ts';
import { count, interval, pairs, RESULTS, sides, tested } from './reportText.ts';

/** Both models as predictors of numbers. */
export function regressionPart({ regression }: ShadowComparison): readonly string[] {
  if (regression === undefined) return [];
  const { primary, shadow, improvement, pairedT, wilcoxon, closer, n } = regression;
  const names = {
    meanError: 'mean error',
    meanAbsoluteError: 'mean absolute error',
    rootMeanSquaredError: 'root mean squared error',
    rSquared: 'R squared',
  } as const;
  const lines = Object.entries(names).map(([key, what]) => ({
    what,
    primary: interval(primary[key as keyof typeof names]),
    shadow: interval(shadow[key as keyof typeof names]),
  }));
  const tests: readonly (readonly [string, string])[] = [
    ['mean absolute error, at every look', tested(improvement.meanAbsoluteError)],
    ['root mean squared error, at every look', tested(improvement.rmse)],
    ['share of requests won, exact at every look', tested(improvement.closer)],
    ['paired t, one look', tested(pairedT)],
    ['Wilcoxon, one look', tested(wilcoxon)],
    ['closer to the truth', `primary ${count(closer.primary)}, shadow ${count(closer.shadow)}`],
  ];
  const title = `### Predicted numbers of ${count(n)} labelled requests (95% intervals, one look)`;
  return [`${title}\n\n${sides(lines)}`, `#### Improvement, request by request\n\n${pairs(tests, RESULTS)}`];
}
