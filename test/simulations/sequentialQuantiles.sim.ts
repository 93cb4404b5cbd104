import { exponential, type Rng } from '../../src/random/index.ts';
import {
  groupSequentialBoundaries,
  quantileDifferenceSequence,
  quantileSequence,
} from '../../src/stats/sequential/index.ts';
import type { Simulation, SimulationResult, SimulationScale } from './Simulation.ts';
import { alarmRate, each, exactly, looks, type Source, sources } from './sequentialSupport.ts';

const ALPHA = 0.05;
const { lognormal, normal: gaussian } = sources;

const quantileSources: Record<string, { draw: (rng: Rng) => number; at: (p: number) => number }> = {
  exponential: { draw: (rng) => exponential(rng), at: (p) => -Math.log1p(-p) },
  // Rounded to tenths: many ties, and the quantile is one of the atoms.
  'exponential in tenths': {
    draw: (rng) => Math.ceil(10 * exponential(rng)) / 10,
    at: (p) => Math.ceil(-10 * Math.log1p(-p)) / 10,
  },
};

function quantiles({ full }: SimulationScale): SimulationResult {
  const repetitions = full ? 500 : 40;
  const cases: Record<string, { p: number; source: string }> = {};
  for (const source of Object.keys(quantileSources)) {
    for (const p of [0.5, 0.95]) cases[`${source}, p = ${p}`] = { p, source };
  }
  return each('quantile', { repetitions, how: 'every 1 % up to n = 1000' }, cases, (rng, { p, source }) => {
    const { draw, at } = quantileSources[source]!;
    const values: number[] = [];
    return looks(10, 1000, 10).some((look) => {
      while (values.length < look) values.push(draw(rng));
      const result = quantileSequence(Float64Array.from(values).sort(), {
        quantile: p,
        horizon: 500,
        nullValue: at(p),
      });
      return result.status === 'ok' && result.pValue <= ALPHA;
    });
  });
}

function quantileDifferences({ full }: SimulationScale): SimulationResult {
  const repetitions = full ? 400 : 40;
  const sample = ({ draw }: Source, n: number, rng: Rng, into: number[]): Float64Array => {
    while (into.length < n) into.push(draw(rng));
    return Float64Array.from(into).sort();
  };
  const cases = { 'lognormal(1.5), p = 0.5': [lognormal, 0.5], 'normal, p = 0.9': [gaussian, 0.9] } as const;
  return each('quantiles', { repetitions, how: '25 looks up to 800 and 400' }, cases, (rng, [source, quantile]) => {
    const [a, b]: [number[], number[]] = [[], []];
    return Array.from({ length: 25 }, (_, i) => 32 * (i + 1)).some((n) => {
      const [one, two] = [sample(source, n, rng, a), sample(source, n / 2, rng, b)];
      const result = quantileDifferenceSequence(one, two, { quantile, horizon: 300 });
      return result.status === 'ok' && result.pValue <= ALPHA;
    });
  });
}

function groupSequential({ full }: SimulationScale): SimulationResult {
  const repetitions = full ? 400_000 : 40_000;
  const fractions = [0.2, 0.4, 0.6, 0.8, 1];
  const measured: Record<string, number> = {};
  for (const spending of ['obrien-fleming', 'pocock'] as const) {
    const { zBoundaries } = groupSequentialBoundaries({ informationFractions: fractions, spending });
    measured[spending] = alarmRate(`groups/${spending}`, repetitions, (rng) => {
      let score = 0;
      return fractions.some((fraction, i) => {
        score += Math.sqrt(0.2) * gaussian.draw(rng);
        return Math.abs(score) >= zBoundaries[i]! * Math.sqrt(fraction);
      });
    });
  }
  const tolerance = 3 * Math.sqrt((ALPHA * (1 - ALPHA)) / repetitions);
  const passed = Object.values(measured).every((rate) => Math.abs(rate - ALPHA) <= tolerance);
  return { measured, passed, detail: `five looks, ${repetitions} histories, within ${tolerance.toFixed(4)} of 0.05` };
}

export const simulations: readonly Simulation[] = [
  { name: 'quantile sequence', claim: `${exactly}, also where the quantile is an atom`, run: quantiles },
  { name: 'quantile difference sequence', claim: exactly, run: quantileDifferences },
  {
    name: 'group-sequential boundaries',
    claim: 'five planned looks err together with probability 5 %',
    run: groupSequential,
  },
];
