import { expect, it } from 'vitest';
import { proportionPower } from '../../../src/stats/power/index.ts';

it('tells certainties apart on the side on which they differ', () => {
  const n = [5, 5] as const;
  const power = (p1: number, p2: number, alternative: 'two-sided' | 'greater' | 'less') =>
    proportionPower({ p1, p2, n, alternative, formula: 'unpooled' });
  expect([power(0, 1, 'less'), power(0, 1, 'greater'), power(0, 1, 'two-sided')]).toEqual([1, 0, 1]);
  expect([power(1, 0, 'less'), power(1, 0, 'greater'), power(1, 0, 'two-sided')]).toEqual([0, 1, 1]);
  expect(power(1, 1, 'two-sided')).toBe(0);
});
