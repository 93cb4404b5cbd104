import { type IntervalOptions, wilsonInterval } from '../intervals/index.ts';
import type { IntervalResult } from '../types.ts';
import type { ClassLabel, ConfusionMatrix } from './ConfusionMatrix.ts';

/** Precision, recall and F1 of one class against all others, or their average over classes. */
export interface ClassScores {
  /** `undefined` where the class was never predicted. */
  readonly precision: number | undefined;
  /** `undefined` where the class never occurred. */
  readonly recall: number | undefined;
  /** `undefined` where it neither occurred nor was predicted. */
  readonly f1: number | undefined;
}

/** One class of a confusion matrix. */
export interface ClassReport extends ClassScores {
  readonly label: ClassLabel;
  /** How often the class occurred. */
  readonly support: number;
}

/** What a confusion matrix says; `undefined` where a definition is 0 / 0. */
export interface MulticlassScores {
  readonly n: number;
  /** Right predictions among all, with its Wilson interval. */
  readonly accuracy: IntervalResult;
  readonly perClass: readonly ClassReport[];
  /** The plain mean over classes, in which an undefined score counts as 0. */
  readonly macro: ClassScores;
  /** Over all decisions together; equal to the accuracy, since every prediction names one class. */
  readonly micro: ClassScores;
  /** The mean over classes by their support, in which an undefined score counts as 0. */
  readonly weighted: ClassScores;
  /** The mean recall of the classes that occur. */
  readonly balancedAccuracy: number | undefined;
  /** Matthews' correlation in Gorodkin's form for several classes. */
  readonly matthewsCorrelation: number | undefined;
  /** Cohen's kappa: agreement beyond what the margins alone would give. */
  readonly cohenKappa: number | undefined;
}

const over = (numerator: number, denominator: number): number | undefined =>
  denominator > 0 ? numerator / denominator : undefined;

function average(reports: readonly ClassReport[], weight: (report: ClassReport) => number): ClassScores {
  const total = reports.reduce((sum, report) => sum + weight(report), 0);
  const mean = (score: (report: ClassReport) => number | undefined): number | undefined =>
    over(
      reports.reduce((sum, report) => sum + weight(report) * (score(report) ?? 0), 0),
      total,
    );
  return { precision: mean((r) => r.precision), recall: mean((r) => r.recall), f1: mean((r) => r.f1) };
}

/** Agreement measures from the margins, as shares of n so that squares of large counts stay exact enough. */
function agreement(right: number, actual: readonly number[], predicted: readonly number[], n: number) {
  const product = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, count, i) => sum + (count / n) * (b[i]! / n), 0);
  const chance = product(actual, predicted);
  const [varietyActual, varietyPredicted] = [1 - product(actual, actual), 1 - product(predicted, predicted)];
  const varied = (counts: readonly number[]): boolean => counts.filter((count) => count > 0).length > 1;
  const both = varied(actual) && varied(predicted);
  const oneClass = actual.some((count, i) => count === n && predicted[i] === n);
  return {
    matthewsCorrelation: both ? (right / n - chance) / Math.sqrt(varietyActual * varietyPredicted) : undefined,
    // Where both are one and the same class, as all classes are without predictions, there is no chance agreement left to go beyond.
    cohenKappa: oneClass ? undefined : (right / n - chance) / (1 - chance),
  };
}

/**
 * Everything that a confusion matrix of several classes says.
 *
 * @param options level and alternative of the accuracy's interval
 * @throws InvalidOptionError
 * @see Sokolova & Lapalme (2009), Inf. Process. Manag. 45(4), doi:10.1016/j.ipm.2009.03.002; Gorodkin (2004), Comput.
 * Biol. Chem. 28(5-6), doi:10.1016/j.compbiolchem.2004.09.006
 */
export function multiclassScores(matrix: ConfusionMatrix, options: IntervalOptions = {}): MulticlassScores {
  const { classes, counts, n } = matrix;
  const actual = counts.map((row) => row.reduce((sum, count) => sum + count, 0));
  const predicted = classes.map((_, j) => counts.reduce((sum, row) => sum + row[j]!, 0));
  const right = counts.reduce((sum, row, i) => sum + row[i]!, 0);
  const perClass = classes.map((label, i): ClassReport => {
    const [hit, support, named] = [counts[i]![i]!, actual[i]!, predicted[i]!];
    return {
      label,
      precision: over(hit, named),
      recall: over(hit, support),
      f1: over(2 * hit, support + named),
      support,
    };
  });
  const share = over(right, n);
  const occurring = perClass.filter(({ support }) => support > 0);
  return {
    n,
    accuracy: wilsonInterval({ successes: right, trials: n }, options),
    perClass,
    macro: average(perClass, () => 1),
    micro: { precision: share, recall: share, f1: share },
    weighted: average(perClass, ({ support }) => support),
    balancedAccuracy: average(occurring, () => 1).recall,
    ...agreement(right, actual, predicted, n),
  };
}
