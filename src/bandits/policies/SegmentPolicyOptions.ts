import type { Rng } from '../../random/index.ts';
import type { BanditPolicy, Prior } from './BanditPolicy.ts';
import type { TablePolicyOptions } from './PolicyOptions.ts';

/** What a segment's policy is made with: the options of any policy. */
export interface SegmentSetup extends Pick<TablePolicyOptions, 'arms' | 'rewardRange' | 'priors'> {
  /** A random stream that depends on the seed and the segment's name alone. */
  readonly rng: Rng;
}

/** Options of {@link SegmentPolicy}. */
export interface SegmentPolicyOptions<Context> {
  /** Names of the arms, at least one, all different. */
  readonly arms: readonly string[];
  /** Seed of the policy's random streams. @defaultValue a random seed */
  readonly seed?: string | number | bigint;
  /** The random stream itself, in place of a seed. */
  readonly rng?: Rng;
  /** The segment of a context: a non-empty string. */
  readonly segmentOf: (context: Context) => string;
  /**
   * Makes the policy of a segment, and that of the pool, whose segment is undefined.
   * @defaultValue `(setup) => new ThompsonPolicy(setup)`
   */
  readonly create?: (setup: SegmentSetup, segment: string | undefined) => BanditPolicy<Context>;
  /** Lowest and highest possible reward, handed on to `create`. @defaultValue the policies' own */
  readonly rewardRange?: readonly [lowest: number, highest: number];
  /** What is believed of single arms beforehand, in every segment; handed on to `create`. @defaultValue nothing */
  readonly priors?: Readonly<Record<string, Prior>>;
  /**
   * Segments that get a policy of their own, at least 1; those that come later are served by the pool.
   * @defaultValue 100
   */
  readonly maxSegments?: number;
  /**
   * Shrinkage: what the other segments know of an arm counts as at most this many pulls of it (at their mean reward) in the
   * prior of each segment. For policies over a table of arms (Thompson, UCB, …); at least 0.
   * @defaultValue 0: segments learn by themselves
   */
  readonly shrinkage?: number;
}
