import type { Clock } from '../core/clock.ts';
import type { Rng } from '../random/Rng.ts';
import type { TruthOptions } from './TruthOptions.ts';

/** The options that mean the same in every strategy. */
export interface StrategyOptions {
  /** Names the strategy in events, snapshots and sticky hashes. @defaultValue the strategy's kind, for example `abtest` */
  readonly name?: string;
  /** Seeds every random decision. Left out: drawn once from the platform's cryptographic generator and kept in snapshots. */
  readonly seed?: string | number | bigint;
  /** A generator in place of a seeded one: a recorded one replays an experiment. Not part of snapshots. */
  readonly rng?: Rng;
  /** @defaultValue the platform's clock */
  readonly clock?: Clock;
  /** Tells replicas of one strategy apart in request ids and random streams. @defaultValue '' */
  readonly replica?: string;
  /** How outcomes wait for their truth. */
  readonly truth?: TruthOptions;
  /** An asynchronous model is given up after so many milliseconds. @defaultValue no limit */
  readonly timeoutMs?: number;
  /** Whether a prediction is an answer at all. @defaultValue not undefined, and finite where it is a number */
  readonly isValid?: (prediction: unknown) => boolean;
  /** How many events the audit log keeps. @defaultValue 1000 */
  readonly auditCapacity?: number;
}

/** The names of `StrategyOptions`, for `checkOptions`. */
export const strategyOptionNames: readonly (keyof StrategyOptions)[] = [
  'name',
  'seed',
  'rng',
  'clock',
  'replica',
  'truth',
  'timeoutMs',
  'isValid',
  'auditCapacity',
];
