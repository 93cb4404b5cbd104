import { describe, expect, it } from 'vitest';
import { sparkline } from '../../../src/core/text/sparkline.ts';

describe('sparkline', () => {
  it('runs from the foot to the top', () => {
    expect(sparkline([1, 2, 3, 4, 5, 6, 7, 8])).toBe('▁▂▃▄▅▆▇█');
    expect(sparkline([1, 2, 3, 5, 8])).toBe('▁▂▃▅█');
    expect(sparkline([8, 1])).toBe('█▁');
  });

  it('holds to the bounds it is given', () => {
    expect(sparkline([0.5, 2, -1], { min: 0, max: 1 })).toBe('▅█▁');
  });

  it('leaves a gap for what is not finite, and runs level where nothing varies', () => {
    expect(sparkline([1, Number.NaN, 2, Number.POSITIVE_INFINITY])).toBe('▁ █ ');
    expect(sparkline([3, 3, 3])).toBe('▄▄▄');
    expect(sparkline([Number.NaN])).toBe(' ');
    expect(sparkline([])).toBe('');
  });

  it('averages a long series into its width', () => {
    const rising = Array.from({ length: 800 }, (_, i) => i);
    expect(sparkline(rising, { width: 8 })).toBe('▁▂▃▄▅▆▇█');
    expect(sparkline([0, 0, Number.NaN, 7, 1e9], { width: 4 })).toHaveLength(4);
    expect(sparkline([1, Number.NaN, Number.NaN, Number.NaN, 2, 2], { width: 3 })).toBe('▁ █');
  });
});
