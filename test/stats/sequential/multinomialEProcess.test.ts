import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { multinomialEProcess, multinomialLogEValue } from '../../../src/stats/sequential/index.ts';
import { expectClose, type GoldenFile, readGolden } from '../../support/golden.ts';
import { conclusive, expectSound } from './support.ts';

interface Input {
  probabilities: number[];
  concentration: number;
  increments: number[][];
}
const golden = readGolden<GoldenFile<Input, { logBayesFactor: number[]; alwaysValidP: number[] }>>('sequential.json');
const count = fc.integer({ min: 0, max: 3000 });

describe('multinomialEProcess', () => {
  for (const { id, kind, input, expected } of golden.cases) {
    if (kind !== 'sequentialSrm') continue;
    it(`agrees with the reference: ${id}`, () => {
      const counts = input.probabilities.map(() => 0);
      let p = 1;
      for (const [look, increment] of input.increments.entries()) {
        for (const [i, more] of increment.entries()) counts[i]! += more;
        const epochs = [{ counts, shares: input.probabilities }];
        const result = conclusive(multinomialEProcess(epochs, { concentration: input.concentration }));
        expectClose(result.logEValue!, expected.logBayesFactor[look]!, 1e-10, `look ${look}`);
        p = Math.min(p, result.pValue);
        expectClose(p, expected.alwaysValidP[look]!, 1e-10, `p at ${look}`);
        expect(multinomialLogEValue(epochs, { concentration: input.concentration })).toBe(result.logEValue);
      }
    });
  }

  it('is the product of the predictive probabilities, one observation after the other', () => {
    const shares = [0.5, 0.3, 0.2];
    const counts = [0, 0, 0];
    let product = 0;
    for (let i = 0; i < 200; i += 1) {
      const group = (i * i + 3 * i) % 7 < 4 ? 0 : i % 3;
      product += Math.log((100 * shares[group]! + counts[group]!) / (100 + i) / shares[group]!);
      counts[group]! += 1;
    }
    expectClose(multinomialLogEValue([{ counts, shares }]), product, 1e-9);
  });

  it('speaks within a tolerance against every deviation up to it: the least of their likelihood ratios', () => {
    const deviation = fc.double({ min: 0.7, max: 1.4, noNaN: true });
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 200_000 }),
        deviation,
        fc.double({ min: 0.05, max: 0.95, noNaN: true }),
        fc.constantFrom(0.001, 0.01, 0.1),
        (n, multiplier, share, tolerance) => {
          const b = Math.round((n * share * multiplier) / (1 - share + share * multiplier));
          const epochs = [{ counts: [n - b, b], shares: [1 - share, share] }];
          const logLikelihood = (m: number): number => {
            const p = (share * m) / (1 - share + share * m);
            return (b === 0 ? 0 : b * Math.log(p)) + (n === b ? 0 : (n - b) * Math.log1p(-p));
          };
          const predictive = multinomialLogEValue(epochs) + logLikelihood(1);
          let most = Number.NEGATIVE_INFINITY;
          for (let i = -500; i <= 500; i += 1) most = Math.max(most, logLikelihood((1 - tolerance) ** (i / 500)));
          const found = multinomialLogEValue(epochs, { tolerance });
          // The grid may miss the peak, by less than its step squared times the information.
          const slack = (Math.log1p(-tolerance) / 500) ** 2 * n + 1e-6;
          expect(found).toBeLessThanOrEqual(predictive - most + 1e-6);
          expect(found).toBeGreaterThanOrEqual(predictive - most - slack);
        },
      ),
      { seed: 42, numRuns: 100 },
    );
  });

  it('says less the more it tolerates, and without a tolerance what it said, whatever the epochs', () => {
    const epoch = fc.tuple(count, count, fc.double({ min: 0.02, max: 0.98, noNaN: true }));
    fc.assert(
      fc.property(fc.array(epoch, { minLength: 1, maxLength: 3 }), (rows) => {
        const epochs = rows.map(([a, b, share]) => ({ counts: [a, b], shares: [1 - share, share] }));
        const plain = multinomialLogEValue(epochs);
        const told = [1e-12, 0.001, 0.01, 0.1].map((tolerance) => multinomialLogEValue(epochs, { tolerance }));
        expectClose(told[0]!, plain, 1e-6);
        for (const [i, log] of told.entries()) expect(log).toBeLessThanOrEqual((told[i - 1] ?? plain) + 1e-6);
      }),
      { seed: 42, numRuns: 100 },
    );
  });

  it('tolerates what is lost of one of several groups, and nothing where nothing was planned', () => {
    const shares = [0.5, 0.3, 0.2];
    const lost = (fraction: number) => [{ counts: [5e6, 3e6 * (1 - fraction), 2e6], shares }];
    expect(multinomialLogEValue(lost(0.009))).toBeGreaterThan(20);
    expect(multinomialLogEValue(lost(0.009), { tolerance: 0.01 })).toBeLessThan(0);
    expect(multinomialLogEValue(lost(0.02), { tolerance: 0.01 })).toBeGreaterThan(20);
    const stray = [{ counts: [10, 1], shares: [1, 0] }];
    expect(multinomialLogEValue(stray, { tolerance: 0.5 })).toBe(Number.POSITIVE_INFINITY);
    expect(multinomialLogEValue([{ counts: [0, 0], shares: [0.5, 0.5] }], { tolerance: 0.5 })).toBe(0);
    // A plan that sends all to one group says nothing of the rest of the plan, and nor does an epoch without anyone.
    const certain = { counts: [0, 30], shares: [0, 1] };
    expect(multinomialLogEValue([certain], { tolerance: 0.01 })).toBe(0);
    const [empty, full] = [
      [0, 0],
      [400, 600],
    ].map((counts) => ({ counts, shares: [0.5, 0.5] })) as never as [never, never];
    expect(multinomialLogEValue([empty, full], { tolerance: 0.01 })).toBe(
      multinomialLogEValue([full], { tolerance: 0.01 }),
    );
    expect(multinomialLogEValue([full], { tolerance: 0.01 })).toBeGreaterThan(10);
  });

  it('is sound for two groups: estimate inside, p-value and interval agree', () => {
    fc.assert(
      fc.property(count, count, fc.double({ min: 0.02, max: 0.98, noNaN: true }), (a, b, share) => {
        fc.pre(a + b > 0);
        const result = conclusive(multinomialEProcess([{ counts: [a, b], shares: [1 - share, share] }]));
        expect(result.group).toBe(1);
        expectSound(result, 1);
        if (a > 0 && b > 0) expectClose(result.estimate, (b / a) * ((1 - share) / share), 1e-9);
      }),
      { seed: 42, numRuns: 200 },
    );
  });

  it('does not care where an epoch is cut while the shares stand', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(count, count, count), { minLength: 1, maxLength: 4 }), (increments) => {
        const shares = [0.6, 0.3, 0.1];
        const whole = shares.map((_, i) => increments.reduce((sum, next) => sum + next[i]!, 0));
        const cut = multinomialLogEValue(increments.map((counts) => ({ counts, shares })));
        expectClose(cut, multinomialLogEValue([{ counts: whole, shares }]), 1e-8, '', 1);
      }),
      { seed: 42, numRuns: 100 },
    );
  });

  it('is as calm about planned changes of shares as about none, and still sees a loss through them', () => {
    const plan = [
      [0.99, 0.01],
      [0.9, 0.1],
      [0.5, 0.5],
    ].map((shares) => ({ shares, n: 20_000 }));
    const healthy = plan.map(({ shares, n }) => ({ shares, counts: shares.map((share) => share * n) }));
    expect(conclusive(multinomialEProcess(healthy)).pValue).toBe(1);
    // The challenger loses 6 % of its exposures at every share: pooled over the epochs nobody would know the plan.
    const lossy = plan.map(({ shares, n }) => ({ shares, counts: [shares[0]! * n, shares[1]! * n * 0.94] }));
    const result = conclusive(multinomialEProcess(lossy));
    expect(result.pValue).toBeLessThan(1e-4);
    expectClose(result.estimate, 0.94, 1e-9);
    expect(result.interval[1]).toBeLessThan(1);
  });

  it('names the group that deviates among several', () => {
    const result = conclusive(multinomialEProcess([{ counts: [4000, 4000, 1700], shares: [0.4, 0.4, 0.2] }]));
    expect(result.group).toBe(2);
    expect(result.interval[1]).toBeLessThan(1);
    expectClose(result.estimate, 1700 / 8000 / (0.2 / 0.8), 1e-12);
  });

  it('takes groups with share 0 as what they are', () => {
    const calm = conclusive(multinomialEProcess([{ counts: [50, 50, 0], shares: [0.5, 0.5, 0] }]));
    expect(calm.pValue).toBe(1);
    const ghost = conclusive(multinomialEProcess([{ counts: [50, 50, 1], shares: [0.5, 0.5, 0] }]));
    expect(ghost).toMatchObject({ pValue: 0, logEValue: Number.POSITIVE_INFINITY });
    expect(ghost.warnings).toHaveLength(1);
    const lone = conclusive(multinomialEProcess([{ counts: [50, 2], shares: [1, 0] }]));
    expect(lone.interval).toEqual([0, Number.POSITIVE_INFINITY]);
    const joined = [
      { counts: [500, 500, 0], shares: [0.5, 0.5, 0] },
      { counts: [300, 300, 400], shares: [0.3, 0.3, 0.4] },
    ];
    expect(conclusive(multinomialEProcess(joined)).pValue).toBe(1);
  });

  it('gives equal counts an interval around 1', () => {
    const { estimate, interval } = conclusive(multinomialEProcess([{ counts: [50, 50], shares: [0.5, 0.5] }]));
    expect(estimate).toBe(1);
    expect(interval[0]).toBeLessThan(0.9);
    expectClose(interval[0] * interval[1], 1, 1e-12);
  });

  it('learns nothing of a group from an epoch that gave it everything', () => {
    const later = { counts: [300, 200, 250], shares: [0.5, 0.3, 0.2] };
    const { group, estimate, interval } = conclusive(multinomialEProcess([later]));
    const joined = multinomialEProcess([{ counts: [500, 0, 0], shares: [1, 0, 0] }, later]);
    expect(joined).toMatchObject({ group, estimate, interval });
    const lone = multinomialEProcess([{ counts: [500, 0, 0], shares: [1, 0, 0] }]);
    expect(lone).toMatchObject({ estimate: Number.POSITIVE_INFINITY, interval: [0, Number.POSITIVE_INFINITY] });
  });

  it('shares alpha out among the groups', () => {
    // Against two others of equal share a group's own interval is the two-group one at a third of alpha.
    const shares = [0.25, 0.25, 0.5];
    const three = conclusive(multinomialEProcess([{ counts: [300, 300, 900], shares }], { alpha: 0.3 }));
    const two = multinomialEProcess([{ counts: [600, 900], shares: [0.5, 0.5] }], { alpha: 0.1 });
    expect(three.group).toBe(2);
    expectClose(three.interval[0], conclusive(two).interval[0], 1e-9);
    expectClose(three.interval[1], conclusive(two).interval[1], 1e-9);
  });

  it('names the group with the most evidence wherever it stands', () => {
    const shares = [0.25, 0.25, 0.5];
    expect(conclusive(multinomialEProcess([{ counts: [900, 1000, 2000], shares }])).group).toBe(0);
    expect(conclusive(multinomialEProcess([{ counts: [1000, 900, 2000], shares }])).group).toBe(1);
  });

  it('waits for counts and refuses what cannot be', () => {
    expect(multinomialEProcess([{ counts: [0, 0], shares: [0.5, 0.5] }])).toMatchObject({
      status: 'inconclusive',
      validity: 'anytime',
    });
    expect(() => multinomialEProcess([{ counts: [1, 1], shares: [0.5, 0.5] }], { beta: 1 } as never)).toThrow(
      'options.beta',
    );
    expect(multinomialLogEValue([{ counts: [0, 0], shares: [0.5, 0.5] }])).toBe(0);
    expect(() => multinomialEProcess([])).toThrow('epochs must be at least one epoch');
    expect(() => multinomialEProcess([{ counts: [1], shares: [1] }])).toThrow('epochs');
    expect(() => multinomialEProcess([{ counts: [1, -1], shares: [0.5, 0.5] }])).toThrow('epochs[0].counts[1]');
    expect(() => multinomialEProcess([{ counts: [1, 1], shares: [0.5, 0.4] }])).toThrow('sum to 1');
    expect(() => multinomialEProcess([{ counts: [1, 1], shares: [0.5, 0.25, 0.25] }])).toThrow('epochs[0].shares');
    const more = [
      { counts: [1, 1], shares: [0.5, 0.5] },
      { counts: [1, 1, 1], shares: [0.5, 0.25, 0.25] },
    ];
    expect(() => multinomialEProcess(more)).toThrow('epochs[1].counts');
    expect(() => multinomialEProcess([{ counts: [1, 1], shares: [0.5, 0.5] }], { concentration: 0 })).toThrow(
      'concentration',
    );
  });
});
