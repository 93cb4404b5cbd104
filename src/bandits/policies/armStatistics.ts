import type { Interval } from '../../stats/types.ts';
import { meanConfidenceSequence } from './armInterval.ts';
import type { ArmStatistics, BestArmCriterion } from './BanditPolicy.ts';
import type { TableParts } from './TableParts.ts';

/** Everything that the table says of one arm, in the caller's units. */
export function armStatistics(parts: TableParts, i: number, level: number): ArmStatistics {
  const { names, table, rule, scale } = parts;
  const pulls = table.pulls[i]!;
  const all = table.pulls.subarray(0, table.size).reduce((sum, x) => sum + x, 0);
  const n = table.n[i]!;
  return {
    arm: names.list[i]!,
    pulls,
    totalReward: table.rewards[i]!,
    meanReward: pulls > 0 ? table.rewards[i]! / pulls : 0,
    selectionRate: all > 0 ? pulls / all : 0,
    effectivePulls: n,
    alarms: parts.memory.alarms?.(i) ?? 0,
    estimate: scale.origin + scale.span * table.mean[i]!,
    variance: n > 1 ? (scale.span ** 2 * table.m2[i]!) / (n - 1) : 0,
    interval: armInterval(parts, i, level),
    intervalMethod: rule.credible === undefined ? 'anytime' : 'credible',
  };
}

function armInterval({ table, rule, scale }: TableParts, i: number, level: number): Interval {
  const inside =
    rule.credible === undefined
      ? meanConfidenceSequence(table, i, scale.bounded, level)
      : rule.credible(table, i, level);
  return [scale.origin + scale.span * inside[0], scale.origin + scale.span * inside[1]];
}

/** Position of the best arm by the criterion; the first of equals, and arms without data only where none has any. */
export function bestPosition(parts: TableParts, by: BestArmCriterion): number {
  const { table } = parts;
  const score = (i: number): number => {
    if (by === 'pulls') return table.pulls[i]!;
    if (table.n[i]! === 0) return Number.NEGATIVE_INFINITY;
    return by === 'mean' ? table.mean[i]! : armInterval(parts, i, 0.95)[0];
  };
  let best = 0;
  for (let i = 1; i < table.size; i += 1) if (score(i) > score(best)) best = i;
  return best;
}
