import { describe, expect, it } from 'vitest';
import { asymptoticMeanSequence, pairedDifferenceSequence } from '../../../src/stats/sequential/index.ts';
import { conclusive } from './support.ts';

describe('pairedDifferenceSequence', () => {
  it('is the sequence of the mean of the differences under its own name', () => {
    const moments = { n: 4000, mean: 0.01, variance: 0.05 };
    const paired = conclusive(pairedDifferenceSequence(moments));
    expect(paired).toEqual({ ...asymptoticMeanSequence(moments), method: 'paired-difference-sequence' });
    expect(pairedDifferenceSequence({ n: 20, mean: 1, variance: 1 }).method).toBe('paired-difference-sequence');
  });
});
