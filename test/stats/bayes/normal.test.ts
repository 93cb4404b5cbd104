import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalDecision, normalDifference, normalPosterior } from '../../../src/stats/bayes/index.ts';
import { expectClose, type GoldenFile, readGolden } from '../../support/golden.ts';

type Input = Record<'meanA' | 'sdA' | 'nA' | 'meanB' | 'sdB' | 'nB' | 'priorMean' | 'priorSd', number>;
type Expected = Record<string, number> & { credible95Difference: [number, number] };
const golden = readGolden<GoldenFile<Input, Expected>>('bayes.json');

describe('golden/bayes.json: normal', () => {
  for (const { id, kind, input, expected } of golden.cases) {
    if (kind !== 'normalKnownVariance') continue;
    it(id, () => {
      const prior = { mean: input.priorMean, sd: input.priorSd };
      const a = normalPosterior(input.meanA, input.sdA / Math.sqrt(input.nA), prior);
      const b = normalPosterior(input.meanB, input.sdB / Math.sqrt(input.nB), prior);
      const decision = normalDecision(normalDifference(b, a));
      const pairs: [number, number, string][] = [
        [a.mean, expected.posteriorMeanA!, 'mean A'],
        [a.sd ** 2, expected.posteriorVarianceA!, 'variance A'],
        [b.mean, expected.posteriorMeanB!, 'mean B'],
        [b.sd ** 2, expected.posteriorVarianceB!, 'variance B'],
        [decision.mean, expected.differenceMean!, 'difference'],
        [decision.sd, expected.differenceSd!, 'sd'],
        [decision.chanceToWin, expected.probBBeatsA!, 'chance'],
        [decision.expectedLossChooseControl, expected.expectedLossChooseA!, 'loss of the control'],
        [decision.expectedLossChooseTreatment, expected.expectedLossChooseB!, 'loss of the treatment'],
        [decision.interval[0], expected.credible95Difference[0], 'lower'],
        [decision.interval[1], expected.credible95Difference[1], 'upper'],
      ];
      for (const [got, want, label] of pairs) expectClose(got, want, 1e-10, label);
    });
  }
});

const belief = fc.record({
  mean: fc.integer({ min: -100, max: 100 }),
  sd: fc.double({ min: 0.01, max: 100, noNaN: true }),
});

describe('normal beliefs', () => {
  it('a posterior lies between prior and estimate, and knows more than either', () => {
    fc.assert(
      fc.property(belief, belief, (data, prior) => {
        const { mean, sd } = normalPosterior(data.mean, data.sd, prior);
        expect(mean).toBeGreaterThanOrEqual(Math.min(data.mean, prior.mean) - 1e-9);
        expect(mean).toBeLessThanOrEqual(Math.max(data.mean, prior.mean) + 1e-9);
        expect(sd).toBeLessThanOrEqual(Math.min(data.sd, prior.sd) * (1 + 1e-12));
        expectClose(1 / sd ** 2, 1 / data.sd ** 2 + 1 / prior.sd ** 2, 1e-9);
      }),
      { seed: 42, numRuns: 200 },
    );
  });
  it('a prior that knows nothing changes nothing', () => {
    expect(normalPosterior(3, 2, { mean: 100, sd: Number.POSITIVE_INFINITY })).toEqual({ mean: 3, sd: 2 });
    expect(normalPosterior(3, 1e-200, { mean: 0, sd: 1e200 })).toEqual({ mean: 3, sd: 1e-200 });
  });
  it('losses: differ by the mean, swap with the sign, scale with the unit', () => {
    fc.assert(
      fc.property(belief, ({ mean, sd }) => {
        const one = normalDecision({ mean, sd });
        const other = normalDecision({ mean: -mean, sd });
        expectClose(one.expectedLossChooseControl - one.expectedLossChooseTreatment, mean, 1e-10, 'mean', 1);
        expect(other.expectedLossChooseControl).toBe(one.expectedLossChooseTreatment);
        expectClose(one.chanceToWin + other.chanceToWin, 1, 1e-14);
        for (const s of [1e-9, 1e9]) {
          const scaled = normalDecision({ mean: mean * s, sd: sd * s });
          expectClose(scaled.expectedLossChooseTreatment / s, one.expectedLossChooseTreatment, 1e-9, 'scale', 1e-290);
        }
      }),
      { seed: 42, numRuns: 200 },
    );
  });
  it.each([
    // mpmath at 30 digits: npdf(z) - z * ncdf(-z)
    [0, 0.3989422804014327],
    [1, 0.0833154705876863],
    [6, 1.5635697959709664e-10],
    [20, 1.3700124947295798e-90],
    [30, 1.6319567340914013e-199],
  ])('the loss at %d standard deviations', (z, want) => {
    expectClose(normalDecision({ mean: z, sd: 1 }).expectedLossChooseTreatment, want, 1e-11);
  });
  it('lose nothing where nothing is left to doubt', () => {
    expect(normalDecision({ mean: 1e200, sd: 1e-200 })).toMatchObject({
      chanceToWin: 1,
      expectedLossChooseTreatment: 0,
      expectedLossChooseControl: 1e200,
    });
  });
  it('refuse what is no belief', () => {
    expect(() => normalPosterior(1, 0, { mean: 0, sd: 1 })).toThrow(
      'standardError must be a finite number greater than 0',
    );
    expect(() => normalPosterior(1, 1, { mean: Number.NaN, sd: 1 })).toThrow('prior.mean');
    expect(() => normalPosterior(1, 1, { mean: 0, sd: -1 })).toThrow('prior.sd');
    expect(() => normalDecision({ mean: 0, sd: Number.POSITIVE_INFINITY })).toThrow('difference.sd');
    expect(() => normalDecision({ mean: 0, sd: 1 }, { level: 0 })).toThrow('level');
    expect(() => normalDifference({ mean: 0, sd: 1 }, { mean: 0, sd: 0 })).toThrow('control.sd');
    expect(() => normalDifference({ mean: Number.NaN, sd: 1 }, { mean: 0, sd: 1 })).toThrow('treatment.mean');
  });
});
