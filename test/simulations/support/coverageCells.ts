// The coverage of every interval at 95 %, cell by cell: what the simulations check and what docs/accuracy.md publishes.
import { createRng, exponential, normal, type Rng } from '../../../src/random/index.ts';
import { bootstrapInterval } from '../../../src/stats/bootstrap/index.ts';
import { binomialDistribution } from '../../../src/stats/distributions/index.ts';
import * as intervals from '../../../src/stats/intervals/index.ts';
import {
  ConfusionTable,
  fBetaInterval,
  pearsonTest,
  rocAucInterval,
  rootMeanSquareInterval,
  rSquaredInterval,
  spearmanTest,
} from '../../../src/stats/quality/index.ts';
import { Moments } from '../../../src/stats/summaries/index.ts';
import type { Proportion } from '../../../src/stats/types.ts';
import { type Coverage, CoverageCounter, type IntervalLike } from './coverage.ts';
import { momentsOf, populations } from './populations.ts';

/** One measured coverage. */
export interface Cell extends Coverage {
  readonly interval: string;
  readonly population: string;
  readonly n: string;
}

/** Runs several intervals over the same draws. */
function over(
  runs: number,
  where: Pick<Cell, 'population' | 'n'>,
  truths: Readonly<Record<string, number>>,
  draw: () => Readonly<Record<string, IntervalLike>>,
): readonly Cell[] {
  const counters = new Map(Object.keys(truths).map((name) => [name, new CoverageCounter()]));
  for (let run = 0; run < runs; run += 1) {
    const results = draw();
    for (const [name, counter] of counters) counter.push(results[name]!, truths[name]!);
  }
  return [...counters].map(([interval, counter]) => ({ interval, ...where, ...counter.result }));
}

/** Intervals of one mean and of two. `keep` leaves out what is not asked for, by population and first size. */
export function meanCells(
  runs: number,
  seed = 'means',
  keep: (population: string, n: number) => boolean = () => true,
): readonly Cell[] {
  return populations.flatMap((population) =>
    [
      [30, 30],
      [1000, 1000],
      [1000, 100],
    ].flatMap(([n1, n2]) => {
      if (!keep(population.name, n1!)) return [];
      const rng = createRng(seed).fork(`${population.name} ${n1} ${n2}`);
      const two = { differenceInterval: 0, logRatioInterval: 1, fiellerInterval: 1 };
      return [
        ...(n1 === n2
          ? over(runs, { population: population.name, n: String(n1) }, { meanInterval: population.mean }, () => ({
              meanInterval: intervals.meanInterval(momentsOf(population, n1!, rng)),
            }))
          : []),
        ...over(runs, { population: population.name, n: `${n1} + ${n2}` }, two, () => {
          const [a, b] = [momentsOf(population, n1!, rng), momentsOf(population, n2!, rng)];
          return {
            differenceInterval: intervals.differenceInterval(a, b),
            logRatioInterval: intervals.logRatioInterval(a, b),
            fiellerInterval: intervals.fiellerInterval(a, b),
          };
        }),
      ];
    }),
  );
}

const singles = {
  wilsonInterval: (p: Proportion) => intervals.wilsonInterval(p),
  'wilsonInterval (continuity)': (p: Proportion) => intervals.wilsonInterval(p, { continuity: true }),
  clopperPearsonInterval: (p: Proportion) => intervals.clopperPearsonInterval(p),
  jeffreysInterval: (p: Proportion) => intervals.jeffreysInterval(p),
} as const;
const doubles = {
  newcombeInterval: intervals.newcombeInterval,
  agrestiCaffoInterval: intervals.agrestiCaffoInterval,
  riskRatioInterval: intervals.riskRatioInterval,
  oddsRatioInterval: intervals.oddsRatioInterval,
} as const;

function covers(result: IntervalLike, truth: number): boolean | undefined {
  if (result.status !== 'ok') return undefined;
  return result.interval[0] <= truth + 1e-12 && result.interval[1] >= truth - 1e-12;
}

/** The exact coverage of the intervals of one proportion: the sum over all outcomes. */
export function exactCoverage(method: keyof typeof singles, n: number, ps: readonly number[]): readonly number[] {
  const results = Array.from({ length: n + 1 }, (_, successes) => singles[method]({ successes, trials: n }));
  return ps.map((p) =>
    results.reduce((sum, result, x) => sum + (covers(result, p) ? binomialDistribution.pmf(x, n, p) : 0), 0),
  );
}

/** Intervals of one proportion and of two, summed over all outcomes: no simulation. */
export function proportionCells(): readonly Cell[] {
  const shares = [0.5, 0.1, 0.01, 0.002];
  const exact = { standardError: 0, exact: true, inconclusive: 0 };
  const one = (Object.keys(singles) as (keyof typeof singles)[]).flatMap((interval) =>
    [100, 1000].flatMap((n) =>
      exactCoverage(interval, n, shares).map((coverage, i) => ({
        interval,
        population: `Bernoulli(${shares[i]})`,
        n: String(n),
        coverage,
        ...exact,
      })),
    ),
  );
  const two = (Object.keys(doubles) as (keyof typeof doubles)[]).flatMap((interval) =>
    shares.flatMap((p) =>
      [
        [100, 100],
        [500, 50],
      ].map(([n1, n2]) => ({
        interval,
        population: `Bernoulli(${p})`,
        n: `${n1} + ${n2}`,
        ...twoProportions(interval, p, n1!, n2!),
      })),
    ),
  );
  return [...one, ...two];
}

function twoProportions(interval: keyof typeof doubles, p: number, n1: number, n2: number): Coverage {
  const truth = interval === 'riskRatioInterval' || interval === 'oddsRatioInterval' ? 1 : 0;
  const likely = (n: number): readonly (readonly [x: number, mass: number])[] =>
    Array.from({ length: n + 1 }, (_, x) => [x, binomialDistribution.pmf(x, n, p)] as const).filter(
      ([, m]) => m > 1e-9,
    );
  let [covered, concluded] = [0, 0];
  for (const [x1, mass1] of likely(n1)) {
    for (const [x2, mass2] of likely(n2)) {
      const hit = covers(doubles[interval]({ successes: x1, trials: n1 }, { successes: x2, trials: n2 }), truth);
      if (hit === undefined) continue;
      concluded += mass1 * mass2;
      if (hit) covered += mass1 * mass2;
    }
  }
  return { coverage: covered / concluded, standardError: 0, exact: true, inconclusive: Math.max(0, 1 - concluded) };
}

const errors: Readonly<Record<string, (rng: Rng) => number>> = {
  'normal errors': normal,
  'exponential errors': (rng) => exponential(rng) - 1,
  'lognormal(1.5) errors': (rng) => Math.exp(1.5 * normal(rng)) - Math.exp(1.125),
};
const errorVariance: Readonly<Record<string, number>> = {
  'normal errors': 1,
  'exponential errors': 1,
  'lognormal(1.5) errors': Math.exp(2.25) * (Math.exp(2.25) - 1),
};

/** RMSE, R² and correlations of predictions with errors of several shapes. */
export function regressionCells(runs: number, seed = 'regression'): readonly Cell[] {
  return Object.entries(errors).flatMap(([population, error]) =>
    [30, 300].flatMap((n) => {
      const rng = createRng(seed).fork(`${population} ${n}`);
      const variance = errorVariance[population]!;
      const sd = Math.sqrt(variance);
      // y = prediction + error, with a prediction of the error's own spread: R² and the squared correlation are 1/2.
      const truths = { rootMeanSquareInterval: sd, rSquaredInterval: 0.5, pearsonTest: Math.SQRT1_2 };
      return over(runs, { population, n: String(n) }, truths, () => {
        const predicted = Array.from({ length: n }, () => sd * normal(rng));
        const actual = predicted.map((value) => value + error(rng));
        const squares = new Moments().pushAll(actual.map((value, i) => (value - predicted[i]!) ** 2));
        return {
          rootMeanSquareInterval: rootMeanSquareInterval(squares),
          rSquaredInterval: rSquaredInterval(actual, predicted),
          pearsonTest: pearsonTest(predicted, actual),
        };
      });
    }),
  );
}

/** Spearman's interval for normal pairs, whose rank correlation is known: (6/π) asin(r / 2). */
export function spearmanCells(runs: number, seed = 'spearman'): readonly Cell[] {
  return [0, 0.5, 0.9].flatMap((r) =>
    [30, 300].flatMap((n) => {
      const rng = createRng(seed).fork(`${r} ${n}`);
      const truths = { spearmanTest: (6 / Math.PI) * Math.asin(r / 2) };
      return over(runs, { population: `normal pairs, r = ${r}`, n: String(n) }, truths, () => {
        const x = Array.from({ length: n }, () => normal(rng));
        const y = x.map((value) => r * value + Math.sqrt(1 - r * r) * normal(rng));
        return { spearmanTest: spearmanTest(x, y) };
      });
    }),
  );
}

/** The area under the ROC curve of normal scores: AUC = Φ(shift / √2). */
export function aucCells(runs: number, seed = 'auc'): readonly Cell[] {
  const areas = [
    [0, 0.5],
    [1.190_232_323_172_98, 0.8],
    [2.326_174_307_353_348, 0.95],
  ] as const;
  return areas.flatMap(([shift, auc]) =>
    [
      [20, 20],
      [100, 100],
      [20, 500],
    ].flatMap(([positives, negatives]) => {
      const rng = createRng(seed).fork(`${auc} ${positives} ${negatives}`);
      const labels = [...new Array<1>(positives!).fill(1), ...new Array<0>(negatives!).fill(0)];
      const where = { population: `normal scores, AUC ${auc}`, n: `${positives} + ${negatives}` };
      return over(runs, where, { rocAucInterval: auc }, () => ({
        rocAucInterval: rocAucInterval(
          labels.map((label) => normal(rng) + label * shift),
          labels,
        ),
      }));
    }),
  );
}

/** The F1 score of a model with the given recall and false positive rate, one positive in five. */
export function f1Cells(runs: number, seed = 'f1'): readonly Cell[] {
  return [
    [0.9, 0.02],
    [0.6, 0.1],
  ].flatMap(([recall, alarms]) =>
    [100, 1000].flatMap((n) => {
      const rng = createRng(seed).fork(`${recall} ${n}`);
      const [tp, fp, fn] = [0.2 * recall!, 0.8 * alarms!, 0.2 * (1 - recall!)];
      const truths = { fBetaInterval: (2 * tp) / (2 * tp + fp + fn) };
      return over(runs, { population: `recall ${recall}, false positives ${alarms}`, n: String(n) }, truths, () => {
        const table = new ConfusionTable();
        for (let i = 0; i < n; i += 1) {
          const actual = rng.next() < 0.2;
          table.push(rng.next() < (actual ? recall! : alarms!), actual);
        }
        return { fBetaInterval: fBetaInterval(table, 1) };
      });
    }),
  );
}

/** Bootstrap intervals of the mean of 30 values. */
export function bootstrapCells(runs: number, seed = 'bootstrap'): readonly Cell[] {
  const mean = (xs: readonly number[]): number => {
    let sum = 0;
    for (const x of xs) sum += x;
    return sum / xs.length;
  };
  return populations
    .filter(({ name }) => /^(normal|exponential|lognormal)/.test(name))
    .flatMap((population) => {
      const rng = createRng(seed).fork(population.name);
      const truths = { 'bootstrapInterval (bca)': population.mean, 'bootstrapInterval (percentile)': population.mean };
      let run = 0;
      return over(runs, { population: population.name, n: '30' }, truths, () => {
        const sample = Array.from({ length: 30 }, () => population.draw(rng));
        run += 1;
        const options = { replicates: 999, rng: rng.fork(run) };
        return {
          'bootstrapInterval (bca)': bootstrapInterval(sample, mean, options),
          'bootstrapInterval (percentile)': bootstrapInterval(sample, mean, {
            ...options,
            rng: rng.fork(run),
            method: 'percentile',
          }),
        };
      });
    });
}
