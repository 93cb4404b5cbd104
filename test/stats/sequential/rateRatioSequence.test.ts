import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { multinomialLogEValue, rateRatioLogEValue, rateRatioSequence } from '../../../src/stats/sequential/index.ts';
import { expectClose } from '../../support/golden.ts';
import { conclusive, expectSound } from './support.ts';

const rate = (successes: number, trials: number) => ({ successes, trials });
const counts = fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 400, max: 20_000 }));
const alternatives = fc.constantFrom('two-sided', 'less', 'greater') as fc.Arbitrary<'two-sided' | 'less' | 'greater'>;

describe('rateRatioSequence', () => {
  it('answers 0 of 1000 against 30 of 1000', () => {
    const result = conclusive(rateRatioSequence([{ first: rate(30, 1000), second: rate(0, 1000) }]));
    expect(result.pValue).toBeLessThan(1e-6);
    expect(result.estimate).toBe(Number.POSITIVE_INFINITY);
    expect(result.interval[0]).toBeGreaterThan(3);
    const turned = conclusive(rateRatioSequence([{ first: rate(0, 1000), second: rate(30, 1000) }]));
    expect(turned.estimate).toBe(0);
    expect(turned.interval[0]).toBe(0);
    expectClose(turned.interval[1], 1 / result.interval[0], 1e-9);
    expectClose(turned.logEValue!, result.logEValue!, 1e-12);
  });

  it('is the mixture of the Jeffreys prior and the concentrated one', () => {
    const epochs = [{ first: rate(12, 1000), second: rate(31, 1000), share: 0.5 }];
    const near = multinomialLogEValue([{ counts: [12, 31], shares: [0.5, 0.5] }], { concentration: 40 });
    const far = multinomialLogEValue([{ counts: [12, 31], shares: [0.5, 0.5] }], { concentration: 1 });
    const want = Math.log((Math.exp(near) + Math.exp(far)) / 2);
    expectClose(rateRatioLogEValue(epochs, { concentration: 40 }), want, 1e-10);
  });

  it('is sound: estimate inside, p-value and interval agree on every side', () => {
    fc.assert(
      fc.property(
        counts,
        counts,
        alternatives,
        fc.constantFrom(1, 0.5, 3),
        ([a, n], [b, m], alternative, nullValue) => {
          fc.pre(a + b > 0);
          const epochs = [{ first: rate(a, n), second: rate(b, m) }];
          const result = conclusive(rateRatioSequence(epochs, { alternative, nullValue }));
          expectSound(result, nullValue);
          if (a > 0 && b > 0) expectClose(result.estimate, a / n / (b / m), 1e-9);
          expectClose(rateRatioLogEValue(epochs, { alternative, nullValue }), result.logEValue!, 1e-12);
        },
      ),
      { seed: 42, numRuns: 150 },
    );
  });

  it('has an e-value that rises with the distance of the null, so that the interval is all it accepts', () => {
    fc.assert(
      fc.property(counts, counts, alternatives, ([a, n], [b, m], alternative) => {
        fc.pre(a > 0 && b > 0);
        const epochs = [{ first: rate(a, n), second: rate(b, m) }];
        const at = (log: number) => rateRatioLogEValue(epochs, { alternative, nullValue: Math.exp(log) });
        const centre = Math.log(a / n / (b / m));
        for (const direction of [-1, 1]) {
          if ((alternative === 'greater' && direction > 0) || (alternative === 'less' && direction < 0)) continue;
          let before = Math.log(2);
          for (let step = 0.02; step < 8; step *= 1.3) {
            const value = at(centre + direction * step);
            // Only above the threshold of any usable alpha does it matter.
            if (before > Math.log(2)) expect(value).toBeGreaterThan(before - 1e-9);
            before = value;
          }
        }
      }),
      { seed: 42, numRuns: 60 },
    );
  });

  it('follows planned shares through a ramp', () => {
    // Equal rates of 1 %, shares 5 %, 20 %, 50 %.
    const epochs = [0.05, 0.2, 0.5].map((share) => ({
      first: rate(200 * share, 20_000 * share),
      second: rate(200 * (1 - share), 20_000 * (1 - share)),
      share,
    }));
    const result = conclusive(rateRatioSequence(epochs));
    expectClose(result.estimate, 1, 1e-9);
    expect(result.pValue).toBe(1);
    expectSound(result, 1);
    const triple = epochs.map((epoch) => ({ ...epoch, first: rate(3 * epoch.first.successes, epoch.first.trials) }));
    const worse = conclusive(rateRatioSequence(triple, { alternative: 'greater' }));
    expectClose(worse.estimate, 3, 1e-9);
    expect(worse.pValue).toBeLessThan(1e-6);
    expectSound(worse, 1);
  });

  it('leaves out epochs without a comparison, and waits for a success', () => {
    const epochs = [
      { first: rate(0, 0), second: rate(9, 900) },
      { first: rate(4, 100), second: rate(3, 100) },
    ];
    expectClose(conclusive(rateRatioSequence(epochs)).estimate, 4 / 3, 1e-12);
    expect(rateRatioSequence([epochs[0]!])).toMatchObject({
      status: 'inconclusive',
      validity: 'anytime',
      n: [0, 900],
      reason: 'there is no success in either sample yet',
    });
    const turned = { first: rate(9, 900), second: rate(0, 0) };
    expectClose(conclusive(rateRatioSequence([turned, epochs[1]!])).estimate, 4 / 3, 1e-12);
    expect(rateRatioLogEValue([turned])).toBe(0);
    expect(rateRatioSequence([{ first: rate(0, 5), second: rate(0, 5) }]).status).toBe('inconclusive');
    expect(rateRatioLogEValue([{ first: rate(0, 5), second: rate(0, 5) }])).toBe(0);
    expect(rateRatioLogEValue([epochs[0]!])).toBe(0);
  });

  it('refuses what cannot be', () => {
    const good = { first: rate(1, 5), second: rate(1, 5) };
    expect(() => rateRatioSequence([])).toThrow('epochs');
    expect(() => rateRatioSequence([{ ...good, first: rate(6, 5) }])).toThrow('epochs[0].first.successes');
    expect(() => rateRatioSequence([{ ...good, share: 1 }])).toThrow('epochs[0].share');
    expect(() => rateRatioSequence([good], { nullValue: 0 })).toThrow('nullValue');
    expect(() => rateRatioSequence([good], { concentration: -1 })).toThrow('concentration');
  });
});
