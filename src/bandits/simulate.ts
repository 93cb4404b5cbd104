import { checkFunction, checkInteger, checkOptions } from '../core/check.ts';
import { InvalidOptionError } from '../core/errors.ts';
import { createRng, type Rng } from '../random/index.ts';
import type { BanditPolicy } from './policies/BanditPolicy.ts';
import type { Environment, EnvironmentRun } from './simulation/Environment.ts';
import { type RegretReport, summariseRegret } from './simulation/RegretReport.ts';

/** Makes a policy for one run, with the arms of the environment and a random stream of its own. */
export type SimulatedPolicy<Context> = (setup: {
  readonly arms: readonly string[];
  readonly rng: Rng;
}) => BanditPolicy<Context>;

/** What {@link simulate} takes. */
export interface RegretSimulationOptions<Context> {
  readonly environment: Environment<Context>;
  /** The policies to compare, by the name they have in the report. */
  readonly policies: Readonly<Record<string, SimulatedPolicy<Context>>>;
  /** Requests per run, at least 1. */
  readonly horizon: number;
  /** Runs per policy, at least 2 for a standard error. */
  readonly runs: number;
  readonly seed: string | number;
  /** Numbers of requests after which regret is reported, in order, up to the horizon. @defaultValue 40 of equal ratio */
  readonly checkpoints?: readonly number[];
  /** Tells the policies which pulls are in flight, where rewards are delayed. @defaultValue true */
  readonly pending?: boolean;
}

/**
 * Plays every policy `runs` times against the environment and reports its pseudo-regret: the sum, over the requests, of the
 * best true mean minus the true mean of the chosen arm. Every run and policy has random streams of its own, named by seed, so
 * that adding a policy changes no other.
 *
 * @throws InvalidOptionError
 */
export function simulate<Context>(options: RegretSimulationOptions<Context>): RegretReport {
  const { environment, policies, horizon, runs, seed } = options;
  checkOptions('simulate options', options, [
    'environment',
    'policies',
    'horizon',
    'runs',
    'seed',
    'checkpoints',
    'pending',
  ]);
  checkInteger('horizon', horizon, { ge: 1 });
  checkInteger('runs', runs, { ge: 2 });
  const checkpoints = options.checkpoints ?? equalRatios(horizon);
  checkpoints.forEach((t, i) => {
    checkInteger(`checkpoints[${i}]`, t, { gt: i === 0 ? 0 : checkpoints[i - 1]!, le: horizon });
  });
  const names = Object.keys(policies);
  if (names.length === 0) throw new InvalidOptionError('policies', policies, 'an object with at least one policy');
  const root = createRng(seed);
  const curves = names.map((name) => {
    checkFunction(`policies.${name}`, policies[name]);
    const traces = Array.from({ length: runs }, (_, run) => {
      const rng = root.fork(name).fork(run);
      const policy = policies[name]!({ arms: environment.arms, rng: rng.fork('policy') });
      return play(environment, policy, { horizon, checkpoints, rng, pending: options.pending ?? true });
    });
    return summariseRegret(name, traces);
  });
  return { environment: environment.name, horizon, runs, seed: String(seed), checkpoints, curves };
}

/** Regret and pulls of the best arm after each checkpoint. */
interface RunTrace {
  readonly regret: Float64Array;
  readonly best: Float64Array;
}

interface Play {
  readonly horizon: number;
  readonly checkpoints: readonly number[];
  readonly rng: Rng;
  readonly pending: boolean;
}

function play<Context>(environment: Environment<Context>, policy: BanditPolicy<Context>, options: Play): RunTrace {
  const { horizon, checkpoints, rng } = options;
  const arms = environment.arms.length;
  const world = environment.start(rng.fork('problem'));
  const stream = rng.fork('world');
  const flight = world.delay === undefined ? undefined : new InFlight<Context>(world, policy, arms, stream);
  const regret = new Float64Array(checkpoints.length);
  const best = new Float64Array(checkpoints.length);
  let total = 0;
  let hits = 0;
  let next = 0;
  for (let t = 0; t < horizon; t += 1) {
    const context = world.context?.(t, stream) as Context;
    const choose =
      flight !== undefined && options.pending ? { pending: flight.arrive(t) } : flight?.arrive(t) && undefined;
    const arm = policy.selectIndex(context, choose);
    let top = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < arms; i += 1) top = Math.max(top, world.mean(i, t, context));
    const gap = top - world.mean(arm, t, context);
    total += gap;
    if (gap === 0) hits += 1;
    if (flight === undefined) policy.update(arm, world.reward(arm, t, context, stream), context);
    else flight.depart(arm, t, context);
    if (checkpoints[next] === t + 1) {
      regret[next] = total;
      best[next] = hits / (t + 1);
      next += 1;
    }
  }
  return { regret, best };
}

/** Rewards that have not arrived yet. */
class InFlight<Context> {
  readonly #world: EnvironmentRun<Context>;
  readonly #policy: BanditPolicy<Context>;
  readonly #stream: Rng;
  readonly #pending: number[];
  readonly #due = new Map<number, { readonly arm: number; readonly reward: number; readonly context: Context }[]>();

  constructor(world: EnvironmentRun<Context>, policy: BanditPolicy<Context>, arms: number, stream: Rng) {
    this.#world = world;
    this.#policy = policy;
    this.#stream = stream;
    this.#pending = new Array<number>(arms).fill(0);
  }

  /** Delivers what is due before request t; gives the pulls still in flight. */
  arrive(t: number): readonly number[] {
    for (const { arm, reward, context } of this.#due.get(t) ?? []) {
      this.#policy.update(arm, reward, context);
      this.#pending[arm]! -= 1;
    }
    this.#due.delete(t);
    return this.#pending;
  }

  depart(arm: number, t: number, context: Context): void {
    const reward = this.#world.reward(arm, t, context, this.#stream);
    const due = t + 1 + this.#world.delay!(t, this.#stream);
    this.#pending[arm]! += 1;
    const others = this.#due.get(due);
    if (others === undefined) this.#due.set(due, [{ arm, reward, context }]);
    else others.push({ arm, reward, context });
  }
}

function equalRatios(horizon: number): readonly number[] {
  const points = Array.from({ length: 40 }, (_, i) => Math.round(horizon ** ((i + 1) / 40)));
  return [...new Set(points)];
}
