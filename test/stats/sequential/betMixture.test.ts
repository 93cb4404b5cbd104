import { expect, it } from 'vitest';
import { logBetMixture } from '../../../src/stats/sequential/betMixture.ts';

it('wins without limit from a payoff without limit', () => {
  expect(logBetMixture([Number.POSITIVE_INFINITY, 0], [1, 3])).toBe(Number.POSITIVE_INFINITY);
});
