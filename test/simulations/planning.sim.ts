// Power functions against simulated power, adjusted metrics, corrections for several tests, calibrated posteriors.
import { beta, createRng, exponential, normal, type Rng } from '../../src/random/index.ts';
import { clusteredVariance, cuped, ratioMetric } from '../../src/stats/adjustment/index.ts';
import { betaBinomial } from '../../src/stats/bayes/index.ts';
import { normalDistribution } from '../../src/stats/distributions/index.ts';
import { differenceInterval, meanInterval } from '../../src/stats/intervals/index.ts';
import { benjaminiHochberg, benjaminiYekutieli, holm, hommel } from '../../src/stats/multiplicity/index.ts';
import { anytimeSampleSize, pairedTTestPower, proportionPower, tTestPower } from '../../src/stats/power/index.ts';
import { asymptoticDifferenceSequence } from '../../src/stats/sequential/index.ts';
import { Covariance, Moments } from '../../src/stats/summaries/index.ts';
import { oneSampleTTest, proportionZTest, studentTest } from '../../src/stats/tests/index.ts';
import type { Simulation, SimulationResult } from './Simulation.ts';
import { CoverageCounter, rate } from './support/coverage.ts';

const sample = (rng: Rng, n: number, mean = 0): Moments => {
  const moments = new Moments();
  for (let i = 0; i < n; i += 1) moments.push(mean + normal(rng));
  return moments;
};
const significant = (result: { status: string; pValue?: number }, alpha = 0.05): boolean =>
  result.status === 'ok' && result.pValue! <= alpha;

function successes(rng: Rng, n: number, p: number): { successes: number; trials: number } {
  let count = 0;
  for (let i = 0; i < n; i += 1) if (rng.next() < p) count += 1;
  return { successes: count, trials: n };
}

/** Names of the procedures with what they promise, for 20 tests of which 12 are true nulls, correlated by a factor. */
function errorRates(runs: number, rng: Rng): Record<string, number> {
  const procedures = { holm, hommel, benjaminiHochberg, benjaminiYekutieli };
  const sums = Object.fromEntries(Object.keys(procedures).map((name) => [name, 0])) as Record<string, number>;
  for (let run = 0; run < runs; run += 1) {
    const shared = normal(rng);
    const pValues = Array.from({ length: 20 }, (_, i) =>
      normalDistribution.sf((i < 12 ? 0 : 3) + Math.SQRT1_2 * (shared + normal(rng))),
    );
    for (const [name, procedure] of Object.entries(procedures)) {
      const { rejected } = procedure(pValues);
      const wrong = rejected.filter((yes, i) => yes && i < 12).length;
      const all = rejected.filter(Boolean).length;
      sums[name]! += name.startsWith('benjamini') ? wrong / Math.max(1, all) : Math.min(1, wrong);
    }
  }
  return Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / runs]));
}

function near(
  measured: Record<string, number>,
  target: number,
  tolerance: number,
  standardError: number,
): SimulationResult {
  return {
    measured,
    passed: Object.values(measured).every((value) => Math.abs(value - target) <= tolerance + 3 * standardError),
    detail: `|coverage - ${target}| <= ${tolerance} + 3 se, se ${standardError.toFixed(4)}`,
  };
}

export const simulations: readonly Simulation[] = [
  {
    name: 'power of the t-test',
    claim:
      'the power function gives the share of significant t-tests: exact for normal data, equal, unequal and paired',
    run({ full }) {
      const rng = createRng('t-power');
      const runs = full ? 20_000 : 2000;
      const designs = [
        { n: [20, 20], effectSize: 0.8 },
        { n: [10, 60], effectSize: 1 },
        { n: [5, 5], effectSize: 2 },
      ] as const;
      let worst = 0;
      const measured: Record<string, number> = {};
      for (const { n, effectSize } of designs) {
        const { rate: power, standardError } = rate(runs, () =>
          significant(studentTest(sample(rng, n[0], effectSize), sample(rng, n[1]))),
        );
        const said = tTestPower({ n, effectSize });
        measured[`${n.join(' + ')}: simulated less computed`] = power - said;
        worst = Math.max(worst, Math.abs(power - said) / standardError);
      }
      const paired = rate(runs, () => significant(oneSampleTTest(sample(rng, 12, 0.9))));
      const said = pairedTTestPower({ n: 12, effectSize: 0.9 });
      measured['12 pairs: simulated less computed'] = paired.rate - said;
      worst = Math.max(worst, Math.abs(paired.rate - said) / paired.standardError);
      return {
        measured,
        passed: worst <= 3.5,
        detail: `${runs} runs each; largest deviation ${worst.toFixed(2)} se, at most 3.5`,
      };
    },
  },
  {
    name: 'power of two proportions',
    claim: 'the power of the pooled z-test is right to 2 %',
    run({ full }) {
      const rng = createRng('z-power');
      const runs = full ? 20_000 : 2000;
      const designs = [
        { p1: 0.1, p2: 0.15, n: [500, 500] },
        { p1: 0.05, p2: 0.1, n: [200, 1000] },
        { p1: 0.5, p2: 0.6, n: [300, 300] },
      ] as const;
      const measured: Record<string, number> = {};
      let passed = true;
      for (const { p1, p2, n } of designs) {
        const { rate: power, standardError } = rate(runs, () =>
          significant(proportionZTest(successes(rng, n[0], p1), successes(rng, n[1], p2))),
        );
        const difference = power - proportionPower({ p1, p2, n });
        measured[`${p1} against ${p2}: simulated less computed`] = difference;
        passed &&= Math.abs(difference) <= 0.02 + 3 * standardError;
      }
      return { measured, passed, detail: `${runs} runs each, |difference| <= 0.02 + 3 se` };
    },
  },
  {
    name: 'size of a watched experiment',
    claim:
      'anytimeSampleSize: 80 % of watched experiments stop by its total, and the mean stop is its expectedStop, within 3 %',
    run({ full }) {
      const runs = full ? 4000 : 400;
      const designs = [
        { effectSize: 0.2, horizon: 2000, draw: (rng: Rng, mean: number) => mean + normal(rng) },
        { effectSize: 0.1, horizon: 5000, draw: (rng: Rng, mean: number) => mean + exponential(rng) },
      ];
      const measured: Record<string, number> = {};
      let passed = true;
      for (const { effectSize, horizon, draw } of full ? designs : designs.slice(0, 1)) {
        const plan = anytimeSampleSize({ effectSize, horizon });
        const rng = createRng(`watched ${effectSize}`);
        let observed = 0;
        const { rate: power, standardError } = rate(runs, () => {
          const [a, b] = [new Moments(), new Moments()];
          for (let n = 2; n <= plan.total; n += 2) {
            a.push(draw(rng, effectSize));
            b.push(draw(rng, 0));
            const result = n < 200 ? undefined : asymptoticDifferenceSequence(a, b, { horizon });
            if (result?.status === 'ok' && result.interval[0] > 0) {
              observed += n;
              return true;
            }
          }
          observed += plan.total;
          return false;
        });
        measured[`effect ${effectSize}: power`] = power;
        measured[`effect ${effectSize}: mean stop over expected`] = observed / runs / plan.expectedStop;
        passed &&= Math.abs(power - 0.8) <= 0.03 + 3 * standardError;
        passed &&= Math.abs(observed / runs / plan.expectedStop - 1) <= 0.03 + 3 * (0.4 / Math.sqrt(runs));
      }
      return {
        measured,
        passed,
        detail: `${runs} runs each; |power - 0.8| <= 0.03 + 3 se, |ratio - 1| <= 0.03 + 3 se`,
      };
    },
  },
  {
    name: 'several tests',
    claim:
      'Holm and Hommel hold the family-wise error, Benjamini–Hochberg and –Yekutieli the false discovery rate, at 5 % for positively correlated tests',
    run({ full }) {
      const runs = full ? 50_000 : 5000;
      const measured = errorRates(runs, createRng('several'));
      const standardError = Math.sqrt((0.05 * 0.95) / runs);
      return {
        measured,
        passed: Object.values(measured).every((value) => value <= 0.05 + 3 * standardError),
        detail: `20 tests, 12 true nulls, correlation 1/2, ${runs} runs; each <= 0.05 + 3 se, se ${standardError.toFixed(4)}`,
      };
    },
  },
  {
    name: 'adjusted metrics',
    claim:
      'intervals of CUPED-adjusted means, ratio metrics and clustered means hold 95 % within 1 %, and CUPED saves the squared correlation',
    run({ full }) {
      const rng = createRng('adjusted');
      const runs = full ? 10_000 : 1000;
      const [adjusted, ratio, clustered] = [new CoverageCounter(), new CoverageCounter(), new CoverageCounter()];
      let saved = 0;
      for (let run = 0; run < runs; run += 1) {
        const arms = [0, 0.3].map((effect) => {
          const pairs = new Covariance();
          for (let i = 0; i < 200; i += 1) {
            const x = normal(rng);
            pairs.push(x, effect + 0.8 * x + 0.6 * normal(rng));
          }
          return pairs;
        });
        const result = cuped(arms);
        adjusted.push(differenceInterval(result.arms[1]!, result.arms[0]!), 0.3);
        saved += result.varianceReductions[0]! / runs;
        // Requests of users: each user has a level of its own and between 1 and 10 requests.
        const [units, clusters] = [new Covariance(), new Covariance()];
        for (let user = 0; user < 300; user += 1) {
          const size = 1 + Math.floor(10 * rng.next());
          const level = exponential(rng);
          let sum = 0;
          for (let i = 0; i < size; i += 1) sum += level + normal(rng);
          clusters.push(sum, size);
          units.push(level * size + normal(rng), size);
        }
        ratio.push(meanInterval(ratioMetric(units)!), 1);
        clustered.push(meanInterval(clusteredVariance(clusters)!), 1);
      }
      const { standardError } = ratio.result;
      const measured = {
        cuped: adjusted.result.coverage,
        'ratio metric': ratio.result.coverage,
        'clustered mean': clustered.result.coverage,
      };
      const checked = near(measured, 0.95, 0.01, standardError);
      return {
        measured: { ...measured, 'variance saved by CUPED at correlation 0.8': saved },
        passed: checked.passed && Math.abs(saved - 0.64) < 0.01,
        detail: `200 a arm, 300 users; ${checked.detail}; saved within 0.01 of 0.64`,
      };
    },
  },
  {
    name: 'posteriors',
    claim:
      'over rates drawn from the prior, credible intervals hold 95 % and the probability to be better is calibrated',
    run({ full }) {
      const rng = createRng('posteriors');
      const runs = full ? 5000 : 500;
      const held = new CoverageCounter();
      let [said, was] = [0, 0];
      for (let run = 0; run < runs; run += 1) {
        const [pa, pb] = [beta(rng, 2, 8), beta(rng, 2, 8)];
        const result = betaBinomial(successes(rng, 40, pa), successes(rng, 60, pb), { prior: { a: 2, b: 8 } });
        held.push({ status: 'ok', interval: result.a.interval }, pa);
        if (result.probabilityBBeatsA > 0.5) {
          said += result.probabilityBBeatsA;
          was += pb > pa ? 1 : 0;
        } else {
          said += 1 - result.probabilityBBeatsA;
          was += pb > pa ? 0 : 1;
        }
      }
      const { coverage, standardError } = held.result;
      const gap = (was - said) / runs;
      return {
        measured: { coverage, 'right less said': gap },
        passed: Math.abs(coverage - 0.95) <= 3 * standardError && Math.abs(gap) <= 3 * Math.sqrt(0.25 / runs),
        detail: `${runs} pairs of rates from Beta(2, 8); within 3 se, se ${standardError.toFixed(4)}`,
      };
    },
  },
];
