import type { Inconclusive, Interval } from '../../../src/stats/types.ts';

/** How often an interval held the truth. */
export interface Coverage {
  /** Among the runs that concluded something. */
  readonly coverage: number;
  /** Its Monte Carlo standard error. */
  readonly standardError: number;
  /** Whether it was summed over all outcomes instead, so that it has no error. */
  readonly exact: boolean;
  /** The share of runs that were inconclusive. */
  readonly inconclusive: number;
}

/** Anything with an interval. */
export type IntervalLike = { readonly status: 'ok'; readonly interval: Interval } | Inconclusive;

/** Counts how often intervals hold the truth. */
export class CoverageCounter {
  #runs = 0;
  #concluded = 0;
  #covered = 0;
  push(result: IntervalLike, truth: number): void {
    this.#runs += 1;
    if (result.status !== 'ok') return;
    this.#concluded += 1;
    // A rounded bound must not decide about the truth itself.
    const slack = 1e-12 * Math.max(1, Math.abs(truth));
    if (result.interval[0] <= truth + slack && result.interval[1] >= truth - slack) this.#covered += 1;
  }
  get result(): Coverage {
    const coverage = this.#covered / this.#concluded;
    return {
      coverage,
      standardError: Math.sqrt((coverage * (1 - coverage)) / this.#concluded),
      exact: false,
      inconclusive: 1 - this.#concluded / this.#runs,
    };
  }
}

/** How often `run` answers yes, with the standard error. */
export function rate(runs: number, run: () => boolean): { readonly rate: number; readonly standardError: number } {
  let yes = 0;
  for (let i = 0; i < runs; i += 1) if (run()) yes += 1;
  const share = yes / runs;
  return { rate: share, standardError: Math.sqrt(Math.max(share * (1 - share), 1 / runs) / runs) };
}
