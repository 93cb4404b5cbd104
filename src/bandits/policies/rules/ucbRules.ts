import { betaDistribution } from '../../../stats/distributions/index.ts';
import type { PseudoPulls } from '../ArmTable.ts';
import { bernoulliKl, klUpper, klUpperStart } from '../bernoulliKl.ts';
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
export function ucbRule(
  kind: string,
  c: number | ((view: ChoiceView) => number),
  optimism: PseudoPulls,
  leastPulls = 1,
): ArmRule {
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
  return indexRule(kind, index, optimism, leastPulls);
}

/** mean + sqrt(ln N / n · min(1/4, V)), V the variance of the arm plus sqrt(2 ln N / n). */
export function ucbTunedRule(optimism: PseudoPulls): ArmRule {
  const index: IndexFunction = (view) => {
    const { mean, m2, n, size } = view.table;
    const log = logTotal(view);
    for (let i = 0; i < size; i += 1) {
      const rate = log / weightOf(view, i);
      const variance = (n[i]! > 0 ? m2[i]! / n[i]! : 0) + Math.sqrt(2 * rate);
      view.scores[i] = mean[i]! + Math.sqrt(rate * Math.min(0.25, variance));
    }
  };
  return indexRule('ucb-tuned', index, optimism);
}

/** mean + sqrt(max(0, ln(T / (K n))) / n), T the horizon, or all pulls so far where it is not known. */
export function mossRule(horizon: number | undefined, optimism: PseudoPulls): ArmRule {
  const index: IndexFunction = (view) => {
    const { mean, size, total } = view.table;
    const perArm = (horizon ?? total + view.inFlight) / size;
    for (let i = 0; i < size; i += 1) {
      const n = weightOf(view, i);
      view.scores[i] = mean[i]! + Math.sqrt(Math.max(0, Math.log(perArm / n)) / n);
    }
  };
  return indexRule('moss', index, optimism);
}

/** The largest q with n kl(mean, q) <= f, f being ln N + c ln ln N, or ln(N / n) for the plus variant. */
export function klUcbRule(plus: boolean, c: number, optimism: PseudoPulls): ArmRule {
  const index: IndexFunction = (view, exact) => {
    const { mean, size } = view.table;
    const { scores, eligible } = view;
    const log = logTotal(view);
    const budget = log + (c > 0 && log > 1 ? c * Math.log(log) : 0);
    let best = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < size; i += 1) {
      const n = weightOf(view, i);
      const p = mean[i]!;
      const rate = (plus ? Math.max(0, log - Math.log(n)) : budget) / n;
      // An arm whose cheap upper bound is below the best index cannot win: its own index need not be solved for.
      const bound = exact || p <= 0 || p >= 1 ? Number.POSITIVE_INFINITY : klUpperStart(p, rate);
      scores[i] = bound < best ? bound : klUpper(p, rate);
      if (scores[i]! > best && (eligible === undefined || eligible[i])) best = scores[i]!;
    }
  };
  return indexRule(plus ? 'kl-ucb-plus' : 'kl-ucb', index, optimism);
}

/** The 1 - 1 / N quantile of the beta posterior. */
export function bayesUcbRule(prior: PseudoPulls): ArmRule {
  const index: IndexFunction = (view) => {
    const { n, sum, priorN, priorSum, size, total } = view.table;
    const tail = 1 / Math.max(2, total + view.inFlight);
    for (let i = 0; i < size; i += 1) {
      const a = priorSum[i]! + sum[i]!;
      const b = priorN[i]! - priorSum[i]! + (n[i]! - sum[i]!);
      // Pulls in flight narrow the posterior around its mean.
      const grow = view.pending === undefined ? 1 : weightOf(view, i) / (a + b);
      view.scores[i] = betaDistribution.isf(tail, a * grow, b * grow);
    }
  };
  return { ...indexRule('bayes-ucb', index, prior), leastPulls: 1 };
}

/** The lowest n kl(mean, best mean) + ln n; scores are its negative. */
export function imedRule(optimism: PseudoPulls): ArmRule {
  const index: IndexFunction = (view) => {
    const { mean, size } = view.table;
    let best = 0;
    for (let i = 0; i < size; i += 1) {
      if ((view.eligible === undefined || view.eligible[i]) && mean[i]! > best) best = mean[i]!;
    }
    for (let i = 0; i < size; i += 1) {
      const n = weightOf(view, i);
      view.scores[i] = -(mean[i]! < best ? n * bernoulliKl(mean[i]!, best) : 0) - Math.log(n);
    }
  };
  return indexRule('imed', index, optimism);
}
