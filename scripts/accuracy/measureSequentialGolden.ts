import { readFileSync } from 'node:fs';
import {
  asymptoticDifferenceSequence,
  asymptoticMeanSequence,
  betaMixtureLogEValue,
  classicalBoundaries,
  groupSequentialBoundaries,
  hwangShihDeCaniSpending,
  informationSequence,
  logRatioInformation,
  multinomialLogEValue,
  normalMixtureBoundary,
  obrienFlemingSpending,
  pocockSpending,
  powerSpending,
} from '../../src/stats/sequential/index.ts';
import { Moments } from '../../src/stats/summaries/index.ts';
import type { EstimateResult } from '../../src/stats/types.ts';
import { Tally, type TestAccuracy } from './Tally.ts';

// biome-ignore lint/suspicious/noExplicitAny: the shape is that of a JSON file and differs from case to case
type Json = any;

const REFERENCE = 'mpmath, 50 digits';
const read = (name: string): Json =>
  JSON.parse(readFileSync(new URL(`../../test/golden/${name}.json`, import.meta.url), 'utf8'));

function halfWidth(result: EstimateResult): number {
  return result.status === 'ok' ? (result.interval[1] - result.interval[0]) / 2 : Number.NaN;
}
function logEValue(result: EstimateResult): number {
  return result.status === 'ok' ? result.logEValue! : Number.NaN;
}

function measureMixtures(tally: Tally, { id, kind, input, expected }: Json): void {
  if (kind === 'msprtNormal') {
    const part = { estimate: input.difference, information: input.n / input.pairVariance };
    const result = informationSequence(part, { rho: 1 / input.tau2, alpha: input.alpha, nullValue: input.theta0 });
    tally.add('informationSequence log e-value', REFERENCE, id, logEValue(result), expected.logLambda);
    tally.add('informationSequence half-width', REFERENCE, id, halfWidth(result), expected.halfWidth);
  }
  if (kind === 'asymptoticCs' && input.n > 1) {
    const options = { alpha: input.alpha, horizon: input.tuningN, burnIn: 2, nullValue: input.nullValue };
    const result = asymptoticMeanSequence({ n: input.n, mean: input.estimate, variance: input.variance }, options);
    tally.add('asymptoticMeanSequence log e-value', REFERENCE, id, logEValue(result), expected.logEValue);
    tally.add('asymptoticMeanSequence half-width', REFERENCE, id, halfWidth(result), expected.halfWidth);
  }
  if (kind === 'asymptoticCsTwoSample') {
    const first = { n: input.n1, mean: input.difference, variance: input.variance1 };
    const second = { n: input.n2, mean: 0, variance: input.variance2 };
    const options = { alpha: input.alpha, horizon: input.tuningN, standardError: 'welch' } as const;
    const result = asymptoticDifferenceSequence(first, second, options);
    tally.add('asymptoticDifferenceSequence log e-value', REFERENCE, id, logEValue(result), expected.logEValue);
    tally.add('asymptoticDifferenceSequence half-width', REFERENCE, id, halfWidth(result), expected.halfWidth);
  }
  if (kind === 'sequentialSrm') {
    const counts: number[] = input.probabilities.map(() => 0);
    for (const [look, increment] of input.increments.entries()) {
      for (const [i, more] of increment.entries()) counts[i]! += more;
      const got = multinomialLogEValue([{ counts, shares: input.probabilities }], {
        concentration: input.concentration,
      });
      tally.add('multinomialEProcess log e-value', REFERENCE, `${id} ${look}`, got, expected.logBayesFactor[look]);
    }
  }
}

function measureGroups(tally: Tally, { id, kind, input, expected }: Json): void {
  if (kind !== 'groupSequential') return;
  const { method, alpha, sides, looks, informationFractions } = input;
  const spending = {
    obrienFleming: () => obrienFlemingSpending({ alpha, sides }),
    pocock: () => pocockSpending({ alpha }),
    power3: () => powerSpending({ alpha, power: 3 }),
    linear: () => powerSpending({ alpha }),
    'hwangShihDeCani-4': () => hwangShihDeCaniSpending({ alpha }),
  }[input.spending as string];
  const got =
    method === 'lanDeMets'
      ? groupSequentialBoundaries({ informationFractions, sides, spending: spending!() })
      : classicalBoundaries({ looks, alpha, sides, shape: method === 'pocock' ? 'pocock' : 'obrien-fleming' });
  const name = method === 'lanDeMets' ? 'groupSequentialBoundaries z' : 'classicalBoundaries z';
  for (const [i, z] of expected.zBoundaries.entries()) {
    tally.add(name, 'recursive integration, 160 nodes', `${id} ${i}`, got.zBoundaries[i]!, z);
  }
}

function measureCanary(tally: Tally): void {
  const judge = read('canary-judge');
  for (const { V, alpha, u } of judge.boundary) {
    const got = normalMixtureBoundary(V, { rho: judge.rho, alpha, alternative: 'greater' });
    tally.add('normalMixtureBoundary, one-sided', 'NumPy', `V ${V}`, got, u);
  }
  for (const { k, n, p0, logE } of judge.errorE) {
    const got = betaMixtureLogEValue({ successes: k, trials: n }, { nullValue: p0, alternative: 'greater' });
    tally.add('betaMixtureEProcess log e-value', 'NumPy', `${k} of ${n}`, got, logE);
  }
  for (const [i, want] of judge.rmseRatio.entries()) {
    const squares = (n: number, error: (k: number) => number): Moments =>
      new Moments().pushAll(Array.from({ length: n }, (_, k) => error(k + 1) ** 2));
    const canary = squares(want.nCanary, (k) => want.scale * Math.SQRT2 * Math.sin(0.7 * k));
    const baseline = squares(want.nBaseline, (k) => Math.SQRT2 * Math.sin(1.3 * k + 0.5));
    const { estimate, information } = logRatioInformation(canary, baseline, { exponent: 0.5 });
    tally.add('logRatioInformation information', 'NumPy', `case ${i}`, information, want.V);
    tally.add('logRatioInformation estimate', 'NumPy', `case ${i}`, estimate, want.logRatio);
  }
}

/** The sequential methods against their golden files. */
export function measureSequentialGolden(): readonly TestAccuracy[] {
  const tally = new Tally();
  for (const entry of read('sequential').cases) {
    measureMixtures(tally, entry);
    measureGroups(tally, entry);
  }
  measureCanary(tally);
  return tally.rows();
}
