import { checkOneOf, checkOptions, checkShare } from '../core/check.ts';
import { InvalidOptionError } from '../core/errors.ts';
import { restoreRng } from '../random/createRng.ts';
import type { Rng, RngState } from '../random/Rng.ts';
import { asymptoticMeanSequence } from '../stats/sequential/asymptoticMeanSequence.ts';
import { Moments, type MomentsState } from '../stats/summaries/Moments.ts';
import type { EstimateResult } from '../stats/types.ts';

/** A share of requests that the policy does not decide: the control of an A/B test of the bandit itself. */
export interface HoldoutOptions {
  /** Share of requests held out, within [0, 1]. */
  readonly share: number;
  /** Who answers them: the baseline arm, or a random one. */
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
   * nothing. It holds whatever the policy does, because who is held out is drawn with a known probability.
   */
  readonly difference: EstimateResult;
}

/** The rewards of both sides as plain JSON. */
export interface HoldoutSums {
  readonly bandit: MomentsState;
  readonly control: MomentsState;
  readonly scores: MomentsState;
}

/** The state of a holdout as plain JSON. */
export interface HoldoutState extends HoldoutSums {
  readonly rng: RngState | null;
  readonly untold: HoldoutSums | null;
}

/** Rewards of both sides, and the inverse-probability-weighted differences (Horvitz & Thompson 1952). */
interface Sides {
  readonly bandit: Moments;
  readonly control: Moments;
  /** Their mean is the difference of the sides. */
  readonly scores: Moments;
}

const SIDES = ['bandit', 'control', 'scores'] as const;

function sides(state?: HoldoutSums): Sides {
  const [bandit, control, scores] = SIDES.map((side) => (state ? Moments.fromJSON(state[side]) : new Moments()));
  return { bandit: bandit!, control: control!, scores: scores! };
}

function sumsOf({ bandit, control, scores }: Sides): HoldoutSums {
  return { bandit: bandit.toJSON(), control: control.toJSON(), scores: scores.toJSON() };
}

/** The held-out share of a bandit: draws it, and compares what both sides earn. */
export class Holdout {
  readonly #options: HoldoutOptions;
  readonly #stream: () => Rng;
  #rng: Rng | undefined;
  #all: Sides = sides();
  /** What other replicas were not told of; undefined while that is all. */
  #untold: Sides | undefined;

  /** @param stream called at the first draw: by then the strategy knows its path @throws InvalidOptionError */
  constructor(options: HoldoutOptions, stream: () => Rng) {
    checkOptions('holdout', options, ['share', 'by']);
    checkShare('holdout.share', options.share);
    checkOneOf('holdout.by', options.by, ['baseline', 'random']);
    if (typeof options !== 'object') throw new InvalidOptionError('holdout', options, '{ share, by }');
    this.#options = options;
    this.#stream = stream;
  }

  /** Whether the next request is held out. */
  draws(): boolean {
    return this.#own().next() < this.#options.share;
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

  /** Takes in a reward. */
  push(held: boolean, reward: number): void {
    const { share } = this.#options;
    const { bandit, control } = this.#all;
    // Centred at what was known before, which takes most of the weights' noise away and adds no bias.
    const n = bandit.n + control.n;
    const sum = (bandit.n && bandit.n * bandit.mean) + (control.n && control.n * control.mean);
    const centred = reward - (n && sum / n);
    for (const side of this.#untold === undefined ? [this.#all] : [this.#all, this.#untold]) {
      (held ? side.control : side.bandit).push(reward);
      if (share > 0 && share < 1) side.scores.push(held ? -centred / share : centred / (1 - share));
    }
  }

  report(): HoldoutReport {
    const { bandit, control, scores } = this.#all;
    const lift = control.mean > 0 ? bandit.mean / control.mean - 1 : Number.NaN;
    return {
      ...this.#options,
      bandit: { n: bandit.n, mean: bandit.mean },
      control: { n: control.n, mean: control.mean },
      lift,
      difference: asymptoticMeanSequence(scores),
    };
  }

  /** The rewards since the last call, at first all. */
  takeSums(): HoldoutSums {
    const taken = sumsOf(this.#untold ?? this.#all);
    this.#untold = sides();
    return taken;
  }

  /** Checks sums that another replica took. @returns adds them @throws SnapshotError */
  readSums(sums: HoldoutSums): () => void {
    const other = sides(sums);
    return () => {
      this.#untold ??= sides(sumsOf(this.#all));
      for (const side of SIDES) this.#all[side].merge(other[side]);
    };
  }

  save(): HoldoutState {
    const untold = this.#untold === undefined ? null : sumsOf(this.#untold);
    return { rng: this.#rng?.state() ?? null, untold, ...sumsOf(this.#all) };
  }

  /** @param stream in place of the saved one, for another replica */
  load(state: HoldoutState, stream?: Rng): void {
    this.#all = sides(state);
    this.#untold = state.untold === null ? undefined : sides(state.untold);
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
