import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  combineInformation,
  informationSequence,
  logRatioInformation,
  logRatioSequence,
  normalMixtureBoundary,
  stagedLogRatioSequence,
} from '../../../src/stats/sequential/index.ts';
import { expectClose, readGolden } from '../../support/golden.ts';
import { conclusive, expectSound, momentsOf } from './support.ts';

interface JudgeCase {
  logRatio: number;
  ratio: number;
  V: number;
  score: number;
  boundary01: number;
  lower: number;
  upper: number;
  scale: number;
  nCanary: number;
  nBaseline: number;
}
const judge = readGolden<{ rho: number; rmseRatio: JudgeCase[] }>('canary-judge.json');
const squares = (n: number, error: (i: number) => number) =>
  momentsOf(Array.from({ length: n }, (_, i) => error(i + 1) ** 2));
const sample = fc.record({
  n: fc.integer({ min: 100, max: 100_000 }),
  mean: fc.double({ min: 0.05, max: 20, noNaN: true }),
  variance: fc.double({ min: 1e-3, max: 1e2, noNaN: true }),
});

describe('stagedLogRatioSequence', () => {
  for (const [i, want] of judge.rmseRatio.entries()) {
    it(`is the sequential judge of the canary: case ${i}`, () => {
      const canary = squares(want.nCanary, (k) => want.scale * Math.SQRT2 * Math.sin(0.7 * k));
      const baseline = squares(want.nBaseline, (k) => Math.SQRT2 * Math.sin(1.3 * k + 0.5));
      const { estimate, information } = logRatioInformation(canary, baseline, { exponent: 0.5 });
      expectClose(estimate, want.logRatio, 1e-9, 'logRatio');
      expectClose(information, want.V, 1e-9, 'V');
      expectClose(information * estimate, want.score, 1e-9, 'score');
      const options = { rho: judge.rho, alpha: 0.01, alternative: 'greater' } as const;
      expectClose(normalMixtureBoundary(information, options), want.boundary01, 1e-9, 'boundary');

      const common = { exponent: 0.5, burnIn: 30 };
      // The reference has the lower bound at the level of FAIL, 1 %, and the upper one at that of PASS, 5 %.
      const lower = conclusive(
        stagedLogRatioSequence([[canary, baseline]], { ...common, alpha: 0.01, alternative: 'greater' }),
      );
      const upper = conclusive(stagedLogRatioSequence([[canary, baseline]], { ...common, alternative: 'less' }));
      expectClose(lower.estimate, want.ratio, 1e-9, 'ratio');
      expectClose(Math.log(lower.interval[0]), want.lower, 1e-9, 'lower');
      expectClose(Math.log(upper.interval[1]), want.upper, 1e-9, 'upper');
    });
  }

  it('combines stages by inverse variance, and leaves out those that are too small', () => {
    const stages = [
      [
        { n: 50, mean: 2, variance: 1 },
        { n: 450, mean: 1, variance: 1 },
      ],
      [
        { n: 100, mean: 3, variance: 1 },
        { n: 300, mean: 2, variance: 1 },
      ],
      [
        { n: 5, mean: 90, variance: 1 },
        { n: 300, mean: 2, variance: 1 },
      ],
    ] as const;
    const parts = stages.slice(0, 2).map(([a, b]) => logRatioInformation(a, b));
    const whole = combineInformation(parts);
    const result = conclusive(stagedLogRatioSequence(stages));
    expectClose(Math.log(result.estimate), whole.estimate, 1e-12);
    expectClose(result.standardError! ** -2, parts[0]!.information + parts[1]!.information, 1e-12);
    expect(result.n).toEqual([150, 750]);
    const direct = conclusive(informationSequence(whole, { rho: 100 / 11.5 }));
    expectClose(result.logEValue!, direct.logEValue!, 1e-12);
    expectClose(Math.log(result.interval[1]), direct.interval[1], 1e-12);
  });

  it('counts no stage that is short on one side only, or has no ratio', () => {
    const good = { n: 200, mean: 2, variance: 1 };
    const alone = stagedLogRatioSequence([[good, good]]);
    for (const stage of [
      [good, { ...good, n: 9 }],
      [{ ...good, n: 9 }, good],
      [good, { ...good, mean: 0 }],
      [{ ...good, mean: -1 }, good],
    ] as const) {
      expect(stagedLogRatioSequence([stage, [good, good]])).toEqual(alone);
    }
  });

  it('does not mistake drift between stages for a difference (Simpson)', () => {
    // Equal models; the error doubles while the canary goes from 10 % to 50 %.
    const stages = [
      [
        { n: 100, mean: 1, variance: 1 },
        { n: 900, mean: 1, variance: 1 },
      ],
      [
        { n: 500, mean: 2, variance: 4 },
        { n: 500, mean: 2, variance: 4 },
      ],
    ] as const;
    expect(conclusive(stagedLogRatioSequence(stages)).estimate).toBe(1);
  });

  it('waits without stages', () => {
    expect(stagedLogRatioSequence([])).toMatchObject({ status: 'inconclusive', n: [0, 0] });
    expect(() => stagedLogRatioSequence([], { rho: -1 })).toThrow('rho');
    expect(() => stagedLogRatioSequence([], { horizon: 5 } as never)).toThrow('options.horizon must be left out');
  });
});

describe('logRatioSequence', () => {
  it('is sound, and inverts with the samples', () => {
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        const forward = conclusive(logRatioSequence(a, b, { nullValue: 1.1 }));
        expectSound(forward, 1.1);
        const back = conclusive(logRatioSequence(b, a, { nullValue: 1 / 1.1 }));
        expectClose(back.logEValue!, forward.logEValue!, 1e-9, '', 1e-3);
        expectClose(back.interval[0], 1 / forward.interval[1], 1e-9);
        for (const alternative of ['less', 'greater'] as const)
          expectSound(conclusive(logRatioSequence(a, b, { alternative })), 1);
      }),
      { seed: 42, numRuns: 300 },
    );
  });

  it('does not care for the unit, from 1e-9 to 1e9', () => {
    fc.assert(
      fc.property(sample, sample, fc.double({ min: -9, max: 9, noNaN: true }), (a, b, power) => {
        const scale = 10 ** power;
        const to = ({ n, mean, variance }: typeof a) => ({ n, mean: mean * scale, variance: variance * scale ** 2 });
        const one = conclusive(logRatioSequence(a, b));
        const two = conclusive(logRatioSequence(to(a), to(b)));
        expectClose(two.estimate, one.estimate, 1e-12);
        expectClose(two.logEValue!, one.logEValue!, 1e-9, '', 1);
      }),
      { seed: 42, numRuns: 200 },
    );
  });

  it('estimates the ratio of the means, whatever it is held against', () => {
    const [a, b] = [
      { n: 300, mean: 3, variance: 1 },
      { n: 200, mean: 2, variance: 1 },
    ];
    const at = (nullValue: number) => conclusive(logRatioSequence(a, b, { nullValue }));
    for (const nullValue of [0.5, 1, 1.5, 4]) expectClose(at(nullValue).estimate, 1.5, 1e-12);
    expect(at(1.5).pValue).toBe(1);
    expect(at(4).pValue).toBeLessThan(1e-9);
  });

  it('has no ratio where a mean is not positive, and says so', () => {
    const good = { n: 200, mean: 1, variance: 1 };
    for (const bad of [
      { ...good, mean: 0 },
      { ...good, mean: -1 },
    ]) {
      expect(logRatioSequence(good, bad)).toMatchObject({
        status: 'inconclusive',
        validity: 'anytime',
        reason: 'the log-ratio needs positive means and observations that vary',
      });
      expect(logRatioSequence(bad, good)).toMatchObject({ status: 'inconclusive' });
    }
    expect(logRatioSequence({ ...good, variance: 0 }, { ...good, variance: 0 }).status).toBe('inconclusive');
    expect(logRatioSequence({ ...good, n: 99 }, good)).toMatchObject({
      reason: 'burn-in: sample 1 has 99 of 100 observations',
    });
    expect(() => logRatioSequence(good, good, { nullValue: 0 })).toThrow('nullValue must be a ratio greater than 0');
    expect(() => logRatioSequence(good, good, { exponent: 0 })).toThrow('exponent');
  });
});
