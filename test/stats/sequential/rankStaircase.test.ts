import { describe, expect, it } from 'vitest';
import { staircaseAbove, staircaseBelow } from '../../../src/stats/sequential/rankStaircase.ts';

/** Every value is its rank, every e-value its count. */
const stairs = (n: number, p: number) => {
  const bounds = { n, lowest: (rank: number) => rank, highest: (rank: number) => rank } as never;
  const evidence = { tooFewBelow: (count: number) => -count, tooManyBelow: (count: number) => count } as never;
  return { above: staircaseAbove(bounds, evidence, p), below: staircaseBelow(bounds, evidence, p) };
};
const range = (from: number, to: number, step = 1) =>
  Array.from({ length: (to - from) / step + 1 }, (_, i) => from + i * step);

describe('a staircase of ranks', () => {
  it('has a step for each rank of up to 300 observations', () => {
    const { above, below } = stairs(300, 0.5);
    expect([...above.values]).toEqual(range(0, 300));
    expect([...above.logEValues].map((value) => 0 - value)).toEqual(range(0, 300));
    expect([...below.values]).toEqual(range(1, 301));
    expect([...below.logEValues]).toEqual(range(0, 300));
  });

  it('has ten for each standard deviation of more, up to twelve from the quantile, and both ends', () => {
    // n p (1 - p) = 2500.
    const grid = [0, ...range(4400, 5600, 5), 10_000];
    const { above, below } = stairs(10_000, 0.5);
    expect([...above.values]).toEqual(grid);
    expect([...above.logEValues].map((value) => 0 - value)).toEqual([...grid.slice(1).map((k) => k - 1), 10_000]);
    expect([...below.values]).toEqual([...grid.slice(1), 10_001]);
    expect([...below.logEValues]).toEqual(grid);
  });

  it('does not leave the sample where the quantile lies near an end', () => {
    expect([...stairs(1000, 0.1).above.values]).toEqual([...range(0, 214), 1000]);
    expect([...stairs(1000, 0.9).above.values]).toEqual([0, ...range(786, 1000)]);
  });
});
