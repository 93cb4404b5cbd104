import type { Rng } from '../../random/index.ts';

/** A bandit problem that can be simulated, because its true means are known. */
export interface Environment<Context = undefined> {
  /** Short description, shown in reports: `Bernoulli(0.9, 0.8)`. */
  readonly name: string;
  readonly arms: readonly string[];
  /** One run of the problem; what is drawn once a run (parameters, for example) is drawn from `rng`. */
  start(rng: Rng): EnvironmentRun<Context>;
}

/** One run of an {@link Environment}. Requests are numbered from 0 and asked for in order. */
export interface EnvironmentRun<Context = undefined> {
  /** The context of request t; left out where there is none. */
  context?(t: number, rng: Rng): Context;
  /** The true mean reward of an arm (by position) at request t. */
  mean(arm: number, t: number, context: Context): number;
  /** A reward of the arm at request t. */
  reward(arm: number, t: number, context: Context, rng: Rng): number;
  /** After how many further requests the reward arrives; 0 where left out. */
  delay?(t: number, rng: Rng): number;
}
