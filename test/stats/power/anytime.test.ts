import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng, normal } from '../../../src/random/index.ts';
import { anytimePower, anytimeSampleSize } from '../../../src/stats/power/index.ts';
import { asymptoticMeanSequence } from '../../../src/stats/sequential/index.ts';
import { Moments } from '../../../src/stats/summaries/index.ts';
import { expectClose } from '../../support/golden.ts';

describe('anytimeSampleSize', () => {
  it('agrees with 400 watched experiments within their standard error', () => {
    // The long version, with more designs, is test/simulations/intervals.sim.ts.
    const plan = anytimeSampleSize({ effectSize: 0.3, paired: true, horizon: 200, burnIn: 30 });
    const rng = createRng(42);
    let [stopped, sum] = [0, 0];
    for (let run = 0; run < 400; run += 1) {
      const moments = new Moments();
      let at = 0;
      while (at < plan.total) {
        moments.push(0.3 + normal(rng));
        at += 1;
        const result = asymptoticMeanSequence(moments, { horizon: 200, burnIn: 30 });
        if (result.status === 'ok' && result.interval[0] > 0) {
          stopped += 1;
          break;
        }
      }
      sum += at;
    }
    expect(Math.abs(stopped / 400 - 0.8)).toBeLessThan(3 * Math.sqrt((0.8 * 0.2) / 400) + 0.01);
    expect(Math.abs(sum / 400 / plan.expectedStop - 1)).toBeLessThan(0.06);
  });
  it('is the inverse of anytimePower', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.02, max: 0.5, noNaN: true }),
        fc.constantFrom(0.5, 0.8, 0.95),
        fc.constantFrom('two-sided', 'greater'),
        fc.boolean(),
        (effectSize, power, alternative, paired) => {
          const design = { effectSize, alternative, paired } as const;
          const { total, horizon, medianStop, expectedStop, fixedTotal } = anytimeSampleSize({ ...design, power });
          const burnIn = paired ? 100 : 200;
          if (total > burnIn) expect(Math.abs(anytimePower({ ...design, total, horizon }) - power)).toBeLessThan(0.01);
          expect(medianStop).toBeLessThanOrEqual(total);
          expect(expectedStop).toBeLessThanOrEqual(total);
          if (total > burnIn) expect(total).toBeGreaterThan(fixedTotal);
        },
      ),
      { seed: 42, numRuns: 40 },
    );
  });
  it('needs a quarter of the observations for twice the effect, and four times as many where groups are not paired', () => {
    const small = anytimeSampleSize({ effectSize: 0.02, burnIn: 2, horizon: 80_000 });
    const large = anytimeSampleSize({ effectSize: 0.04, burnIn: 2, horizon: 20_000 });
    const paired = anytimeSampleSize({ effectSize: 0.02, burnIn: 2, horizon: 20_000, paired: true });
    expectClose(small.total / large.total, 4, 0.02);
    expectClose(small.total / paired.total, 4, 0.02);
  });
  it('tunes the sequence to the size that comes out, unless told how to', () => {
    for (const effectSize of [0.05, 0.3]) {
      const tuned = anytimeSampleSize({ effectSize, paired: true });
      expect(Math.abs(tuned.horizon - tuned.total)).toBeLessThanOrEqual(2e-3 * tuned.total + 1);
      // (1.96 + 0.84)² / effect².
      expectClose(tuned.fixedTotal, 7.8489 / effectSize ** 2, 0.01);
      const told = anytimeSampleSize({ effectSize, paired: true, horizon: 5000 });
      expect(told.horizon).toBe(5000);
      expect(told.total).toBeGreaterThan(0.99 * tuned.total);
    }
  });
  it('splits the total by the shares, and needs more the more unequal they are', () => {
    const even = anytimeSampleSize({ effectSize: 0.1 });
    const uneven = anytimeSampleSize({ effectSize: 0.1, shares: [0.9, 0.1] });
    expect(uneven.total).toBeGreaterThan(2 * even.total);
    expectClose(uneven.n[0]! / uneven.n[1]!, 9, 0.01);
    expect(anytimeSampleSize({ effectSize: 0.1, paired: true }).n).toHaveLength(1);
  });
  it('takes the sign of the effect as given, and stops no sooner than the burn-in', () => {
    expect(anytimeSampleSize({ effectSize: -0.1 })).toEqual(anytimeSampleSize({ effectSize: 0.1 }));
    expect(anytimeSampleSize({ effectSize: 5 })).toMatchObject({ total: 200, n: [100, 100], medianStop: 200 });
  });
  it('has no power before the burn-in and all of it in the end', () => {
    expect(anytimePower({ effectSize: 0.1, total: 199 })).toBe(0);
    expect(anytimePower({ effectSize: 0.1, total: 1e6 })).toBeGreaterThan(0.999);
    let last = 0;
    for (let total = 200; total < 8000; total += 200) {
      const power = anytimePower({ effectSize: 0.1, total });
      expect(power).toBeGreaterThanOrEqual(last);
      last = power;
    }
  });
  it('refuses designs that are none', () => {
    expect(() => anytimeSampleSize({ effectSize: 0 })).toThrow('effectSize must be other than 0');
    expect(() => anytimeSampleSize({ effectSize: 0.1, paired: true, shares: [0.5, 0.5] })).toThrow(
      'shares must be left out where paired',
    );
    expect(() => anytimeSampleSize({ effectSize: 0.1, paired: 1 as never })).toThrow('paired must be');
    expect(() => anytimeSampleSize({ effectSize: 0.1, shares: [0.5, 0.6] })).toThrow('shares that sum to 1');
    expect(() => anytimeSampleSize({ effectSize: 0.1, shares: [1, 0] })).toThrow('shares must be greater than 0 each');
    expect(() => anytimeSampleSize({ effectSize: 0.1, shares: [1] as never })).toThrow('shares must be two shares');
    expect(() => anytimeSampleSize({ effectSize: 0.1, horizon: 0 })).toThrow('horizon must be');
    expect(() => anytimePower({ effectSize: 0.1, total: -1 })).toThrow('total must be');
    expect(() => anytimePower({ effectSize: -0.1, total: 1, alternative: 'greater' })).toThrow('effectSize must be');
    expect(() => anytimeSampleSize({ effectSize: 0.1, burnIn: 1 })).toThrow('burnIn must be');
    expect(() => anytimeSampleSize({ effectSize: 0.1, size: 1 } as never)).toThrow('options.size must be left out');
  });
});
