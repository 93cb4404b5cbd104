import { expect, it } from 'vitest';
import { shareLogEValue } from '../../../src/stats/sequential/shareMixture.ts';
import { expectClose } from '../../support/golden.ts';

const epochs = [{ first: 3, second: 2, share: 0.5 }];
const priors = [
  { a: 1, b: 1 },
  { a: 5, b: 2 },
];

it('is the mean of the e-values under each prior', () => {
  const each = priors.map((prior) => shareLogEValue({ epochs, priors: [prior], alternative: 'two-sided' }, 0.3));
  const mean = each.reduce((sum, log) => sum + Math.exp(log), 0) / each.length;
  expectClose(shareLogEValue({ epochs, priors, alternative: 'two-sided' }, 0.3), Math.log(mean), 1e-12);
});

it('is infinite, not NaN, where the null rules out what was seen', () => {
  for (const some of [priors, priors.slice(1)]) {
    for (const far of [-800, 800]) {
      expect(shareLogEValue({ epochs, priors: some, alternative: 'two-sided' }, far)).toBe(Number.POSITIVE_INFINITY);
    }
  }
});
