import type { ConfusionMatrix } from '../../stats/quality/ConfusionMatrix.ts';
import { multiclassScores } from '../../stats/quality/multiclassScores.ts';
import type { ClassesEvidence } from '../evidence/ClassesEvidence.ts';
import { improvementOf } from './compareClassification.ts';
import type { ClassesComparison, ClassesReport } from './ShadowComparison.ts';

/** Both models as classifiers into several classes. */
export function compareClasses(evidence: ClassesEvidence): ClassesComparison {
  const { labels, primary, candidate, paired } = evidence;
  return {
    labels,
    n: paired.pairs.n,
    primary: report(primary),
    shadow: report(candidate),
    improvement: improvementOf(paired),
  };
}

function report(matrix: ConfusionMatrix): ClassesReport {
  return { ...multiclassScores(matrix), counts: matrix.counts, foreign: matrix.invalid };
}
