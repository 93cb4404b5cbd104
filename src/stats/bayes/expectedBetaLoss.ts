import { type BetaShapes, betaLogits } from './betaLogits.ts';
import { integrateLogConcave } from './integrateLogConcave.ts';

/** E max(other - chosen, 0) of two independent beta variables: ∫ P(chosen < x < other) dx. */
export function expectedBetaLoss(chosen: BetaShapes, other: BetaShapes): number {
  const [c, o] = [betaLogits(chosen), betaLogits(other)];
  // dx = x (1 - x) du
  const log = (u: number): number => c.logCdf(u) + o.logSf(u) - Math.log1p(Math.exp(-u)) - Math.log1p(Math.exp(u));
  const [low, high] = [Math.min(c.centre, o.centre, 0) - 1, Math.max(c.centre, o.centre, 0) + 1];
  return integrateLogConcave(log, low, high, [...c.turns, ...o.turns]);
}
