import { checkInteger, checkOptions } from '../core/check.ts';
import { ManualClock } from '../core/clock.ts';
import type { AnyModel } from '../core/Model.ts';
import { createRng, type Rng } from '../random/index.ts';
import { CanaryDeployment } from './CanaryDeployment.ts';
import type { CanaryOptions } from './CanaryOptions.ts';
import { createWorld } from './simulation/createWorld.ts';
import { checkScenario, type RolloutScenario } from './simulation/RolloutScenario.ts';

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
  checkScenario(scenario);
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

interface RunResult {
  readonly phase: string;
  readonly canary: number;
  readonly served: number;
  /** Percent of the traffic before the end. */
  readonly weight: number;
}

function runOnce(config: SimulatedRollout, scenario: RolloutScenario, rng: Rng): RunResult {
  const { truthDelay = 0, requests = 20_000, requestsPerStage, units } = scenario;
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
