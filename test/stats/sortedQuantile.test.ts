import { expect, it } from 'vitest';
import { sortedQuantile } from '../../src/stats/sortedQuantile.ts';

it('reads the order statistics themselves where the gap between them leaves the doubles', () => {
  const ends = [-Number.MAX_VALUE, Number.MAX_VALUE];
  expect([sortedQuantile(ends, 0), sortedQuantile(ends, 1)]).toEqual(ends);
});
