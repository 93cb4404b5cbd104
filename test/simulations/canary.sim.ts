import { type RolloutScenario, type SimulatedRollout, simulateRollout } from '../../src/canary/index.ts';
import { defineMetric, type Limit, type Metric, rmse } from '../../src/metrics/index.ts';
import { gamma, normal, type Rng } from '../../src/random/index.ts';
import type { Simulation, SimulationResult } from './Simulation.ts';

const DELAY = 1000;

/** Student's t with three degrees of freedom, with variance 1: its fourth moment is infinite. */
function t3(rng: Rng): number {
  return normal(rng) / Math.sqrt((2 * gamma(rng, 1.5)) / 3) / Math.sqrt(3);
}

/** A pass never moves it on: the scenario's `requestsPerStage` does. */
const forced: SimulatedRollout = { stages: [10, 25, 50, 100].map((weight) => ({ weight, minSamples: 1e9 })) };

function atMost(limit: number, config: SimulatedRollout, scenario: RolloutScenario, runs: number): SimulationResult {
  const { rollbackRate, promoted, open } = simulateRollout(config, { truthDelay: DELAY, ...scenario }, { runs });
  const error = Math.sqrt((limit * (1 - limit)) / runs);
  return {
    measured: { rolledBack: rollbackRate, promoted, open, runs },
    passed: rollbackRate <= limit + 3 * error,
    detail: `${runs} rollouts; rolled back at most ${limit} + 3 se (${error.toFixed(4)})`,
  };
}

/** At least 99 % out, and those within so many canary answers. */
function caught(
  within: number | undefined,
  config: SimulatedRollout,
  scenario: RolloutScenario,
  runs: number,
): SimulationResult {
  const { exposures, rolledBack, rolledBackAt } = simulateRollout(config, scenario, { runs });
  const early = within === undefined ? rolledBack : exposures.filter((count) => count <= within).length;
  const error = Math.sqrt((0.99 * 0.01) / runs);
  const quantile = (p: number): number =>
    exposures[Math.min(exposures.length - 1, Math.ceil(p * runs) - 1)] ?? Infinity;
  return {
    measured: { caught: early / runs, rolledBack: rolledBack / runs, median: quantile(0.5), p99: quantile(0.99), runs },
    passed: early / runs >= 0.99 - 3 * error,
    detail: `${runs} rollouts; at least 0.99 - 3 se (${error.toFixed(4)})${within === undefined ? '' : ` within ${within}`}; at ${JSON.stringify(rolledBackAt)}`,
  };
}

const first: SimulatedRollout = { stages: [{ weight: 10, minSamples: 1e9 }, 100] };
const alone: SimulatedRollout = { ...first, metrics: [rmse({ role: 'goal' })] };

const holding = (
  name: string,
  limit: number,
  scenario: RolloutScenario,
  config: SimulatedRollout = {},
): Simulation => ({
  name: `canary false rollback, holding, ${name}`,
  claim: `at most ${limit * 100} % of healthy canaries are rolled back, judged at every outcome`,
  run: ({ full }) => atMost(limit, config, { requests: 12_000, ...scenario }, full ? 1000 : 25),
});

const pushed = (
  name: string,
  limit: number,
  n: number,
  scenario: RolloutScenario = {},
  config = forced,
): Simulation => ({
  name: `canary false rollback, ${n} requests per stage, ${name}`,
  claim: `at most ${limit * 100} % of healthy canaries are rolled back over four stages of ${n} requests`,
  run: ({ full }) =>
    atMost(
      limit,
      config,
      { truthDelay: Math.min(DELAY, n), requests: 5 * n, requestsPerStage: n, ...scenario },
      Math.ceil((full ? 1.2e6 : 2e4) / Math.max(400, n)) >> (n > 1000 ? 1 : 0),
    ),
});

/** Errors cut off at 1, a mean within a known range: what the judge bets on. */
function clipped(limit: Limit): Metric {
  return defineMetric({
    name: 'clipped',
    kind: 'mean',
    direction: 'lower',
    range: [0, 1],
    limit,
    due: 'truth',
    value: ({ prediction, truth }) => (truth === undefined ? undefined : Math.min(1, Math.abs(Number(prediction)))),
  });
}

/** The mean of a standard normal error cut off at 1: 2 (phi(0) - phi(1)) + 2 (1 - Phi(1)). */
const AT_LIMIT = 0.6312537;

const bet = (name: string, limit: Limit, scenario: RolloutScenario, runs: number, config = {}): Simulation => ({
  name: `canary false rollback, bets, ${name}`,
  claim: 'at most 1 % of healthy canaries are rolled back, judged at every look',
  run: ({ full }) => atMost(0.01, { metrics: [clipped(limit)], ...config }, scenario, full ? 10 * runs : runs),
});

/** What the default judge promises, measured on the untouched default configuration through the public API. */
export const simulations: readonly Simulation[] = [
  holding('Gaussian', 0.01, {}),
  holding('t3', 0.015, { error: t3 }),
  holding('errors double', 0.01, { drift: 1 }),
  holding('AR(1) 0.9', 0.01, { autocorrelation: 0.9 }),
  holding('100 sticky units', 0.01, { units: 100 }, { assign: 'unit' }),
  ...[50, 200, 1000, 5000].map((n) => pushed('Gaussian', 0.01, n)),
  ...[50, 200, 1000, 5000].map((n) => pushed('t3', 0.015, n, { error: t3 })),
  ...[50, 200, 1000, 5000].map((n) => pushed('errors double', 0.01, n, { drift: 1 })),
  ...[50, 200, 1000, 5000].map((n) => pushed('AR(1) 0.9', 0.01, n, { autocorrelation: 0.9 })),
  ...[50, 200, 1000, 5000].map((n) =>
    pushed('100 sticky units', 0.01, n, { units: 100 }, { ...forced, assign: 'unit' }),
  ),
  bet('equal', { relative: 0.2 }, { requests: 6000 }, 12),
  bet('errors double', { relative: 0.2 }, { requests: 6000, drift: 1 }, 12),
  bet('200 requests per stage', { relative: 0.2 }, { requests: 1000, requestsPerStage: 200 }, 20, forced),
  bet('paired', { relative: 0.2 }, { requests: 4000, correlation: 0.8 }, 30, { compare: 'shadow-first' }),
  bet('mean at its limit', { max: AT_LIMIT }, { requests: 4000 }, 60, { stages: forced.stages }),
  {
    name: 'canary catches 2.5 times as bad, bets',
    claim: 'at least 99 % out within 150 canary answers at a 10 % stage',
    run: ({ full }) =>
      caught(
        150,
        { ...first, metrics: [clipped({ relative: 0.2 })] },
        { worse: 2.5, requests: 4000 },
        full ? 2000 : 100,
      ),
  },
  {
    name: 'canary catches twice as bad, 100 sticky units',
    claim: 'at least 90 % out over four stages of 1000 requests',
    run: ({ full }) => {
      const runs = full ? 1000 : 40;
      const scenario = { units: 100, worse: 2, requests: 5000, requestsPerStage: 1000 };
      const { rolledBack, rolledBackAt } = simulateRollout({ ...forced, assign: 'unit' }, scenario, { runs });
      const error = Math.sqrt((0.9 * 0.1) / runs);
      const detail = `${runs} rollouts; at least 0.9 - 3 se (${error.toFixed(4)}); at ${JSON.stringify(rolledBackAt)}`;
      return {
        measured: { rolledBack: rolledBack / runs, runs },
        passed: rolledBack / runs >= 0.9 - 3 * error,
        detail,
      };
    },
  },
  {
    name: 'canary catches +50 %, four metrics',
    claim: 'at least 99 % out within 150 canary answers at a 10 % stage',
    run: ({ full }) => caught(150, first, { worse: 1.5, requests: 4000 }, full ? 4000 : 300),
  },
  {
    name: 'canary catches +50 %, RMSE alone',
    claim: 'at least 99 % out within 120 canary answers at a 10 % stage',
    run: ({ full }) => caught(120, alone, { worse: 1.5, requests: 4000 }, full ? 4000 : 300),
  },
  {
    name: 'canary catches twice as bad, four metrics',
    claim: 'at least 99 % out within 55 canary answers at a 10 % stage',
    run: ({ full }) => caught(55, first, { worse: 2, requests: 2000 }, full ? 4000 : 400),
  },
  {
    name: 'canary catches twice as bad, RMSE alone',
    claim: 'at least 99 % out within 45 canary answers at a 10 % stage',
    run: ({ full }) => caught(45, alone, { worse: 2, requests: 2000 }, full ? 4000 : 400),
  },
  {
    name: 'canary stops +50 % by the 25 % stage, truth delayed',
    claim: 'at least 99 % of models 50 % worse never get past the 25 % stage',
    run: ({ full }) => {
      const runs = full ? 2000 : 100;
      const forecast = simulateRollout({}, { worse: 1.5, truthDelay: DELAY, requests: 12_000 }, { runs });
      const early = ((forecast.rolledBackAt[10] ?? 0) + (forecast.rolledBackAt[25] ?? 0)) / runs;
      const error = Math.sqrt((0.99 * 0.01) / runs);
      const detail = `${runs} rollouts; at least 0.99 - 3 se (${error.toFixed(4)})`;
      return { measured: { early, promoted: forecast.promoted, runs }, passed: early >= 0.99 - 3 * error, detail };
    },
  },
  {
    name: 'canary shadow-first catches +50 % unseen',
    claim:
      'at least 99 % out within 100 paired requests (errors correlated by 0.8), before any caller has seen an answer',
    run: ({ full }) => {
      const runs = full ? 4000 : 300;
      const scenario = { worse: 1.5, correlation: 0.8, requests: 2000 };
      const { requests, exposures } = simulateRollout({ compare: 'shadow-first' }, scenario, { runs });
      const unseen = requests.filter((count, i) => count <= 100 && exposures[i] === 0).length / runs;
      const error = Math.sqrt((0.99 * 0.01) / runs);
      const detail = `${runs} rollouts; at least 0.99 - 3 se (${error.toFixed(4)})`;
      const p99 = requests[Math.ceil(0.99 * runs) - 1] ?? Number.POSITIVE_INFINITY;
      return {
        measured: { unseen, p99, seen: exposures.at(-1) ?? -1, runs },
        passed: unseen >= 0.99 - 3 * error,
        detail,
      };
    },
  },
  {
    name: 'canary false rollback, shadow-first',
    claim: 'at most 1 % of healthy canaries are rolled back',
    run: ({ full }) =>
      atMost(0.01, { compare: 'shadow-first' }, { correlation: 0.8, requests: 8000 }, full ? 2000 : 100),
  },
];
