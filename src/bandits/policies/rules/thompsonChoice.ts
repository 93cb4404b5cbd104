import type { Rng } from '../../../random/index.ts';
import type { ArmRule, ChoiceView } from './ArmRule.ts';
import { argmax, sampleLaw } from './choice.ts';

/** Redraws after which the second of top-two sampling is drawn from its exact law instead. */
const REDRAWS = 100;

/**
 * Choice and law of Thompson sampling. With `topTwo` below 1, the winner of the draw is kept with that probability only;
 * otherwise draws are repeated until another arm wins (Russo 2020, Simple Bayesian Algorithms for Best-Arm
 * Identification, doi:10.1287/opre.2019.1911): it explores more, and names the best arm sooner.
 */
export function thompsonChoice(
  draw: (view: ChoiceView, rng: Rng) => void,
  bestLaw: (view: ChoiceView, out: Float64Array) => void,
  topTwo: number,
): Pick<ArmRule, 'choose' | 'law' | 'score' | 'drawnLaw'> {
  const winner = (view: ChoiceView, rng: Rng): number => {
    draw(view, rng);
    return argmax(view.scores, view, rng);
  };
  if (topTwo === 1) return { choose: winner, law: bestLaw, score: draw, drawnLaw: bestLaw };
  return {
    choose: (view, rng) => {
      const leader = winner(view, rng);
      return rng.next() < topTwo ? leader : challenger(view, rng, leader, winner, bestLaw);
    },
    law: (view, out) => topTwoLaw(view, out, bestLaw, topTwo),
    score: draw,
    drawnLaw: bestLaw,
  };
}

function challenger(
  view: ChoiceView,
  rng: Rng,
  leader: number,
  winner: (view: ChoiceView, rng: Rng) => number,
  bestLaw: (view: ChoiceView, out: Float64Array) => void,
): number {
  for (let redraw = 0; redraw < REDRAWS; redraw += 1) {
    const other = winner(view, rng);
    if (other !== leader) return other;
  }
  const law = new Float64Array(view.table.size);
  bestLaw(view, law);
  law[leader] = 0;
  const rest = law.reduce((sum, p) => sum + p, 0);
  return rest > 0
    ? sampleLaw(
        law.map((p) => p / rest),
        law.length,
        rng,
      )
    : leader;
}

/** P(i) = b p_i + (1 - b) Σ_{j ≠ i} p_j p_i / (1 - p_j), where p is the law of the best arm. */
function topTwoLaw(
  view: ChoiceView,
  out: Float64Array,
  bestLaw: (view: ChoiceView, out: Float64Array) => void,
  topTwo: number,
): void {
  bestLaw(view, out);
  const p = out.slice();
  for (let i = 0; i < p.length; i += 1) {
    let second = 0;
    for (let j = 0; j < p.length; j += 1) {
      const rest = 1 - p[j]!;
      if (j !== i && p[j]! > 0 && rest > 0) second += (p[j]! * p[i]!) / rest;
      if (j === i && rest <= 0) second += 1;
    }
    out[i] = topTwo * p[i]! + (1 - topTwo) * second;
  }
}

/** Writes the probabilities of the eligible arms, which `best` gives for a list of positions; the others get 0. */
export function bestOfEligible(
  { table, eligible }: ChoiceView,
  out: Float64Array,
  best: (arms: readonly number[]) => readonly number[],
): void {
  const arms: number[] = [];
  for (let i = 0; i < table.size; i += 1) if (eligible === undefined || eligible[i]) arms.push(i);
  out.fill(0);
  best(arms).forEach((p, k) => {
    out[arms[k]!] = p;
  });
}
