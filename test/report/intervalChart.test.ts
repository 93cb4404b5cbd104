import { describe, expect, it } from 'vitest';
import { intervalChart } from '../../src/report/intervalChart.ts';

const rows = [
  { name: 'RMSE', estimate: -0.04, lower: -0.07, upper: -0.01 },
  { name: 'p95', estimate: 0.1, lower: Number.NEGATIVE_INFINITY, upper: 0.3 },
];

describe('intervalChart', () => {
  it('is plain JSON: a rule and a point for each row, in the order given, and a rule for each limit', () => {
    const spec = intervalChart({ rows, limits: [0] });
    expect(JSON.parse(JSON.stringify(spec))).toEqual(spec);
    expect((spec.layer as unknown as { mark: { type: string } }[]).map(({ mark }) => mark.type)).toEqual([
      'rule',
      'point',
      'rule',
    ]);
    expect(JSON.stringify(spec)).toContain('"sort":null');
    expect(spec.data).toEqual({ values: [rows[0], { ...rows[1], lower: null }] });
  });

  it('grows with its rows unless told otherwise', () => {
    expect(intervalChart({ rows }).height).toBe(88);
    expect(intervalChart({ rows, height: 50 }).height).toBe(50);
  });
});
