import type { Json } from '../../core/json.ts';
import {
  AssignedDifferenceSequence,
  type AssignedDifferenceState,
} from '../../stats/sequential/AssignedDifferenceSequence.ts';
import { BettingSequence, type BettingSequenceState } from '../../stats/sequential/BettingSequence.ts';
import type { Metric } from '../Metric.ts';
import type { Arm } from './Arm.ts';

/** What bets against the baseline say of one stage: logarithms of e-values, to be added over stages. */
export interface BetEvidence {
  /** That the canary is worse than the baseline. */
  readonly worse: number;
  /** That the canary is within the limit. */
  readonly within: number;
}

/** Both questions that are bet on, by what kind of sequence they are asked. */
interface Pair<S> {
  readonly worse: S;
  readonly within: S;
}

/** Baseline values after which its mean is known well enough to bet around it. */
const ANCHOR_FROM = 30;
/** Anchors are rounded to this part of the range: evidence of other replicas around the same anchor can be added. */
const ANCHOR_STEPS = 16;

/**
 * Whether a metric is a mean of values within a known range, against a limit that bets can be made on. @param paired whether
 * the baseline is asked beside the canary: requests are paired where their truth comes
 */
export function canBet({ kind, range, limit, due }: Metric, paired: boolean): boolean {
  if (kind !== 'mean' || range === undefined || limit === undefined) return false;
  const [low, high] = range;
  if ('relative' in limit) return low >= 0 && !(paired && due === 'serve');
  const bound = 'max' in limit ? limit.max : limit.min;
  return bound > low && bound < high;
}

/** How much of the baseline's mean is allowed: above 1 where lower values are better, below where higher ones are. */
function factorOf({ limit, direction }: Metric): number {
  const { relative } = limit as { readonly relative: number };
  return direction === 'lower' ? 1 + relative : Math.max(1e-3, 1 - relative);
}

/**
 * Bets on a metric of bounded values at one stage: exact from the first value on, whatever their distribution. Against an
 * absolute limit on the canary's values; against the baseline on values weighted by the inverse of their probability of
 * assignment, so that drift of the world shifts both; on differences where both models answered the same requests.
 * Constant memory.
 */
export class BoundedBets {
  readonly #metric: Metric;
  readonly #share: number;
  readonly #alone: BettingSequence | undefined;
  #paired: Pair<BettingSequence> | undefined;
  /** By anchor. */
  #assigned: Map<number, Pair<AssignedDifferenceSequence>> = new Map();
  #anchor: number | undefined;

  /** @param share the canary's share of the requests at this stage, within [0, 1] */
  constructor(metric: Metric, share: number) {
    this.#metric = metric;
    this.#share = share;
    this.#alone = 'relative' in metric.limit! ? undefined : new BettingSequence({ range: metric.range! });
  }

  /**
   * The anchor around which values of this stage are bet on: near the baseline's mean once that is known, and the same
   * from then on; undefined before, and where there are no such bets.
   */
  anchor(n: number, mean: number): number | undefined {
    if (this.#alone !== undefined || !(this.#share > 0 && this.#share < 1)) return undefined;
    if (this.#anchor === undefined && n >= ANCHOR_FROM) {
      const [low, high] = this.#metric.range!;
      const step = (high - low) / ANCHOR_STEPS;
      this.#anchor = low + Math.round((mean - low) / step) * step;
    }
    return this.#anchor;
  }

  /** Bets on one value of one model. */
  push(arm: Arm, value: number, anchor: number | undefined): void {
    if (this.#alone !== undefined) {
      if (arm === 'canary') this.#alone.push(value);
      return;
    }
    if (anchor === undefined || !Number.isFinite(value)) return;
    const { worse, within } = this.#around(anchor);
    worse.push(arm === 'canary', value);
    within.push(arm === 'canary', value);
  }

  /** Bets on both models' values of one request. */
  pushPair(canary: number, baseline: number): void {
    if (this.#alone !== undefined || !Number.isFinite(canary) || !Number.isFinite(baseline)) return;
    this.#paired ??= this.#pairs();
    this.#paired.worse.push(canary - baseline);
    this.#paired.within.push(canary - factorOf(this.#metric) * baseline);
  }

  /** What the bets against the baseline have won. Pairs, where there are any, know more than single values. */
  evidence(): BetEvidence {
    const lower = this.#metric.direction === 'lower';
    const [bad, good] = lower ? (['greater', 'less'] as const) : (['less', 'greater'] as const);
    const of = ({ worse, within }: Pair<BettingSequence | AssignedDifferenceSequence>): BetEvidence => ({
      worse: worse.logEValue({ nullValue: 0, alternative: bad }),
      within: within.logEValue({ nullValue: 0, alternative: good }),
    });
    if (this.#paired !== undefined) return of(this.#paired);
    return [...this.#assigned.values()].map(of).reduce(add, { worse: 0, within: 0 });
  }

  /** The canary's values, where bets are on them alone. */
  get alone(): BettingSequence | undefined {
    return this.#alone;
  }

  /** Adds the bets of another replica on the same stage. */
  merge(other: BoundedBets): void {
    if (other.#alone !== undefined) this.#alone?.merge(other.#alone);
    if (other.#paired !== undefined) {
      this.#paired ??= this.#pairs();
      this.#paired.worse.merge(other.#paired.worse);
      this.#paired.within.merge(other.#paired.within);
    }
    for (const [anchor, theirs] of other.#assigned) {
      const ours = this.#around(anchor);
      ours.worse.merge(theirs.worse);
      ours.within.merge(theirs.within);
    }
  }

  toJSON(): Json {
    const pairOf = <S extends { toJSON(): unknown }>({ worse, within }: Pair<S>) => [worse.toJSON(), within.toJSON()];
    return {
      alone: this.#alone?.toJSON() ?? null,
      paired: this.#paired === undefined ? null : pairOf(this.#paired),
      assigned: [...this.#assigned].map(([anchor, pair]) => [anchor, ...pairOf(pair)]),
      anchor: this.#anchor ?? null,
    } as unknown as Json;
  }

  static fromJSON(metric: Metric, share: number, json: Json): BoundedBets {
    const saved = json as unknown as {
      readonly alone: BettingSequenceState | null;
      readonly paired: readonly [BettingSequenceState, BettingSequenceState] | null;
      readonly assigned: readonly (readonly [number, AssignedDifferenceState, AssignedDifferenceState])[];
      readonly anchor: number | null;
    };
    const bets = new BoundedBets(metric, share);
    if (saved.alone !== null) bets.#alone?.merge(BettingSequence.fromJSON(saved.alone));
    if (saved.paired !== null) {
      const [worse, within] = saved.paired;
      bets.#paired = { worse: BettingSequence.fromJSON(worse), within: BettingSequence.fromJSON(within) };
    }
    for (const [anchor, worse, within] of saved.assigned) {
      const pair = {
        worse: AssignedDifferenceSequence.fromJSON(worse),
        within: AssignedDifferenceSequence.fromJSON(within),
      };
      bets.#assigned.set(anchor, pair);
    }
    bets.#anchor = saved.anchor ?? undefined;
    return bets;
  }

  #around(anchor: number): Pair<AssignedDifferenceSequence> {
    const found = this.#assigned.get(anchor);
    if (found !== undefined) return found;
    const shared = { share: this.#share, range: this.#metric.range!, anchor };
    const pair = {
      worse: new AssignedDifferenceSequence(shared),
      within: new AssignedDifferenceSequence({ ...shared, factor: factorOf(this.#metric) }),
    };
    this.#assigned.set(anchor, pair);
    return pair;
  }

  #pairs(): Pair<BettingSequence> {
    const [low, high] = this.#metric.range!;
    const against = (factor: number): BettingSequence =>
      new BettingSequence({ range: [low - factor * high, high - factor * low] });
    return { worse: against(1), within: against(factorOf(this.#metric)) };
  }
}

/** Evidence of independent bets is multiplied: its logarithms are added. */
export function add(a: BetEvidence, b: BetEvidence): BetEvidence {
  return { worse: a.worse + b.worse, within: a.within + b.within };
}
