import { comparePaired } from '../../metrics/inference/comparePaired.ts';
import { calibration } from '../../stats/quality/calibration.ts';
import { confusionRates } from '../../stats/quality/confusionRates.ts';
import { confusionScores } from '../../stats/quality/confusionScores.ts';
import { fBetaInterval } from '../../stats/quality/fBetaInterval.ts';
import { pairedRocAucTest } from '../../stats/quality/pairedRocAucTest.ts';
import { rocAucInterval } from '../../stats/quality/rocAucInterval.ts';
import { mcnemarTest } from '../../stats/tests/mcnemarTest.ts';
import type { ClassificationEvidence } from '../evidence/ClassificationEvidence.ts';
import type { MetricEvidence } from '../evidence/MetricEvidence.ts';
import type { ClassificationComparison, ClassifierReport } from './ShadowComparison.ts';

/** Both models as classifiers. */
export function compareClassification(evidence: ClassificationEvidence): ClassificationComparison {
  const { paired, verdicts, scores } = evidence;
  const [first, second, labels] = scoresOf(evidence);
  const [both, onlyPrimary, onlyShadow, neither] = verdicts;
  return {
    n: evidence.n,
    primary: report(evidence.primary, first, labels),
    shadow: report(evidence.candidate, second, labels),
    verdicts,
    mcnemar: mcnemarTest([
      [both, onlyPrimary],
      [onlyShadow, neither],
    ]),
    rocAucDifference: pairedRocAucTest(second, first, labels),
    improvement: {
      accuracy: improvementOf(paired.accuracy),
      recall: improvementOf(paired.recall),
      specificity: improvementOf(paired.specificity),
    },
    scoresKept: Math.min(scores.n, first.length),
  };
}

/** The scores kept of primary and shadow, with the labels that ROC curves take. */
export function scoresOf({ scores }: ClassificationEvidence): readonly [Float64Array, Float64Array, (0 | 1)[]] {
  const labels = Array.from(scores.column(2), (label): 0 | 1 => (label === 1 ? 1 : 0));
  return [scores.column(0), scores.column(1), labels];
}

/** The improvement by the shadow, valid at every look. */
export function improvementOf(
  { primary, candidate, pairs }: MetricEvidence,
  options: Parameters<typeof comparePaired>[1] = {},
): ReturnType<typeof comparePaired> {
  return comparePaired({ reference: primary, candidate, pairs }, options);
}

function report(
  { table, calibration: bins }: ClassificationEvidence['primary'],
  scores: Float64Array,
  labels: readonly (0 | 1)[],
): ClassifierReport {
  const { truePositives, falsePositives, trueNegatives, falseNegatives } = table;
  return {
    ...confusionRates(table),
    counts: { truePositives, falsePositives, trueNegatives, falseNegatives },
    scores: confusionScores(table),
    f1: fBetaInterval(table, 1),
    rocAuc: rocAucInterval(scores, labels),
    calibration: calibration(bins),
  };
}
