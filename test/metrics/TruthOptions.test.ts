import { describe, expect, it } from 'vitest';
import { resolveTruthOptions, type TruthOptions } from '../../src/metrics/TruthOptions.ts';

describe('resolveTruthOptions', () => {
  it('fills in what is documented', () => {
    expect(resolveTruthOptions({})).toEqual({ capacity: 100_000, windowMs: 2_592_000_000, keepInput: true });
    expect(resolveTruthOptions({ capacity: 3, windowMs: Number.POSITIVE_INFINITY, keepInput: false })).toEqual({
      capacity: 3,
      windowMs: Number.POSITIVE_INFINITY,
      keepInput: false,
    });
  });

  it.each([
    [{ capacity: 0 }, 'truth.capacity'],
    [{ windowMs: Number.NaN }, 'truth.windowMs'],
    [{ keepInput: 'no' }, 'truth.keepInput must be true or false'],
    [{ window: 3 }, 'truth.window must be left out'],
  ])('refuses %j', (options, message) => {
    expect(() => resolveTruthOptions(options as TruthOptions)).toThrow(message);
  });
});
