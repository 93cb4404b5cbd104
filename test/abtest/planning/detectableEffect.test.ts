import { describe, expect, it } from 'vitest';
import { ABTest, detectableEffect } from '../../../src/abtest/index.ts';
import { expectClose } from '../../support/golden.ts';

describe('detectableEffect', () => {
  it('is the effect that a plan of so many requests finds', () => {
    const { requests } = ABTest.plan({ baseline: { mean: 10, sd: 3 }, effect: { relative: 0.02 }, inference: 'fixed' });
    expectClose(detectableEffect({ baseline: { mean: 10, sd: 3 }, requests }), 0.2, 0.01);
  });

  it('is smaller where the same requests are scored by both', () => {
    const baseline = { mean: 10, sd: 3 };
    const split = detectableEffect({ baseline, requests: 1000 });
    const paired = detectableEffect({ baseline, requests: 1000, mode: 'paired', disagreement: 1 });
    expect(paired).toBeLessThan(split / 4);
  });

  it('refuses too few requests', () => {
    expect(() => detectableEffect({ baseline: { rate: 0.5 }, requests: 3 })).toThrow('requests');
  });
});
