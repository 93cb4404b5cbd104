import { describe, expect, it } from 'vitest';
import { rankSigned } from '../../../src/stats/tests/rankSigned.ts';

const noise = 1e-9;
const differences = Float64Array.of(3, -1, 1 + 0.5e-9, 0, -2, 0.5e-9, 2 - 0.5e-9, 5);

describe('rankSigned', () => {
  it('ties what differs by less than the noise, in the ranks of the exact distribution too', () => {
    const ranked = rankSigned(differences, noise, 'wilcox');
    expect(ranked).toMatchObject({ positives: 4, negatives: 2, zeros: 2, positiveSum: 16, negativeSum: 5, tied: true });
    expect([...ranked.ranks()]).toEqual([1.5, 1.5, 3.5, 3.5, 5, 6]);
  });

  it('ranks zeros below, where they are to count', () => {
    const pratt = rankSigned(differences, noise, 'pratt');
    expect(pratt).toMatchObject({ positiveSum: 24, negativeSum: 9, zeros: 2 });
    expect([...pratt.ranks()]).toEqual([3.5, 3.5, 5.5, 5.5, 7, 8]);
    // Each zero has rank 1.5.
    expect(rankSigned(differences, noise, 'zsplit')).toMatchObject({ positiveSum: 25.5, negativeSum: 10.5 });
  });

  it('has no ties without any', () => {
    const ranked = rankSigned(Float64Array.of(4, -1, 2), 0, 'wilcox');
    expect(ranked).toMatchObject({ positiveSum: 5, negativeSum: 1, variance: 3.5, tied: false });
    expect([...ranked.ranks()]).toEqual([1, 2, 3]);
  });
});
