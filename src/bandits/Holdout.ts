import { hashSeed, hashUnit, inShare } from '../assignment/index.ts';
import { checkOneOf, checkOptions, checkShare } from '../core/check.ts';
import type { Unit } from '../core/Unit.ts';
import { restoreRng } from '../random/createRng.ts';
import type { Rng, RngState } from '../random/Rng.ts';
import type { EstimateResult } from '../stats/types.ts';
import { type HoldoutSums, HoldoutTally } from './HoldoutTally.ts';

/**
 * A share of requests that the policy does not decide: the control of an A/B test of the bandit itself. With a unit, the
 * unit is held out, with all its requests and on every replica: by a hash of the bandit's name, never of the seed. Without
 * one, requests are drawn one by one.
 */
export interface HoldoutOptions {
  /** Share of units or requests held out, within [0, 1]. */
  readonly share: number;
  /** Who answers them: the baseline arm, or a random one, drawn for each request. */
  readonly by: 'baseline' | 'random';
}

/** What the bandit earns beside what is held out. */
export interface HoldoutReport {
  readonly share: number;
  readonly by: 'baseline' | 'random';
  /** Rewards of either side, and their means; NaN before the first. */
  readonly bandit: { readonly n: number; readonly mean: number };
  readonly control: { readonly n: number; readonly mean: number };
  /** The difference of the means, bandit minus control, relative to the control's; NaN where that is not above 0. */
  readonly lift: number;
  /**
   * The mean difference per request, bandit minus control, learning included: a confidence sequence, so that looking costs
   * nothing. It holds whatever the policy does, because who is held out is drawn with a known probability. What was drawn
   * together (the requests of a unit, the slots of a page) counts as one draw; it is inconclusive until ten units may be
   * expected on the smaller side, or 512 have come.
   */
  readonly difference: EstimateResult;
}

/** The state of a holdout as plain JSON. */
export interface HoldoutState extends HoldoutSums {
  readonly rng: RngState | null;
  readonly untold: HoldoutSums | null;
}

/** The held-out share of a bandit: draws it, and compares what both sides earn. */
export class Holdout {
  readonly #options: HoldoutOptions;
  readonly #stream: () => Rng;
  readonly #seed: number;
  #rng: Rng | undefined;
  #all: HoldoutTally = new HoldoutTally();
  /** What other replicas were not told of; undefined while that is all. */
  #untold: HoldoutTally | undefined;

  /**
   * @param name the bandit's: it decides which units are held out
   * @param stream called at the first draw: by then the strategy knows its path
   * @throws InvalidOptionError
   */
  constructor(options: HoldoutOptions, name: string, stream: () => Rng) {
    checkOptions('holdout', options, ['share', 'by']);
    checkShare('holdout.share', options.share);
    checkOneOf('holdout.by', options.by, ['baseline', 'random']);
    this.#options = options;
    this.#stream = stream;
    this.#seed = hashSeed('bandit-holdout', name);
  }

  /** Whether a request is held out: its unit always or never. @throws InvalidOptionError for what is no unit */
  holds(unit: Unit | undefined): boolean {
    const { share } = this.#options;
    return unit === undefined ? this.#own().next() < share : inShare(hashUnit(unit, this.#seed), share);
  }

  /** Which arms answer a held-out request, at most k: the baseline first, or all at random, guards respected. */
  control(k: number, arms: readonly string[], baseline: string, eligible?: readonly boolean[]): readonly string[] {
    if (this.#options.by === 'baseline') return fixedRanking(arms, baseline, k);
    const left = arms.filter((_, i) => eligible === undefined || eligible[i]);
    const ranking: string[] = [];
    while (ranking.length < k && left.length > 0) {
      ranking.push(...left.splice(Math.floor(this.#own().next() * left.length), 1));
    }
    return ranking;
  }

  /** The probability of an arm in a control's ranking, given the arms above it. */
  propensity(
    arm: string,
    above: readonly string[],
    arms: readonly string[],
    baseline: string,
    eligible?: readonly boolean[],
  ): number {
    if (this.#options.by === 'baseline') {
      return Number(fixedRanking(arms, baseline, above.length + 1).join('\n') === [...above, arm].join('\n'));
    }
    const left = arms.filter((name, i) => (eligible === undefined || eligible[i]) && !above.includes(name));
    return left.includes(arm) ? 1 / left.length : 0;
  }

  /** The share held out. */
  get share(): number {
    return this.#options.share;
  }

  /** Takes in a reward. @param cluster what was held out, or not, together with it; undefined where it was drawn alone */
  push(held: boolean, reward: number, cluster: number | undefined): void {
    const { share } = this.#options;
    // Centred at what was known before, which takes most of the weights' noise away and adds no bias.
    const centred = reward - this.#all.mean;
    const score = share > 0 && share < 1 ? (held ? -centred / share : centred / (1 - share)) : undefined;
    this.#all.push(held, reward, score, cluster);
    this.#untold?.push(held, reward, score, cluster);
  }

  report(): HoldoutReport {
    const { bandit, control } = this.#all;
    const lift = control.mean > 0 ? bandit.mean / control.mean - 1 : Number.NaN;
    return {
      ...this.#options,
      bandit: { n: bandit.n, mean: bandit.mean },
      control: { n: control.n, mean: control.mean },
      lift,
      difference: this.#all.difference(this.#options.share),
    };
  }

  /** The rewards since the last call, at first all. */
  takeSums(): HoldoutSums {
    const taken = (this.#untold ?? this.#all).toJSON();
    this.#untold = new HoldoutTally();
    return taken;
  }

  /** Checks sums that another replica took. @returns adds them @throws SnapshotError */
  readSums(sums: HoldoutSums): () => void {
    const other = new HoldoutTally(sums);
    return () => {
      this.#untold ??= new HoldoutTally(this.#all.toJSON());
      this.#all.merge(other);
    };
  }

  save(): HoldoutState {
    return { rng: this.#rng?.state() ?? null, untold: this.#untold?.toJSON() ?? null, ...this.#all.toJSON() };
  }

  /** @param stream in place of the saved one, for another replica */
  load(state: HoldoutState, stream?: Rng): void {
    this.#all = new HoldoutTally(state);
    this.#untold = state.untold === null ? undefined : new HoldoutTally(state.untold);
    this.#rng = stream ?? (state.rng === null ? undefined : restoreRng(state.rng));
  }

  #own(): Rng {
    this.#rng ??= this.#stream();
    return this.#rng;
  }
}

/** The baseline first, the others in their order. */
export function fixedRanking(arms: readonly string[], baseline: string, k: number): readonly string[] {
  return [baseline, ...arms.filter((name) => name !== baseline)].slice(0, k);
}
