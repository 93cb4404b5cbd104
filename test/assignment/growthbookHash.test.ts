import { describe, expect, it } from 'vitest';
import { growthbookBucket, growthbookHash } from '../../src/assignment/growthbookHash.ts';
import { InvalidOptionError } from '../../src/core/errors.ts';
import { readGolden } from '../support/golden.ts';

const golden = readGolden<{ growthbook: [seed: string, text: string, version: 1 | 2, bucket: number][] }>(
  'assignment.json',
);

describe('growthbookHash', () => {
  it('gives the vectors of an independent implementation', () => {
    expect(golden.growthbook.length).toBeGreaterThan(100);
    for (const [seed, text, version, bucket] of golden.growthbook) {
      expect(growthbookBucket(seed, text, version), JSON.stringify([seed, text, version])).toBe(bucket);
      expect(growthbookHash(seed, text, version)).toBe(bucket / (version === 1 ? 1000 : 10_000));
    }
  });

  it('knows numbers by their text, 0 among them', () => {
    for (const version of [1, 2] as const) {
      expect(growthbookHash('exp', 0, version)).toBe(growthbookHash('exp', '0', version));
      expect(growthbookHash('exp', 12n, version)).toBe(growthbookHash('exp', '12', version));
    }
  });

  it('refuses other versions and what is not a unit', () => {
    expect(() => growthbookHash('exp', 'a', 3 as 2)).toThrow('version must be 1 or 2, got 3');
    expect(() => growthbookHash('exp', '', 1)).toThrow(InvalidOptionError);
  });
});
