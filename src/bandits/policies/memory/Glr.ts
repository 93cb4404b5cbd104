import type { Detector } from './Detector.ts';

/** x ln(x / n), 0 where x is 0: n times such terms are log likelihoods of Bernoulli samples. */
function term(x: number, n: number): number {
  return x > 0 ? x * Math.log(x / n) : 0;
}

/** Largest log likelihood of n rewards in [0, 1] with the given sum. */
function logLikelihood(sum: number, n: number): number {
  return term(sum, n) + term(n - sum, n);
}

/**
 * Generalised likelihood ratio for rewards in [0, 1]: the largest over all split points of
 * s kl(mean before, mean) + (n - s) kl(mean after, mean). Source: Besson, Kaufmann, Maillard & Seznec (2022), Efficient
 * Change-Point Detection for Tackling Piecewise-Stationary Bandits, JMLR 23, arXiv:1902.01575 (definition 1).
 *
 * The last `history` rewards are split points; older ones are kept as one block, so that memory and time are bounded.
 */
export class Glr implements Detector {
  readonly #threshold: number;
  readonly #history: number;
  #recent: number[] = [];
  /** Count and sum of the rewards before the recent ones. */
  #before = 0;
  #sumBefore = 0;
  #sum = 0;

  constructor(threshold: number, history: number) {
    this.#threshold = threshold;
    this.#history = history;
  }

  push(x: number): boolean {
    if (this.#recent.length === this.#history) {
      this.#before += 1;
      this.#sumBefore += this.#recent.shift()!;
    }
    this.#recent.push(x);
    this.#sum += x;
    return this.statistic() > this.#threshold;
  }

  /** The log likelihood ratio at the best split. */
  statistic(): number {
    const n = this.#before + this.#recent.length;
    let left = this.#before;
    let sumLeft = this.#sumBefore;
    let best = Number.NEGATIVE_INFINITY;
    for (const x of this.#recent) {
      const right = n - left;
      if (left > 0) {
        const sumRight = Math.min(right, Math.max(0, this.#sum - sumLeft));
        best = Math.max(best, logLikelihood(sumLeft, left) + logLikelihood(sumRight, right));
      }
      left += 1;
      sumLeft += x;
    }
    return n < 2 ? 0 : Math.max(0, best - logLikelihood(Math.min(this.#sum, n), n));
  }

  reset(): void {
    this.#recent = [];
    this.#before = 0;
    this.#sumBefore = 0;
    this.#sum = 0;
  }

  save(): readonly number[] {
    return [this.#before, this.#sumBefore, this.#sum, ...this.#recent];
  }

  load(state: readonly number[]): boolean {
    const [before, sumBefore, sum, ...recent] = state;
    if (sum === undefined || recent.length > this.#history) return false;
    this.#before = before!;
    this.#sumBefore = sumBefore!;
    this.#sum = sum;
    this.#recent = recent;
    return true;
  }
}
