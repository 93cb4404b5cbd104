import { exponential, normal, type Rng } from '../../src/random/index.ts';
import {
  binomialDistribution,
  noncentralTDistribution,
  normalDistribution,
  studentTDistribution,
} from '../../src/stats/distributions/index.ts';
import { quantileInterval } from '../../src/stats/quantiles/index.ts';
import { Moments } from '../../src/stats/summaries/index.ts';
import {
  chiSquaredTest,
  fisherTest,
  kolmogorovSmirnovTest,
  mannWhitneyTest,
  mcnemarTest,
  pairedTTest,
  proportionZTest,
  sampleRatioTest,
  studentTest,
  welchTest,
  wilcoxonTest,
} from '../../src/stats/tests/index.ts';
import type { Inconclusive, TestEstimate, TestResult } from '../../src/stats/types.ts';
import { checkRates, rateOf } from './rates.ts';
import type { Simulation } from './Simulation.ts';

const ALPHA = 0.05;
/** The upper 2.5% point of the normal distribution. */
const Z = 1.959963984540054;

const rejects = (result: TestEstimate | Inconclusive): boolean => result.status === 'ok' && result.pValue <= ALPHA;
const covers = (result: TestEstimate | Inconclusive, truth: number): boolean =>
  result.status === 'ok' && result.interval[0] <= truth && truth <= result.interval[1];

type Draw = (rng: Rng) => number;
const gaussian =
  (mean = 0, sd = 1): Draw =>
  (rng) =>
    mean + sd * normal(rng);
const bernoulli =
  (p: number): Draw =>
  (rng) =>
    rng.next() < p ? 1 : 0;
const skewed: Draw = (rng) => exponential(rng);

const list = (rng: Rng, n: number, draw: Draw): Float64Array => Float64Array.from({ length: n }, () => draw(rng));
const moments = (rng: Rng, n: number, draw: Draw): Moments => new Moments().pushAll(list(rng, n, draw));
const successes = (rng: Rng, n: number, p: number): number => moments(rng, n, bernoulli(p)).sum;

/** The power of a two-sided t-test with this non-centrality. */
function powerOfT(df: number, ncp: number): number {
  const critical = studentTDistribution.isf(ALPHA / 2, df);
  return noncentralTDistribution.sf(critical, df, ncp) + noncentralTDistribution.cdf(-critical, df, ncp);
}

/** The power of a two-sided z-test whose statistic has this mean and standard deviation. */
function powerOfZ(mean: number, sd = 1): number {
  return normalDistribution.sf((Z - mean) / sd) + normalDistribution.cdf((-Z - mean) / sd);
}

const meanTests: readonly Simulation[] = [
  {
    name: 'Student: size, power and coverage for normal samples',
    claim: '5% false alarms, 80% power at d = 0.5 with 64 each (Cohen 1988, table 2.4.1), 95% coverage',
    run({ full }) {
      const runs = full ? 100_000 : 8000;
      const test = (rng: Rng, shift: number): TestResult =>
        studentTest(moments(rng, 64, gaussian(shift)), moments(rng, 64, gaussian()));
      return checkRates(runs, [
        { name: 'size', rate: rateOf(runs, 'student-0', (r) => rejects(test(r, 0))), rule: 'close to', target: ALPHA },
        {
          name: 'power',
          rate: rateOf(runs, 'student-1', (r) => rejects(test(r, 0.5))),
          rule: 'close to',
          target: powerOfT(126, 0.5 * Math.sqrt(32)),
        },
        {
          name: 'coverage',
          rate: rateOf(runs, 'student-2', (r) => covers(test(r, 0.5), 0.5)),
          rule: 'close to',
          target: 0.95,
        },
      ]);
    },
  },
  {
    name: 'Welch: size where variances and sizes differ, where Student fails',
    claim: '5% false alarms for 20 with deviation 3 against 60 with deviation 1; Student has more than 20% there',
    run({ full }) {
      const runs = full ? 100_000 : 8000;
      const pair = (rng: Rng) => [moments(rng, 20, gaussian(0, 3)), moments(rng, 60, gaussian())] as const;
      return checkRates(runs, [
        {
          name: 'Welch',
          rate: rateOf(runs, 'welch-0', (r) => rejects(welchTest(...pair(r)))),
          rule: 'close to',
          target: ALPHA,
          slack: 0.003,
        },
        {
          name: 'Student',
          rate: rateOf(runs, 'welch-0', (r) => rejects(studentTest(...pair(r)))),
          rule: 'at least',
          target: 0.2,
        },
        {
          name: 'coverage',
          rate: rateOf(runs, 'welch-1', (r) => covers(welchTest(...pair(r)), 0)),
          rule: 'close to',
          target: 0.95,
          slack: 0.003,
        },
      ]);
    },
  },
  {
    name: 'Welch: size for exponential and Bernoulli samples',
    claim: 'about 5% false alarms with 50 exponential values or 200 outcomes of rate 0.1 each',
    run({ full }) {
      const runs = full ? 100_000 : 8000;
      const size = (seed: string, n: number, draw: Draw) =>
        rateOf(runs, seed, (r) => rejects(welchTest(moments(r, n, draw), moments(r, n, draw))));
      return checkRates(runs, [
        { name: 'exponential', rate: size('welch-exp', 50, skewed), rule: 'close to', target: ALPHA, slack: 0.008 },
        {
          name: 'Bernoulli',
          rate: size('welch-ber', 200, bernoulli(0.1)),
          rule: 'close to',
          target: ALPHA,
          slack: 0.008,
        },
      ]);
    },
  },
  {
    name: 'paired t: size and power for normal differences',
    claim:
      '5% false alarms, 81% power at d = 0.5 with 34 pairs (Cohen 1988, section 2.3.5), whatever the requests share',
    run({ full }) {
      const runs = full ? 100_000 : 8000;
      const test = (rng: Rng, shift: number): TestResult => {
        const shared = list(rng, 34, gaussian(0, 20));
        return pairedTTest(
          shared.map((x) => x + Math.SQRT1_2 * normal(rng) + shift),
          shared.map((x) => x + Math.SQRT1_2 * normal(rng)),
        );
      };
      return checkRates(runs, [
        { name: 'size', rate: rateOf(runs, 'paired-0', (r) => rejects(test(r, 0))), rule: 'close to', target: ALPHA },
        {
          name: 'power',
          rate: rateOf(runs, 'paired-1', (r) => rejects(test(r, 0.5))),
          rule: 'close to',
          target: powerOfT(33, 0.5 * Math.sqrt(34)),
        },
      ]);
    },
  },
];

/** The exact probability that a test of two proportions rejects, by adding up all outcomes. */
function exactRejection(n: number, p: number, q: number, test: (x: number, y: number) => TestResult): number {
  let sum = 0;
  for (let x = 0; x <= n; x += 1) {
    for (let y = 0; y <= n; y += 1) {
      if (rejects(test(x, y))) sum += binomialDistribution.pmf(x, n, p) * binomialDistribution.pmf(y, n, q);
    }
  }
  return sum;
}

const countTests: readonly Simulation[] = [
  {
    name: 'proportions: size, power and coverage',
    claim:
      'about 5% false alarms at rates of 0.1 and 0.01, 80% power for 0.10 against 0.15 with 686 each (Fleiss 2003)',
    run({ full }) {
      const runs = full ? 50_000 : 4000;
      const test = (rng: Rng, n: number, p: number, q: number): TestResult =>
        proportionZTest({ successes: successes(rng, n, p), trials: n }, { successes: successes(rng, n, q), trials: n });
      const [p, q, n] = [0.15, 0.1, 686];
      const [pooled, apart] = [2 * 0.125 * 0.875, p * (1 - p) + q * (1 - q)];
      const rate = (seed: string, size: number, a: number, b: number) =>
        rateOf(runs, seed, (r) => rejects(test(r, size, a, b)));
      return checkRates(runs, [
        { name: 'size at 0.1', rate: rate('z-0', 400, 0.1, 0.1), rule: 'close to', target: ALPHA, slack: 0.005 },
        { name: 'size at 0.01', rate: rate('z-1', 2000, 0.01, 0.01), rule: 'close to', target: ALPHA, slack: 0.008 },
        {
          name: 'power',
          rate: rate('z-2', n, p, q),
          rule: 'close to',
          target: powerOfZ((p - q) * Math.sqrt(n / pooled), Math.sqrt(apart / pooled)),
          slack: 0.01,
        },
        {
          name: 'coverage',
          rate: rateOf(runs, 'z-3', (r) => covers(test(r, 200, 0.02, 0.1), -0.08)),
          rule: 'close to',
          target: 0.95,
          slack: 0.01,
        },
      ]);
    },
  },
  {
    name: 'Fisher: exact size and power, by adding up all tables of 20 against 20',
    claim: 'never more than 5% false alarms at any rate; more than 90% power for 0.6 against 0.1',
    run() {
      const n = 20;
      const test = (x: number, y: number) =>
        fisherTest([
          [x, n - x],
          [y, n - y],
        ]);
      const sizes = [0.05, 0.1, 0.3, 0.5].map((p) => exactRejection(n, p, p, test));
      const power = exactRejection(n, 0.6, 0.1, test);
      return {
        measured: { 'largest size': Math.max(...sizes), 'power, 0.6 against 0.1': power },
        passed: sizes.every((size) => size <= ALPHA) && power > 0.9,
        detail: 'no Monte Carlo: every table with its probability; sizes at rates of 0.05, 0.1, 0.3 and 0.5',
      };
    },
  },
  {
    name: 'chi-squared: size and power in a table of 2 by 3',
    claim: '5% false alarms, 80% power at w = 0.3 with 108 observations (Cohen 1988, table 7.3.16)',
    run({ full }) {
      const runs = full ? 50_000 : 6000;
      // Rows of equal weight; shares that differ in the first two columns: w^2 = 6 d^2.
      const d = 0.3 * Math.sqrt(1 / 6);
      const rows = (effect: number) => [
        [1 / 3 + effect, 1 / 3 - effect, 1 / 3],
        [1 / 3 - effect, 1 / 3 + effect, 1 / 3],
      ];
      const table = (rng: Rng, n: number, effect: number): number[][] => {
        const counts = [
          [0, 0, 0],
          [0, 0, 0],
        ];
        for (let i = 0; i < n; i += 1) {
          const row = rng.next() < 0.5 ? 0 : 1;
          const u = rng.next();
          const [first, second] = rows(effect)[row]!;
          counts[row]![u < first! ? 0 : u < first! + second! ? 1 : 2]! += 1;
        }
        return counts;
      };
      const rate = (seed: string, effect: number, statistic: 'pearson' | 'likelihood-ratio') =>
        rateOf(runs, seed, (r) => rejects(chiSquaredTest(table(r, 108, effect), { statistic })));
      return checkRates(runs, [
        { name: 'size', rate: rate('chi-0', 0, 'pearson'), rule: 'close to', target: ALPHA, slack: 0.004 },
        {
          name: 'size of G',
          rate: rate('chi-0', 0, 'likelihood-ratio'),
          rule: 'close to',
          target: ALPHA,
          slack: 0.008,
        },
        {
          name: 'power',
          rate: rate('chi-1', d, 'pearson'),
          rule: 'close to',
          target: 0.8,
          slack: 0.02,
        },
      ]);
    },
  },
  {
    name: 'McNemar: size and power of its four forms',
    claim: 'exact and mid-p at most 5% false alarms, mid-p closer to it; power near that of the z-test',
    run({ full }) {
      const runs = full ? 100_000 : 10_000;
      const n = 200;
      const test = (rng: Rng, b: number, c: number, method: 'exact' | 'mid-p' | 'uncorrected'): TestResult => {
        const counts = [0, 0, 0, 0];
        for (let i = 0; i < n; i += 1) {
          const u = rng.next();
          counts[u < b ? 1 : u < b + c ? 2 : u < 0.8 ? 0 : 3]! += 1;
        }
        return mcnemarTest([counts.slice(0, 2), counts.slice(2)], { method });
      };
      const rate = (seed: string, b: number, c: number, method: 'exact' | 'mid-p' | 'uncorrected') =>
        rateOf(runs, seed, (r) => rejects(test(r, b, c, method)));
      const [b, c] = [0.16, 0.08];
      const difference = b - c;
      // Connor (1987), doi:10.2307/2531961.
      const power = powerOfZ(
        (difference * Math.sqrt(n)) / Math.sqrt(b + c),
        Math.sqrt(b + c - difference * difference) / Math.sqrt(b + c),
      );
      return checkRates(runs, [
        { name: 'exact', rate: rate('mcnemar-0', 0.1, 0.1, 'exact'), rule: 'at most', target: ALPHA },
        { name: 'mid-p', rate: rate('mcnemar-0', 0.1, 0.1, 'mid-p'), rule: 'close to', target: ALPHA, slack: 0.006 },
        {
          name: 'uncorrected',
          rate: rate('mcnemar-0', 0.1, 0.1, 'uncorrected'),
          rule: 'close to',
          target: ALPHA,
          slack: 0.008,
        },
        {
          name: 'power of mid-p',
          rate: rate('mcnemar-1', b, c, 'mid-p'),
          rule: 'close to',
          target: power,
          slack: 0.02,
        },
        {
          name: 'coverage',
          rate: rateOf(runs, 'mcnemar-2', (r) => covers(test(r, b, c, 'exact'), difference)),
          rule: 'close to',
          target: 0.95,
          slack: 0.008,
        },
      ]);
    },
  },
  {
    name: 'sample ratio: size at the alarm level and power',
    claim: '0.1% false alarms at p < 0.001; 50/50 gone to 51/49 in 20,000 is found with the power that theory gives',
    run({ full }) {
      const runs = full ? 200_000 : 20_000;
      const n = 20_000;
      // The count of the first group, by its normal limit: 20,000 coins a run would take hours.
      const test = (rng: Rng, p: number) => {
        const first = Math.round(n * p + Math.sqrt(n * p * (1 - p)) * normal(rng));
        return sampleRatioTest([first, n - first], [1, 1]);
      };
      const alarm = (rng: Rng, p: number): boolean => {
        const result = test(rng, p);
        return result.status === 'ok' && result.pValue < 0.001;
      };
      const shift = 0.02 * Math.sqrt(n);
      const critical = normalDistribution.isf(0.0005);
      return checkRates(runs, [
        {
          name: 'size',
          rate: rateOf(runs, 'srm-0', (r) => alarm(r, 0.5)),
          rule: 'close to',
          target: 0.001,
          slack: 2e-4,
        },
        {
          name: 'power',
          rate: rateOf(runs, 'srm-1', (r) => alarm(r, 0.51)),
          rule: 'close to',
          target: normalDistribution.sf(critical - shift),
          slack: 0.01,
        },
      ]);
    },
  },
];

const rankTests: readonly Simulation[] = [
  {
    name: 'Mann-Whitney: size for any distribution, with ties and without',
    claim:
      'exact at most 5% false alarms for normal and exponential samples; corrected about 5% for Bernoulli outcomes',
    run({ full }) {
      const runs = full ? 50_000 : 5000;
      const size = (seed: string, n: number, m: number, draw: Draw) =>
        rateOf(runs, seed, (r) => rejects(mannWhitneyTest(list(r, n, draw), list(r, m, draw))));
      return checkRates(runs, [
        { name: 'normal, 12 and 15', rate: size('mw-0', 12, 15, gaussian()), rule: 'at most', target: ALPHA },
        { name: 'exponential, 10 and 10', rate: size('mw-1', 10, 10, skewed), rule: 'at most', target: ALPHA },
        {
          name: 'exponential, 60 and 80',
          rate: size('mw-2', 60, 80, skewed),
          rule: 'close to',
          target: ALPHA,
          slack: 0.003,
        },
        {
          name: 'Bernoulli, 100 and 100',
          rate: size('mw-3', 100, 100, bernoulli(0.3)),
          rule: 'close to',
          target: ALPHA,
          slack: 0.015,
        },
      ]);
    },
  },
  {
    name: 'Mann-Whitney: power and coverage of the Hodges-Lehmann interval',
    claim: 'the power of a t-test with 3 / π of the observations for normal samples; 95% coverage of the shift',
    run({ full }) {
      const runs = full ? 30_000 : 3000;
      const n = 67;
      const test = (rng: Rng) => mannWhitneyTest(list(rng, n, gaussian(0.5)), list(rng, n, gaussian()));
      const equivalent = (n * 3) / Math.PI;
      return checkRates(runs, [
        {
          name: 'power',
          rate: rateOf(runs, 'mw-4', (r) => rejects(test(r))),
          rule: 'close to',
          target: powerOfT(2 * equivalent - 2, 0.5 * Math.sqrt(equivalent / 2)),
          slack: 0.01,
        },
        {
          name: 'coverage, normal',
          rate: rateOf(runs, 'mw-5', (r) => covers(test(r), 0.5)),
          rule: 'close to',
          target: 0.95,
          slack: 0.003,
        },
        {
          name: 'coverage, exponential, exact',
          rate: rateOf(runs, 'mw-6', (r) => covers(mannWhitneyTest(list(r, 12, skewed), list(r, 9, skewed)), 0)),
          rule: 'at least',
          target: 0.95,
        },
      ]);
    },
  },
  {
    name: 'Wilcoxon: size, power and coverage',
    claim: 'exact at most 5% false alarms, the power of a t-test with 3 / π of the pairs, 95% coverage of the centre',
    run({ full }) {
      const runs = full ? 50_000 : 5000;
      const test = (rng: Rng, n: number, shift: number) => wilcoxonTest(list(rng, n, gaussian(shift)), 0);
      const equivalent = (60 * 3) / Math.PI;
      return checkRates(runs, [
        { name: 'size, 12', rate: rateOf(runs, 'w-0', (r) => rejects(test(r, 12, 0))), rule: 'at most', target: ALPHA },
        {
          name: 'size, 60',
          rate: rateOf(runs, 'w-1', (r) => rejects(test(r, 60, 0))),
          rule: 'close to',
          target: ALPHA,
          slack: 0.003,
        },
        {
          name: 'power, 60',
          rate: rateOf(runs, 'w-2', (r) => rejects(test(r, 60, 0.4))),
          rule: 'close to',
          target: powerOfT(equivalent - 1, 0.4 * Math.sqrt(equivalent)),
          slack: 0.01,
        },
        {
          name: 'coverage, 15',
          rate: rateOf(runs, 'w-3', (r) => covers(test(r, 15, 0.4), 0.4)),
          rule: 'at least',
          target: 0.95,
        },
      ]);
    },
  },
  {
    name: 'Kolmogorov-Smirnov: size, a lower bound of its power, coverage of the distance',
    claim: 'exact at most 5% false alarms; at least the power of comparing at the best point alone (Massey 1951)',
    run({ full }) {
      const runs = full ? 30_000 : 4000;
      const n = 40;
      const test = (rng: Rng, shift: number) =>
        kolmogorovSmirnovTest(list(rng, n, gaussian()), list(rng, n, gaussian(shift)));
      const one = (rng: Rng) => kolmogorovSmirnovTest(list(rng, 25, skewed), (x) => (x > 0 ? -Math.expm1(-x) : 0));
      const [p, q] = [normalDistribution.cdf(0.5), normalDistribution.cdf(-0.5)];
      // The smallest distance that 40 against 40 calls significant is 13 / 40.
      let bound = 0;
      for (let x = 0; x <= n; x += 1) {
        bound += binomialDistribution.pmf(x, n, p) * binomialDistribution.cdf(x - 13, n, q);
      }
      return checkRates(runs, [
        { name: 'size', rate: rateOf(runs, 'ks-0', (r) => rejects(test(r, 0))), rule: 'at most', target: ALPHA },
        {
          name: 'size, one sample',
          rate: rateOf(runs, 'ks-1', (r) => rejects(one(r))),
          rule: 'close to',
          target: ALPHA,
        },
        { name: 'power', rate: rateOf(runs, 'ks-2', (r) => rejects(test(r, 1))), rule: 'at least', target: bound },
        {
          name: 'coverage',
          rate: rateOf(runs, 'ks-3', (r) => covers(test(r, 1), p - q)),
          rule: 'at least',
          target: 0.95,
        },
      ]);
    },
  },
  {
    name: 'quantile interval: coverage for exponential samples',
    claim: 'at least 95% for the median of 30 and the 95% quantile of 200, whatever the distribution',
    run({ full }) {
      const runs = full ? 100_000 : 10_000;
      const rate = (seed: string, n: number, p: number) =>
        rateOf(runs, seed, (r) => {
          const result = quantileInterval(list(r, n, skewed), p);
          const truth = -Math.log1p(-p);
          return result.status === 'ok' && result.interval[0] <= truth && truth <= result.interval[1];
        });
      return checkRates(runs, [
        { name: 'median of 30', rate: rate('q-0', 30, 0.5), rule: 'at least', target: 0.95 },
        { name: '95% of 200', rate: rate('q-1', 200, 0.95), rule: 'at least', target: 0.95 },
      ]);
    },
  },
];

/** Size and power of every fixed-n test against the textbook. */
export const simulations: readonly Simulation[] = [...meanTests, ...countTests, ...rankTests];
