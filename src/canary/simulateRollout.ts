import { checkFinite, checkInteger, checkOptions } from '../core/check.ts';
import { ManualClock } from '../core/clock.ts';
import type { AnyModel } from '../core/Model.ts';
import { createRng, normal, type Rng } from '../random/index.ts';
import { CanaryDeployment } from './CanaryDeployment.ts';
import type { CanaryOptions } from './CanaryOptions.ts';

/** The world in which a rollout is tried out: what both models' errors look like, and how much worse the canary's are. */
export interface RolloutScenario {
  /** The canary's errors in units of the baseline's: 1 is an equal model, 1.5 one whose RMSE is 50 % higher. @defaultValue 1 */
  readonly worse?: number;
  /** The canary's service time in units of the baseline's. @defaultValue 1 */
  readonly slower?: number;
  /** The share of requests on which the canary fails. @defaultValue 0 */
  readonly failing?: number;
  /** One error with a typical size of 1. @defaultValue a standard normal draw */
  readonly error?: (rng: Rng) => number;
  /** What both models' errors have in common on the same request, as a correlation of normal errors. @defaultValue 0 */
  readonly correlation?: number;
  /** The correlation of the errors of successive requests, the same for both models. @defaultValue 0 */
  readonly autocorrelation?: number;
  /** How much the world grows harder over the rollout: 1 doubles all errors. @defaultValue 0 */
  readonly drift?: number;
  /** So many units ask, each with errors of its own size (lognormal, 0.5 on the log scale). @defaultValue every request its own */
  readonly units?: number;
  /** Truths come after 0 to so many requests, uniformly. @defaultValue 0 */
  readonly truthDelay?: number;
  /** The rollout is given up after so many requests. @defaultValue 20_000 */
  readonly requests?: number;
  /** Goes to the next stage after so many requests whatever the judge says, unless it rolls back. @defaultValue the judge decides */
  readonly requestsPerStage?: number;
}

/** How often and on what the rollout is tried. */
export interface SimulationOptions {
  /** Rollouts. @defaultValue 200 */
  readonly runs?: number;
  /** @defaultValue 1 */
  readonly seed?: number;
}

/** What became of the simulated rollouts. */
export interface RolloutForecast {
  readonly runs: number;
  readonly rolledBack: number;
  readonly promoted: number;
  /** Neither, when the requests were over. */
  readonly open: number;
  /** The share that was rolled back, with its Monte Carlo standard error. */
  readonly rollbackRate: number;
  readonly standardError: number;
  /** Rollbacks by the percentage of the traffic at which they came. */
  readonly rolledBackAt: Readonly<Record<string, number>>;
  /** Canary requests until the rollback, in ascending order: whom the bad model has reached. */
  readonly exposures: readonly number[];
  /** Requests of both models until the rollback, in ascending order. */
  readonly requests: readonly number[];
}

/** A rollout's own options, without models and clock. */
export type SimulatedRollout = Omit<CanaryOptions, 'baseline' | 'canary' | 'clock' | 'seed' | 'rng'>;

/**
 * Tries a configuration out before it is used: how often would it roll back a healthy canary, how many of the bad ones
 * would it catch, and how soon? Runs whole rollouts of the very class that production runs, over made-up models.
 *
 * @throws InvalidOptionError
 * @example
 * const healthy = simulateRollout({ stages: [5, 25, 100] }, { truthDelay: 100 });
 * const bad = simulateRollout({ stages: [5, 25, 100] }, { worse: 1.5 });
 * [healthy.rollbackRate, bad.rollbackRate]; // about 0 and 1
 */
export function simulateRollout(
  config: SimulatedRollout,
  scenario: RolloutScenario = {},
  options: SimulationOptions = {},
): RolloutForecast {
  checkOptions('scenario', scenario, scenarioNames);
  checkOptions('options', options, ['runs', 'seed']);
  const runs = checkInteger('runs', options.runs ?? 200, { ge: 1 });
  const root = createRng(options.seed ?? 1);
  const rolledBackAt: Record<string, number> = {};
  const exposures: number[] = [];
  const requests: number[] = [];
  let promoted = 0;
  for (let run = 0; run < runs; run += 1) {
    const { phase, canary, served, weight } = runOnce(config, scenario, root.fork(run));
    if (phase === 'promoted') promoted += 1;
    if (phase !== 'rolled-back') continue;
    exposures.push(canary);
    requests.push(served);
    rolledBackAt[weight] = (rolledBackAt[weight] ?? 0) + 1;
  }
  const rolledBack = exposures.length;
  const rate = rolledBack / runs;
  return {
    runs,
    rolledBack,
    promoted,
    open: runs - rolledBack - promoted,
    rollbackRate: rate,
    standardError: Math.sqrt((rate * (1 - rate)) / runs),
    rolledBackAt,
    exposures: exposures.sort((a, b) => a - b),
    requests: requests.sort((a, b) => a - b),
  };
}

const scenarioNames: readonly (keyof RolloutScenario)[] = [
  'worse',
  'slower',
  'failing',
  'error',
  'correlation',
  'autocorrelation',
  'drift',
  'units',
  'truthDelay',
  'requests',
  'requestsPerStage',
];

interface RunResult {
  readonly phase: string;
  readonly canary: number;
  readonly served: number;
  /** Percent of the traffic before the end. */
  readonly weight: number;
}

function runOnce(config: SimulatedRollout, scenario: RolloutScenario, rng: Rng): RunResult {
  const { truthDelay = 0, requests = 20_000, requestsPerStage, units } = scenario;
  checkInteger('truthDelay', truthDelay, { ge: 0 });
  const clock = new ManualClock(0);
  const world = createWorld(scenario, clock, rng.fork('world'));
  const seed = String(rng.fork('seed').next());
  const deployment = new CanaryDeployment({ ...config, ...world.models, clock, seed } as CanaryOptions);
  const delays = rng.fork('delays');
  const due = new Map<number, string[]>();
  let weight = 0;
  let inStage = 0;
  for (let i = 0; i < requests; i += 1) {
    for (const id of due.get(i) ?? []) deployment.record(id, 0);
    due.delete(i);
    const { phase } = deployment.phase;
    if (phase === 'rolled-back' || phase === 'promoted') return result(deployment, i, weight);
    weight = deployment.weight;
    const unit = world.next(i / requests);
    const request = units === undefined ? {} : { unit };
    if (truthDelay === 0) deployment.predict(0 as never, { ...request, truth: 0 });
    else {
      const id = String(i);
      deployment.predict(0 as never, { ...request, id });
      const at = i + 1 + Math.floor(delays.next() * truthDelay);
      const waiting = due.get(at);
      if (waiting === undefined) due.set(at, [id]);
      else waiting.push(id);
    }
    inStage += 1;
    if (inStage === requestsPerStage) {
      inStage = 0;
      force(deployment);
    }
  }
  return result(deployment, requests, weight);
}

function force(deployment: CanaryDeployment<AnyModel, AnyModel>): void {
  const { phase } = deployment.phase;
  if (phase === 'progressing' || phase === 'shadowing') deployment.skipStage();
  else if (phase === 'baking') deployment.promote({ force: true });
}

function result(deployment: CanaryDeployment<AnyModel, AnyModel>, served: number, weight: number): RunResult {
  return { phase: deployment.phase.phase, canary: deployment.served.canary, served, weight };
}

/** Two models that make the scenario's errors, in the scenario's time. */
function createWorld(scenario: RolloutScenario, clock: ManualClock, rng: Rng) {
  const { worse = 1, slower = 1, failing = 0, error = normal, correlation = 0, autocorrelation = 0 } = scenario;
  const { drift = 0, units } = scenario;
  checkFinite('worse', worse, { gt: 0 });
  checkFinite('correlation', correlation, { ge: 0, le: 1 });
  checkFinite('autocorrelation', autocorrelation, { ge: 0, lt: 1 });
  // Both models load on the common part, so that the correlation of the two is the product of their loads.
  const [load, rest] = [Math.sqrt(correlation), Math.sqrt(1 - correlation)];
  const step = Math.sqrt(1 - autocorrelation * autocorrelation);
  const sizes = units === undefined ? undefined : Array.from({ length: units }, () => Math.exp(0.5 * normal(rng)));
  let [common, scale] = [0, 1];
  const own = (): number => {
    if (autocorrelation > 0) return common;
    return correlation > 0 ? load * common + rest * error(rng) : error(rng);
  };
  const answer = (worseBy: number, slowerBy: number): number => {
    clock.advance(10 * slowerBy * Math.exp(0.3 * normal(rng)));
    return worseBy * scale * own();
  };
  return {
    models: {
      baseline: { predict: () => answer(1, 1) },
      canary: {
        predict: () => {
          if (failing > 0 && rng.next() < failing) throw new Error('the canary failed');
          return answer(worse, slower);
        },
      },
    },
    /** Draws what the next request has in common for both models. Returns its unit. */
    next: (progress: number): number => {
      const unit = sizes === undefined ? 0 : Math.floor(rng.next() * sizes.length);
      scale = (1 + drift * progress) * (sizes === undefined ? 1 : sizes[unit]!);
      if (autocorrelation > 0) common = autocorrelation * common + step * error(rng);
      else if (correlation > 0) common = error(rng);
      return unit;
    },
  };
}
