import { meanInterval } from '../../stats/intervals/meanInterval.ts';
import { rootMeanSquareInterval } from '../../stats/quality/rootMeanSquareInterval.ts';
import { rSquaredInterval } from '../../stats/quality/rSquaredInterval.ts';
import { mcnemarEProcess } from '../../stats/sequential/mcnemarEProcess.ts';
import type { Moments } from '../../stats/summaries/Moments.ts';
import { oneSampleTTest } from '../../stats/tests/oneSampleTTest.ts';
import { wilcoxonTest } from '../../stats/tests/wilcoxonTest.ts';
import type { RegressionEvidence } from '../evidence/RegressionEvidence.ts';
import { improvementOf } from './compareClassification.ts';
import type { PredictorReport, RegressionComparison } from './ShadowComparison.ts';

/** Both models as predictors of numbers. */
export function compareRegression(evidence: RegressionEvidence): RegressionComparison {
  const { paired, rows, gains, bias, closer, n } = evidence;
  const [first, second, actual] = [rows.column(0), rows.column(1), rows.column(2)];
  const sizes = (predicted: Float64Array): Float64Array => predicted.map((value, i) => Math.abs(value - actual[i]!));
  const report = (side: 'primary' | 'candidate', predicted: Float64Array): PredictorReport => ({
    meanError: mean(bias[side]),
    meanAbsoluteError: mean(paired.meanAbsoluteError[side].moments),
    rootMeanSquaredError: rootMeanSquareInterval(paired.rmse[side].moments),
    rSquared: rSquaredInterval(actual, predicted),
  });
  const counts = { onlyFirst: closer.candidate, onlySecond: closer.primary, pairs: n };
  return {
    n,
    primary: report('primary', first),
    shadow: report('candidate', second),
    pairedT: oneSampleTTest(gains),
    wilcoxon: wilcoxonTest(sizes(first), sizes(second)),
    closer: { primary: closer.primary, shadow: closer.candidate },
    improvement: {
      meanAbsoluteError: improvementOf(paired.meanAbsoluteError),
      rmse: improvementOf(paired.rmse),
      closer: mcnemarEProcess(counts),
    },
  };
}

function mean(moments: Moments): PredictorReport['meanError'] {
  return meanInterval(moments);
}
