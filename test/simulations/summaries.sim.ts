import { createRng, exponential, normal, type Rng, shuffle } from '../../src/random/index.ts';
import { QuantileSketch, Reservoir } from '../../src/stats/summaries/index.ts';
import { checkRates, rateOf } from './rates.ts';
import type { Simulation } from './Simulation.ts';

const PROBABILITIES = [0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999];
const K = 32;

/** The errors in rank of a sketch, relative to the stated ones. */
function rankErrors(sketch: QuantileSketch, sorted: Float64Array): number[] {
  return PROBABILITIES.map((p) => {
    const value = sketch.quantile(p);
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sorted[middle]! <= value) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, Math.abs(low / sorted.length - p) - 1 / sorted.length) / sketch.rankError(p);
  });
}

function sketchOf(rng: Rng, xs: Float64Array, parts: number): QuantileSketch {
  const length = Math.ceil(xs.length / parts);
  const sketches = Array.from({ length: parts }, (_, i) =>
    new QuantileSketch({ k: K }).pushAll(xs.subarray(i * length, (i + 1) * length)),
  );
  // Merged in random order, two at a time.
  const pile = [...shuffle(rng, sketches)];
  while (pile.length > 1) pile.push(pile.shift()!.merge(pile.shift()!));
  return pile[0]!;
}

/** The stated errors of summaries that forget. */
export const simulations: readonly Simulation[] = [
  {
    name: 'quantile sketch: rank error',
    claim:
      'the true rank of a quantile lies within rankError(p) of p in all but one query in a thousand, merged or not',
    run({ full }) {
      const streams = full ? 600 : 40;
      const n = full ? 50_000 : 20_000;
      const draws: readonly ((rng: Rng) => number)[] = [
        normal,
        (rng) => Math.exp(2 * exponential(rng)),
        (rng) => rng.next(),
      ];
      let [queries, beyond, worst] = [0, 0, 0];
      for (let stream = 0; stream < streams; stream += 1) {
        const rng = createRng(`sketch-${stream}`);
        const draw = draws[stream % draws.length]!;
        const xs = Float64Array.from({ length: n }, () => draw(rng));
        const sorted = xs.slice().sort();
        for (const parts of [1, 2, 7, 16]) {
          for (const error of rankErrors(sketchOf(rng, xs, parts), sorted)) {
            queries += 1;
            if (error > 1) beyond += 1;
            worst = Math.max(worst, error);
          }
        }
      }
      const limit = queries / 1000;
      return {
        measured: { queries, 'beyond the stated error': beyond, 'worst error, in stated ones': worst },
        passed: beyond <= limit + 3 * Math.sqrt(limit),
        detail: `${streams} streams of ${n}, k = ${K}, in 1, 2, 7 and 16 parts; at most one in 1000 and 3 standard errors`,
      };
    },
  },
  {
    name: 'reservoir: every observation is as likely to be kept',
    claim: '30 of 300 kept: each with probability 0.1, the first and the last, merged or not',
    run({ full }) {
      const runs = full ? 100_000 : 10_000;
      const xs = Float64Array.from({ length: 300 }, (_, i) => i);
      const kept = (rng: Rng): Float64Array => {
        const [a, b] = ['a', 'b'].map((label) => new Reservoir({ capacity: 30, rng: rng.fork(label) }));
        return a!
          .pushAll(xs.subarray(0, 40))
          .merge(b!.pushAll(xs.subarray(40, 250)))
          .pushAll(xs.subarray(250)).values;
      };
      return checkRates(
        runs,
        [0, 39, 40, 249, 250, 299].map((position) => ({
          name: `position ${position}`,
          rate: rateOf(runs, 'reservoir', (rng) => kept(rng).includes(position)),
          rule: 'close to' as const,
          target: 0.1,
        })),
      );
    },
  },
];
