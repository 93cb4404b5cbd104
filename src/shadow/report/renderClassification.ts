import { formatNumber } from '../../core/text/formatNumber.ts';
import type { IntervalResult } from '../../stats/types.ts';
import type { ShadowComparison } from '../comparison/ShadowComparison.ts';
import { count, interval, pairs, percent, RESULTS, type SidesLine, sides, tested } from './reportText.ts';

const fraction = (value: number): string => formatNumber(value, { significant: 4 });

/** Both models as classifiers of two classes. */
export function classificationPart({ classification }: ShadowComparison): readonly string[] {
  if (classification === undefined) return [];
  const { primary, shadow, improvement, mcnemar, rocAucDifference, n } = classification;
  const rates = ['accuracy', 'precision', 'recall', 'specificity', 'falsePositiveRate', 'falseNegativeRate'] as const;
  const both = (what: string, read: (of: typeof primary) => IntervalResult, write = percent): SidesLine => ({
    what,
    primary: interval(read(primary), write),
    shadow: interval(read(shadow), write),
  });
  const lines: readonly SidesLine[] = [
    ...rates.map((rate) => both(rate, (of) => of[rate])),
    both('F1', (of) => of.f1),
    both('ROC AUC', (of) => of.rocAuc, fraction),
    ...(['expectedError', 'maximumError'] as const).map((kind) => ({
      what: kind === 'expectedError' ? 'expected calibration error' : 'largest calibration error',
      primary: maybe(primary.calibration[kind]),
      shadow: maybe(shadow.calibration[kind]),
    })),
    { what: 'TP / FP / TN / FN', primary: counts(primary.counts), shadow: counts(shadow.counts) },
  ];
  const tests: readonly (readonly [string, string])[] = [
    ['accuracy, exact at every look', tested(improvement.accuracy)],
    ['recall, exact at every look', tested(improvement.recall)],
    ['specificity, exact at every look', tested(improvement.specificity)],
    ['McNemar, one look (primary minus shadow)', tested(mcnemar)],
    ['DeLong, one look', tested(rocAucDifference)],
  ];
  const title = `### Classification of ${count(n)} labelled requests (95% intervals, one look)`;
  return [`${title}\n\n${sides(lines)}`, `#### Shadow minus primary, request by request\n\n${pairs(tests, RESULTS)}`];
}

function counts({
  truePositives,
  falsePositives,
  trueNegatives,
  falseNegatives,
}: NonNullable<ShadowComparison['classification']>['primary']['counts']): string {
  return [truePositives, falsePositives, trueNegatives, falseNegatives].map(count).join(' / ');
}

function maybe(value: number | undefined): string {
  return value === undefined ? 'n/a' : formatNumber(value, { significant: 3 });
}
