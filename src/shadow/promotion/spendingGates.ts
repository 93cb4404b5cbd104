import { fBetaInterval } from '../../stats/quality/fBetaInterval.ts';
import { pairedRocAucTest } from '../../stats/quality/pairedRocAucTest.ts';
import { rocAucInterval } from '../../stats/quality/rocAucInterval.ts';
import { kolmogorovSmirnovTest } from '../../stats/tests/kolmogorovSmirnovTest.ts';
import type { IntervalResult } from '../../stats/types.ts';
import { scoresOf } from '../comparison/compareClassification.ts';
import type { ShadowEvidence } from '../evidence/ShadowEvidence.ts';
import { boundGate, type GateLevels, plain } from './limitGates.ts';
import type { PromotionGate } from './Promotion.ts';
import type { LimitAbove, LimitBelow, ResolvedCriteria } from './PromotionCriteria.ts';

type Ask = (options: { level: number; alternative: 'greater' | 'less' }) => IntervalResult;

/** What the gates below are asked, as text that is compared. */
export function spendingCriteria(criteria: ResolvedCriteria): string {
  const { f1, rocAuc, scoreDistance, nonInferiority, superiority, alpha } = criteria;
  return JSON.stringify({
    f1,
    rocAuc,
    scoreDistance,
    margin: nonInferiority?.rocAuc,
    effect: superiority?.rocAuc,
    alpha,
  });
}

/** The gates that hold at one look each, with the levels of this look. */
export function spendingGates(
  { f1, rocAuc, scoreDistance, nonInferiority = {}, superiority = {} }: ResolvedCriteria,
  { classification, scores }: ShadowEvidence,
  levels: GateLevels,
): readonly PromotionGate[] {
  const gates: PromotionGate[] = [];
  const gate = (name: string, criterion: LimitAbove | LimitBelow, ask: Ask): void => {
    const side = 'above' in criterion ? 'greater' : 'less';
    const wanted = ask({ level: 1 - levels.alpha, alternative: side });
    const other = ask({ level: 1 - levels.failAlpha, alternative: side === 'greater' ? 'less' : 'greater' });
    gates.push(boundGate(name, criterion, { wanted, other }, 'alpha-spending', plain));
  };
  if (scoreDistance)
    gate('scoreDistance', scoreDistance, ({ level }) =>
      kolmogorovSmirnovTest(scores.column(0), scores.column(1), { level, method: 'asymptotic' }),
    );
  if (classification === undefined) return gates;
  const [first, second, labels] = scoresOf(classification);
  if (f1) gate('f1', f1, (options) => fBetaInterval(classification.candidate.table, 1, options));
  if (rocAuc) gate('rocAuc', rocAuc, (options) => rocAucInterval(second, labels, options));
  const { rocAuc: margin } = nonInferiority;
  const { rocAuc: effect } = superiority;
  const difference: Ask = (options) => pairedRocAucTest(second, first, labels, options);
  if (margin !== undefined) gate('nonInferiority rocAuc', { above: 0 - margin }, difference);
  if (effect !== undefined) gate('superiority rocAuc', { above: effect }, difference);
  return gates;
}
