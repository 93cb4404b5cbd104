import { expect, it } from 'vitest';
import { checkMoments } from '../../src/stats/checkMoments.ts';

it('asks for a mean from one value on, for a variance from two on', () => {
  const { NaN: none } = Number;
  for (const moments of [
    { n: 0, mean: none, variance: none },
    { n: 1, mean: 3, variance: none },
    { n: 2, mean: 3, variance: 0 },
  ]) {
    expect(checkMoments('x', moments)).toBe(moments);
  }
  expect(() => checkMoments('x', { n: 1, mean: none, variance: none })).toThrow('x.mean must be a finite number');
  expect(() => checkMoments('x', { n: 2, mean: 3, variance: none })).toThrow('x.variance must be a finite number');
  expect(() => checkMoments('x', { n: -1, mean: 3, variance: 1 })).toThrow('x.n must be a finite count');
});
