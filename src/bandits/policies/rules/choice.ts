import { integer, type Rng } from '../../../random/index.ts';
import type { ChoiceView, Ties } from './ArmRule.ts';

/** Position of the highest score among the eligible arms; -1 where none is eligible. */
export function argmax(scores: Float64Array, view: ChoiceView, rng: Rng): number {
  const { eligible } = view;
  const { size } = view.table;
  let best = -1;
  let top = Number.NEGATIVE_INFINITY;
  let tied = 0;
  for (let i = 0; i < size; i += 1) {
    if (eligible !== undefined && !eligible[i]) continue;
    const score = scores[i]!;
    if (score > top || best < 0) {
      best = i;
      top = score;
      tied = 1;
    } else if (score === top) {
      tied += 1;
    }
  }
  return tied > 1 && view.ties === 'random' ? nthTied(scores, view, top, integer(rng, tied)) : best;
}

function nthTied(scores: Float64Array, view: ChoiceView, top: number, nth: number): number {
  let left = nth;
  for (let i = 0; i < view.table.size; i += 1) {
    if (scores[i] !== top || (view.eligible !== undefined && !view.eligible[i])) continue;
    if (left === 0) return i;
    left -= 1;
  }
  return -1;
}

/** The law of {@link argmax}: the top scores share evenly, or the first takes all. */
export function argmaxLaw(scores: Float64Array, view: ChoiceView, out: Float64Array): void {
  const { eligible, ties } = view;
  const { size } = view.table;
  const winners: number[] = [];
  let top = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < size; i += 1) {
    out[i] = 0;
    if (eligible !== undefined && !eligible[i]) continue;
    const score = scores[i]!;
    if (score > top || winners.length === 0) {
      winners.length = 0;
      top = score;
    }
    if (score === top) winners.push(i);
  }
  shareAmong(winners, ties, out);
}

/** Gives the winners equal probability, or all of it to the first. */
export function shareAmong(winners: readonly number[], ties: Ties, out: Float64Array): void {
  if (ties === 'first') {
    if (winners[0] !== undefined) out[winners[0]] = 1;
    return;
  }
  for (const i of winners) out[i] = 1 / winners.length;
}

/** Draws a position from probabilities: one uniform draw; the last positive one takes what rounding leaves. */
export function sampleLaw(law: Float64Array, size: number, rng: Rng): number {
  let left = rng.next();
  let last = -1;
  for (let i = 0; i < size; i += 1) {
    const p = law[i]!;
    if (p <= 0) continue;
    last = i;
    left -= p;
    if (left < 0) return i;
  }
  return last;
}

/** A uniform choice among the eligible arms. */
export function uniformArm(view: ChoiceView, rng: Rng): number {
  const { eligible } = view;
  const { size } = view.table;
  if (eligible === undefined) return integer(rng, size);
  let left = integer(rng, countEligible(view));
  for (let i = 0; i < size; i += 1) {
    if (!eligible[i]) continue;
    if (left === 0) return i;
    left -= 1;
  }
  return -1;
}

/** How many arms may be chosen. */
export function countEligible(view: ChoiceView): number {
  const { eligible } = view;
  const { size } = view.table;
  if (eligible === undefined) return size;
  let count = 0;
  for (let i = 0; i < size; i += 1) if (eligible[i]) count += 1;
  return count;
}
