import { ABTest, nonInferiorityRule } from '../../src/abtest/index.ts';
import { absoluteError } from '../../src/metrics/index.ts';
import { normal } from '../../src/random/index.ts';
import type { Simulation } from './Simulation.ts';

const ALPHA = 0.05;
const MARGIN = 0.3;

/** Both models' errors of one wafer. */
interface Errors {
  readonly current: number;
  readonly candidate: number;
}

/** How non-inferiority ends where the candidate errs by `factor` times as much, asked every 100 of 3,000 requests. */
function simulate(factor: number, runs: number) {
  return ABTest.simulate({
    test: {
      name: 'margin',
      champion: { predict: ({ current }: Errors) => current },
      challenger: { predict: ({ candidate }: Errors) => candidate },
      metrics: [absoluteError({ role: 'guardrail', margin: { relative: MARGIN } })],
      decision: nonInferiorityRule(),
      alpha: ALPHA,
      horizon: 2000,
    },
    world: (rng) => {
      const current = normal(rng);
      return { input: { current, candidate: factor * normal(rng) }, truth: 0 };
    },
    requests: 3000,
    every: 100,
    runs,
    seed: 5,
  });
}

const runsOf = (full: boolean): number => (full ? 2000 : 150);

const atTheMargin: Simulation = {
  name: 'rollout: non-inferiority, a candidate at the margin',
  claim: 'a candidate that is worse by exactly the margin is promoted in at most 5 % of the rollouts, asked 30 times',
  run: ({ full }) => {
    const { ab } = simulate(1 + MARGIN, runsOf(full));
    const se = Math.sqrt((ALPHA * (1 - ALPHA)) / ab.runs);
    const promoted = ab.shares.PROMOTE;
    return {
      measured: { promoted, standardError: se },
      passed: promoted <= ALPHA + 3 * se,
      detail: `${ab.runs} runs of 3000 requests, rule <= ${ALPHA} + 3 se`,
    };
  },
};

const equal: Simulation = {
  name: 'rollout: non-inferiority, an equal candidate',
  claim: 'an equal candidate is promoted in at least 90 % of the rollouts within 3,000 requests, at a margin of 30 %',
  run: ({ full }) => {
    const { ab } = simulate(1, runsOf(full));
    const promoted = ab.shares.PROMOTE;
    const se = ab.standardError;
    return {
      measured: { promoted, standardError: se, meanRequests: ab.meanRequests },
      passed: promoted >= 0.9 - 3 * se,
      detail: `${ab.runs} runs of 3000 requests, rule >= 0.9 - 3 se`,
    };
  },
};

export const simulations: readonly Simulation[] = [atTheMargin, equal];
