import { readFileSync } from 'node:fs';
import { normalDistribution } from '../../src/stats/distributions/index.ts';
import { kendallTest } from '../../src/stats/quality/index.ts';
import { quantile } from '../../src/stats/quantiles/index.ts';
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
import type { TestResult } from '../../src/stats/types.ts';
import { Tally, type TestAccuracy } from './Tally.ts';

/** The golden files are read as they are: every field is looked up by name. */
// biome-ignore lint/suspicious/noExplicitAny: the shape is that of a JSON file and differs from case to case
type Json = any;

const ALTERNATIVES = [
  ['two-sided', 'pTwoSided'],
  ['greater', 'pGreater'],
  ['less', 'pLess'],
] as const;

function casesOf(name: string, kind?: string): readonly { id: string; input: Json; expected: Json }[] {
  const text = readFileSync(new URL(`../../test/golden/${name}.json`, import.meta.url), 'utf8');
  const numbers = (_: string, value: unknown): unknown =>
    value === 'Infinity' || value === '-Infinity' || value === 'NaN' ? Number(value) : value;
  const { cases } = JSON.parse(text, numbers) as { cases: readonly Json[] };
  return cases.filter((entry: Json) => kind === undefined || entry.kind === kind);
}

function pValueOf(result: TestResult): number {
  return result.status === 'ok' ? result.pValue : Number.NaN;
}

const EXACT = 'mpmath, 50 digits';
const COUNTS = 'exact integers';

/** The t-tests. */
function measureMeans(tally: Tally): void {
  for (const { id, input, expected } of casesOf('welch')) {
    const s = input.summary;
    const [a, b] = s
      ? [
          { n: s.n1, mean: s.mean1, variance: s.variance1 },
          { n: s.n2, mean: s.mean2, variance: s.variance2 },
        ]
      : [new Moments().pushAll(input.x), new Moments().pushAll(input.y)];
    for (const [name, test, want] of [
      ['welchTest', welchTest, expected.welch],
      ['studentTest', studentTest, expected.student],
    ] as const) {
      if (want.degenerate) continue;
      for (const [alternative, key] of ALTERNATIVES) {
        tally.add(`${name} p-value`, EXACT, id, pValueOf(test(a, b, { alternative })), want[key]);
      }
      const result = test(a, b);
      if (result.status !== 'ok') continue;
      tally.add(`${name} statistic`, EXACT, id, result.statistic, want.statistic);
      result.interval.forEach((bound, i) => {
        tally.add(`${name} interval`, `${EXACT}; in standard errors`, id, bound, want.ci95[i], want.se);
      });
    }
  }
  for (const { id, input, expected } of casesOf('paired', 'pairedT')) {
    if (expected.degenerate) continue;
    for (const [alternative, key] of ALTERNATIVES) {
      tally.add(
        'pairedTTest p-value',
        EXACT,
        id,
        pValueOf(pairedTTest(input.x, input.y, { alternative })),
        expected[key],
      );
    }
  }
}

/** The rank tests and the tests of whole distributions. */
function measureRanks(tally: Tally): void {
  for (const [name, file, kind, run] of [
    ['mannWhitneyTest', 'mannwhitney', undefined, mannWhitneyTest],
    ['wilcoxonTest', 'paired', 'wilcoxonSignedRank', wilcoxonTest],
  ] as const) {
    for (const { id, input, expected } of casesOf(file, kind)) {
      if (expected.degenerate) continue;
      for (const [alternative, key] of ALTERNATIVES) {
        const got = run(input.x, input.y, { method: 'asymptotic', alternative });
        tally.add(`${name} p-value, asymptotic`, EXACT, id, pValueOf(got), expected.asymptotic.continuity[key]);
        if (!expected.exact) continue;
        tally.add(
          `${name} p-value, exact`,
          COUNTS,
          id,
          pValueOf(run(input.x, input.y, { alternative })),
          expected.exact[key],
        );
      }
    }
  }
  for (const { id, input, expected } of casesOf('ks')) {
    const other = input.y ?? ((value: number) => normalDistribution.cdf(value, input.mean, input.sd));
    const limit = kolmogorovSmirnovTest(input.x, other, { method: 'asymptotic' });
    tally.add('kolmogorovSmirnovTest p-value, asymptotic', EXACT, id, pValueOf(limit), expected.pKolmogorov);
    if (expected.pExact === undefined) continue;
    const [samples, reference] = input.y ? ['two samples', COUNTS] : ['one sample', 'SciPy'];
    const exact = kolmogorovSmirnovTest(input.x, other);
    tally.add(`kolmogorovSmirnovTest p-value, exact, ${samples}`, reference!, id, pValueOf(exact), expected.pExact);
  }
  for (const { id, input, expected } of casesOf('correlation')) {
    if (!expected.kendallTauB) continue;
    tally.add(
      'kendallTest p-value',
      'SciPy',
      id,
      pValueOf(kendallTest(input.x, input.y)),
      expected.kendallTauB.pAsymptotic,
    );
  }
}

/** Proportions and tables. */
function measureTables(tally: Tally): void {
  for (const { id, input, expected } of casesOf('proportions', 'twoProportions')) {
    const [a, b] = [
      { successes: input.x1, trials: input.n1 },
      { successes: input.x2, trials: input.n2 },
    ];
    const table = [a, b].map(({ successes, trials }) => [successes, trials - successes]);
    for (const [alternative, key] of ALTERNATIVES) {
      for (const [pooled, want] of [
        [true, expected.zPooled],
        [false, expected.zUnpooled],
      ] as const) {
        if (want.degenerate) continue;
        const got = pValueOf(proportionZTest(a, b, { alternative, pooled }));
        tally.add('proportionZTest p-value', EXACT, id, got, want[key]);
      }
      if (!expected.fisher || expected.zPooled.degenerate) continue;
      tally.add('fisherTest p-value', COUNTS, id, pValueOf(fisherTest(table, { alternative })), expected.fisher[key]);
    }
    if (expected.fisher && !expected.zPooled.degenerate) {
      const result = fisherTest(table);
      if (result.status !== 'ok') continue;
      const { oddsRatioConditionalMle, oddsRatioCi95 } = expected.fisher;
      tally.add('fisherTest odds ratio and interval', EXACT, id, result.estimate, oddsRatioConditionalMle);
      result.interval.forEach((bound, i) => {
        tally.add('fisherTest odds ratio and interval', EXACT, id, bound, oddsRatioCi95[i]);
      });
    }
    measureChiSquared(tally, id, table, expected.chi2);
  }
  for (const { id, input, expected } of casesOf('proportions', 'contingency')) {
    measureChiSquared(tally, id, input.table, expected);
  }
  for (const { id, input, expected } of casesOf('srm')) {
    if (expected.degenerate) continue;
    tally.add(
      'sampleRatioTest p-value',
      EXACT,
      id,
      pValueOf(sampleRatioTest(input.observed, input.weights)),
      expected.p,
    );
  }
  for (const { id, input, expected } of casesOf('paired', 'mcnemar')) {
    if (expected.degenerate) continue;
    for (const [method, want] of [
      ['exact', expected.exact?.pTwoSided],
      ['mid-p', expected.midP?.pTwoSided],
      ['corrected', expected.chi2Corrected?.p],
      ['uncorrected', expected.chi2?.p],
    ] as const) {
      if (want === undefined) continue;
      tally.add('mcnemarTest p-value', COUNTS, id, pValueOf(mcnemarTest(input.table, { method })), want);
    }
  }
}

function measureChiSquared(tally: Tally, id: string, table: readonly (readonly number[])[], want: Json): void {
  if (want.degenerate) return;
  tally.add('chiSquaredTest p-value', EXACT, id, pValueOf(chiSquaredTest(table)), want.p);
  const g = chiSquaredTest(table, { statistic: 'likelihood-ratio' });
  tally.add('chiSquaredTest p-value, likelihood ratio', EXACT, id, pValueOf(g), want.gP);
  if (!want.yates) return;
  tally.add(
    'chiSquaredTest p-value, Yates',
    EXACT,
    id,
    pValueOf(chiSquaredTest(table, { correction: true })),
    want.yates.p,
  );
}

/** Summaries and quantiles. */
function measureSummaries(tally: Tally): void {
  for (const { id, input, expected } of casesOf('moments')) {
    // Whose squares leave the doubles, or that have none.
    if (id === 'tiny-1e-200' || expected.n < 2) continue;
    const m = new Moments().pushAll(input.values);
    tally.add('Moments sum', 'exact rationals', id, m.sum, expected.sum);
    tally.add('Moments variance', 'exact rationals', id, m.variance, expected.varianceSample);
    if (expected.skewness === undefined) continue;
    tally.add('Moments skewness', 'exact rationals; absolute', id, m.skewness, expected.skewness, 1);
    tally.add('Moments kurtosis', 'exact rationals; absolute', id, m.kurtosis, expected.excessKurtosis, 1);
  }
  for (const { id, input, expected } of casesOf('quantile')) {
    const scale = Math.max(...input.values) - Math.min(...input.values);
    expected.probabilities.forEach((p: number, i: number) => {
      const got = quantile(input.values, p);
      tally.add('quantile, type 7', 'exact rationals; share of the range', id, got, expected.linear[i], scale);
    });
  }
}

/** Every test and summary with a golden file, measured against it. */
export function measureTests(): readonly TestAccuracy[] {
  const tally = new Tally();
  measureMeans(tally);
  measureRanks(tally);
  measureTables(tally);
  measureSummaries(tally);
  return tally.rows();
}
