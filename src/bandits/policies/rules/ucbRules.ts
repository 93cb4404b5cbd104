import type { PseudoPulls } from '../ArmTable.ts';
import type { ArmRule, ChoiceView } from './ArmRule.ts';
import { type IndexFunction, indexRule } from './indexRule.ts';

/** Weight of what is known of an arm and of its pulls in flight. */
export function weightOf({ table, pending }: ChoiceView, i: number): number {
  return table.n[i]! + table.priorN[i]! + (pending === undefined ? 0 : pending[i]!);
}

/** ln of all pulls, those in flight included, at least ln 1: discounting may leave less than one. */
export function logTotal({ table, inFlight }: ChoiceView): number {
  const total = table.total + inFlight;
  return total > 1 ? Math.log(total) : 0;
}

/** mean + c sqrt(ln N / n), with `c` given or computed from the table at each choice. */
export function ucbRule(c: number | ((view: ChoiceView) => number), optimism: PseudoPulls, leastPulls = 1): ArmRule {
  const index: IndexFunction = (view) => {
    const { mean, scale, size } = view.table;
    const factor = typeof c === 'number' ? c : c(view);
    const { scores } = view;
    const bonus = factor * Math.sqrt(logTotal(view));
    if (view.pending === undefined) {
      for (let i = 0; i < size; i += 1) scores[i] = mean[i]! + bonus * scale[i]!;
      return;
    }
    for (let i = 0; i < size; i += 1) scores[i] = mean[i]! + bonus / Math.sqrt(weightOf(view, i));
  };
  return indexRule('ucb', index, optimism, leastPulls);
}
