import { multinomialLogEValue } from '../stats/sequential/multinomialEProcess.ts';

/** The chance of ever stopping a rollout whose traffic is split as planned. */
const ALPHA = 1e-4;

/**
 * Whether the observed share of the canary is the one that was planned: outcomes by stage, by the multinomial e-process.
 * It may be looked at as rarely as one likes: here whenever the outcomes have grown by 5 %.
 */
export class ShareCheck {
  readonly #weights: readonly number[];
  #counts: [baseline: number, canary: number][];
  #total = 0;
  #next = 100;

  /** @param weights percent of the traffic by stage */
  constructor(weights: readonly number[]) {
    this.#weights = weights;
    this.#counts = weights.map(() => [0, 0]);
  }

  /** Counts one outcome. Returns whether the shares are surely not those that were planned. */
  push(stage: number, canary: boolean): boolean {
    const weight = this.#weights[stage];
    if (weight === undefined || weight >= 100) return false;
    this.#counts[stage]![canary ? 1 : 0] += 1;
    this.#total += 1;
    if (this.#total < this.#next) return false;
    this.#next = Math.ceil(this.#total * 1.05);
    return multinomialLogEValue(this.#epochs()) >= -Math.log(ALPHA);
  }

  /** The canary's share of the outcomes of a stage, with their number. */
  shareOf(stage: number): { readonly share: number; readonly n: number } {
    const [baseline, canary] = this.#counts[stage] ?? [0, 0];
    const n = baseline + canary;
    return { share: n === 0 ? 0 : canary / n, n };
  }

  /** Forgets everything. */
  clear(): void {
    this.#counts = this.#weights.map(() => [0, 0]);
    this.#total = 0;
    this.#next = 100;
  }

  toJSON(): { readonly counts: readonly (readonly [number, number])[]; readonly next: number } {
    return { counts: this.#counts.map(([b, c]) => [b, c] as const), next: this.#next };
  }

  load({ counts, next }: ReturnType<ShareCheck['toJSON']>): void {
    this.#counts = counts.map(([b, c]) => [b, c]);
    this.#total = counts.reduce((sum, [b, c]) => sum + b + c, 0);
    this.#next = next;
  }

  #epochs() {
    return this.#counts.flatMap((counts, i) => {
      const canary = this.#weights[i]! / 100;
      return counts[0] + counts[1] === 0 ? [] : [{ counts, shares: [1 - canary, canary] }];
    });
  }
}
