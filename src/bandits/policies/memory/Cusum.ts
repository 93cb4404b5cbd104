import type { Detector } from './Detector.ts';

/** Parameters of {@link Cusum}, all given. */
export interface CusumOptions {
  readonly threshold: number;
  readonly slack: number;
  readonly warmUp: number;
  readonly reference: 'running' | 'frozen';
}

/**
 * Two-sided CUSUM: cumulates by how much rewards lie above (below) the reference mean, less the slack, and never lets the
 * sum fall below 0. With a frozen reference, the mean of the warm-up, it is the detector of Liu, Lee & Shroff (2018),
 * A Change-Detection Based Framework for Piecewise-Stationary Multi-Armed Bandits (AAAI, arXiv:1711.03539); with the
 * running mean it is the Page-Hinkley test (Page 1954, doi:10.1093/biomet/41.1-2.100), both ways.
 */
export class Cusum implements Detector {
  readonly #options: CusumOptions;
  #count = 0;
  #mean = 0;
  #up = 0;
  #down = 0;

  constructor(options: CusumOptions) {
    this.#options = options;
  }

  /** The cumulated rise and fall. */
  get sums(): readonly [up: number, down: number] {
    return [this.#up, this.#down];
  }

  /** The mean that rewards are held against. */
  get reference(): number {
    return this.#mean;
  }

  push(x: number): boolean {
    const { threshold, slack, warmUp, reference } = this.#options;
    this.#count += 1;
    const warming = this.#count <= warmUp;
    if (warming || reference === 'running') this.#mean += (x - this.#mean) / this.#count;
    if (warming) return false;
    const gap = x - this.#mean;
    this.#up = Math.max(0, this.#up + gap - slack);
    this.#down = Math.max(0, this.#down - gap - slack);
    return this.#up > threshold || this.#down > threshold;
  }

  reset(): void {
    this.load([0, 0, 0, 0]);
  }

  save(): readonly number[] {
    return [this.#count, this.#mean, this.#up, this.#down];
  }

  load(state: readonly number[]): boolean {
    if (state.length !== 4) return false;
    [this.#count, this.#mean, this.#up, this.#down] = state as [number, number, number, number];
    return true;
  }
}
