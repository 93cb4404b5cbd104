import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventExcessLogEValue } from '../../../src/stats/sequential/index.ts';
import { expectClose } from '../../support/golden.ts';

/** The expected factor of one more trial, by all that can happen in it. */
function expectedFactor(
  before: { first: number; second: number; quiet: number },
  share: number,
  [p1, p2]: readonly [number, number],
  options: { nullValue?: number; allowance?: number },
): number {
  const at = (more: Partial<typeof before>): number => {
    const counts = { ...before };
    for (const [key, add] of Object.entries(more)) counts[key as keyof typeof counts] += add;
    return eventExcessLogEValue([{ ...counts, share }], options);
  };
  const now = at({});
  const factor = (log: number): number => Math.exp(log - now);
  return (
    share * (p1 * factor(at({ first: 1 })) + (1 - p1)) +
    (1 - share) * (p2 * factor(at({ second: 1 })) + (1 - p2) * factor(at({ quiet: 1 })))
  );
}

describe('eventExcessLogEValue', () => {
  const probability = fc.double({ min: 0, max: 0.3, noNaN: true });
  const count = fc.integer({ min: 0, max: 40 });
  const world = fc.record({
    share: fc.double({ min: 0.02, max: 0.98, noNaN: true }),
    p2: probability,
    nullValue: fc.constantFrom(0.5, 1, 2),
    allowance: fc.constantFrom(0, 0.01, 0.1),
    before: fc.record({ first: count, second: count, quiet: count }),
  });

  it('grows by nothing on average at the edge of the null, whatever was seen, and by something beyond', () => {
    fc.assert(
      fc.property(world, ({ share, p2, nullValue, allowance, before }) => {
        const options = { nullValue, allowance };
        const edge = nullValue * (p2 + allowance * (1 - p2));
        fc.pre(edge < 0.9);
        expectClose(expectedFactor(before, share, [edge, p2], options), 1, 1e-9);
        expect(expectedFactor(before, share, [edge * 0.9, p2], options)).toBeLessThanOrEqual(1 + 1e-12);
        expect(expectedFactor(before, share, [edge + 0.05, p2], options)).toBeGreaterThan(1);
      }),
      { seed: 42, numRuns: 300 },
    );
  });

  it('is the mean over the excesses that are bet on', () => {
    // Five failures beside one, a fifth of the traffic.
    const bets = [1.5, 2.5, 5, 20].map((r) => (r / (0.2 * r + 0.8)) ** 5 / (0.2 * r + 0.8));
    expectClose(
      Math.exp(eventExcessLogEValue([{ first: 5, second: 1, share: 0.2 }])),
      bets.reduce((a, b) => a + b) / 5,
      1e-12,
    );
    expectClose(
      eventExcessLogEValue([{ first: 3, second: 0, share: 1e-6 }]),
      Math.log((1.5 ** 3 + 2.5 ** 3 + 5 ** 3 + 20 ** 3 + 1e18) / 5),
      1e-3,
    );
  });

  it('does not care how epochs of one share are cut, and carries the excess over a change of shares', () => {
    const whole = eventExcessLogEValue([{ first: 8, second: 3, share: 0.5, quiet: 90 }], { allowance: 0.01 });
    const parts = [
      { first: 5, second: 0, share: 0.5, quiet: 40 },
      { first: 3, second: 3, share: 0.5, quiet: 50 },
    ];
    expectClose(eventExcessLogEValue(parts, { allowance: 0.01 }), whole, 1e-12);
    const ramped = eventExcessLogEValue([
      { first: 6, second: 0, share: 0.1 },
      { first: 6, second: 0, share: 0.5 },
    ]);
    expectClose(ramped, Math.log((10 ** 6 * 2 ** 6) / 5), 0.2);
    expect(eventExcessLogEValue([])).toBe(0);
    expect(eventExcessLogEValue([{ first: 0, second: 0, share: 0.5 }])).toBe(0);
  });

  it('allows what is allowed', () => {
    const seen = [{ first: 30, second: 0, share: 0.5, quiet: 970 }];
    expect(eventExcessLogEValue(seen)).toBeGreaterThan(15);
    expect(eventExcessLogEValue(seen, { allowance: 0.01 })).toBeGreaterThan(5);
    expect(eventExcessLogEValue(seen, { allowance: 0.03 })).toBeLessThan(1);
  });
});
