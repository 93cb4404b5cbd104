import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AssignedDifferenceSequence } from '../../../src/stats/sequential/index.ts';
import { expectClose } from '../../support/golden.ts';
import { conclusive, expectSound } from './support.ts';

const unit = fc.double({ min: 0, max: 1, noNaN: true });
const requests = fc.array(fc.tuple(fc.boolean(), unit), { minLength: 1, maxLength: 80 });
const fill = (sequence: AssignedDifferenceSequence, list: readonly (readonly [boolean, number])[]) => {
  for (const [first, x] of list) sequence.push(first, x);
  return sequence;
};

describe('AssignedDifferenceSequence', () => {
  it('is an exact e-process over the assignment, for any potential outcomes with equal means', () => {
    // Each request has its own outcome, the same under both arms: the strongest null. All 2^10 assignments.
    const outcomes = [0, 1, 0.25, 0.5, 0, 0, 1, 0.75, 0, 0.5];
    for (const [share, anchor] of [
      [0.1, 0],
      [0.3, 0.25],
      [0.8, 0.5],
    ] as const) {
      let expectation = 0;
      for (let code = 0; code < 1024; code += 1) {
        const sequence = new AssignedDifferenceSequence({ share, anchor });
        let probability = 1;
        for (const [i, x] of outcomes.entries()) {
          const first = ((code >> i) & 1) === 1;
          probability *= first ? share : 1 - share;
          sequence.push(first, x);
        }
        expectation += probability * Math.exp(sequence.logEValue({ alternative: 'greater' }));
      }
      expect(expectation).toBeLessThanOrEqual(1 + 1e-12);
      expect(expectation).toBeGreaterThan(0.9);
    }
  });

  it('estimates the difference with its factor, whatever the anchor', () => {
    const list = Array.from({ length: 4000 }, (_, i) => {
      const first = i % 4 === 0;
      return [first, first ? (i % 16 === 0 ? 1 : 0) : i % 40 === 1 ? 1 : 0] as const;
    });
    // Rates 1/4 and 100/3000.
    for (const anchor of [0, 0.1, 0.9]) {
      const plain = fill(new AssignedDifferenceSequence({ share: 0.25, anchor }), list);
      const result = conclusive(plain.estimate());
      expect(result.n).toEqual([1000, 3000]);
      expectClose(result.estimate, 0.25 - 1 / 30, 1e-9);
      expectSound(result, 0);
      const triple = fill(new AssignedDifferenceSequence({ share: 0.25, anchor, factor: 3 }), list);
      expectClose(conclusive(triple.estimate()).estimate, 0.25 - 0.1, 1e-9);
    }
  });

  it('holds the difference against 0, or against what it is told', () => {
    const list = Array.from({ length: 2000 }, (_, i) => [i % 2 === 0, i % 2 === 0 ? 0.7 : 0.4] as const);
    const sequence = fill(new AssignedDifferenceSequence({ share: 0.5, anchor: 0.5 }), list);
    const plain = conclusive(sequence.estimate());
    expect(plain.method).toBe('assigned-difference-sequence');
    expect(plain.logEValue).toBe(sequence.logEValue());
    expect(plain.pValue).toBeLessThan(1e-6);
    const other = conclusive(sequence.estimate({ nullValue: 0.3, alpha: 0.01 }));
    expect(other.level).toBe(0.99);
    expect(other.logEValue).toBe(sequence.logEValue({ nullValue: 0.3 }));
    expect(other.pValue).toBeGreaterThan(0.5);
  });

  it('is narrower with a good anchor', () => {
    const list = Array.from({ length: 3000 }, (_, i) => [i % 2 === 0, 0.5 + 0.1 * Math.sin(i * 1.7)] as const);
    const width = (anchor: number) => {
      const [low, high] = conclusive(
        fill(new AssignedDifferenceSequence({ share: 0.5, anchor }), list).estimate(),
      ).interval;
      return high - low;
    };
    expect(width(0.5)).toBeLessThan(0.5 * width(0));
  });

  it('merges and continues from JSON', () => {
    fc.assert(
      fc.property(requests, requests, (a, b) => {
        const create = () => new AssignedDifferenceSequence({ share: 0.2, anchor: 0.3, factor: 1.2 });
        const whole = fill(fill(create(), a), b);
        const merged = fill(create(), a).merge(fill(create(), b));
        expect(merged.n).toEqual(whole.n);
        expectClose(merged.logEValue(), whole.logEValue(), 1e-10, '', 1);
        const twin = AssignedDifferenceSequence.fromJSON(JSON.parse(JSON.stringify(fill(create(), a))));
        expect(fill(twin, b).toJSON()).toEqual(whole.toJSON());
        expect(twin.estimate()).toEqual(whole.estimate());
      }),
      { seed: 42, numRuns: 30 },
    );
  });

  it('refuses observations outside the range, and options that cannot be', () => {
    const sequence = new AssignedDifferenceSequence({ share: 0.5 }).push(true, 0.5).push(false, Number.NaN);
    expect([sequence.n, sequence.invalid]).toEqual([[1, 0], 1]);
    expect(new AssignedDifferenceSequence({ share: 0.5 }).estimate().status).toBe('inconclusive');
    expect(() => new AssignedDifferenceSequence({ share: 1 })).toThrow('share');
    expect(() => new AssignedDifferenceSequence({ share: 0.5, factor: 0 })).toThrow('factor');
    expect(() => new AssignedDifferenceSequence({ share: 0.5, range: [1, 0] })).toThrow('range[1]');
    const other = new AssignedDifferenceSequence({ share: 0.4 });
    expect(() => other.merge(new AssignedDifferenceSequence({ share: 0.5 }))).toThrow('assigned-difference-sequence');
    for (const change of [{ anchor: 0.1 }, { factor: 2 }]) {
      const unlike = new AssignedDifferenceSequence({ share: 0.4, range: [0, 1], ...change });
      expect(() => other.merge(unlike)).toThrow('assigned-difference-sequence');
    }
    expect(() => AssignedDifferenceSequence.fromJSON({ kind: 'moments' } as never)).toThrow('assigned-difference');
    for (const key of ['share', 'anchor', 'factor', 'first', 'second']) {
      expect(() => AssignedDifferenceSequence.fromJSON({ ...sequence.toJSON(), [key]: 'x' } as never)).toThrow(
        `${key} in the state of a assigned-difference-sequence`,
      );
    }
  });
});
