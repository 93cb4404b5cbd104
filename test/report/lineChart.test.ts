import { describe, expect, it } from 'vitest';
import { lineChart } from '../../src/report/lineChart.ts';
import type { VegaLiteSpec } from '../../src/report/VegaLiteSpec.ts';

const layers = (spec: VegaLiteSpec): string[] =>
  (spec.layer as unknown as { mark: { type: string } }[]).map(({ mark }) => mark.type);
const points = [
  { x: 100, y: 0.02, lower: -0.03, upper: 0.07 },
  { x: 200, y: Number.NaN, lower: 0.001, upper: Number.POSITIVE_INFINITY },
];

describe('lineChart', () => {
  it('is plain JSON: a band, a line, and a rule for each limit', () => {
    const spec = lineChart({
      series: [{ name: 'lift', points }],
      limits: [0, 0.05],
      title: 'Lift',
      xTitle: 'requests',
    });
    expect(JSON.parse(JSON.stringify(spec))).toEqual(spec);
    expect(layers(spec)).toEqual(['area', 'line', 'rule', 'rule']);
    expect(spec).toMatchObject({ title: 'Lift', width: 600, height: 300 });
  });

  it('leaves out what is not finite', () => {
    const { data } = lineChart({ series: [{ name: 'lift', points }] }) as unknown as { data: { values: unknown[] } };
    expect(data.values[1]).toEqual({ series: 'lift', x: 200, y: null, lower: 0.001, upper: null });
  });

  it('has no band without intervals, a legend from two lines on, and the axes it is asked for', () => {
    const bare = [{ x: 1, y: 2 }];
    const one = lineChart({ series: [{ name: 'a', points: bare }] });
    expect(layers(one)).toEqual(['line']);
    expect(JSON.stringify(one)).toContain('"legend":null');
    const two = lineChart({
      series: [
        { name: 'a', points: bare },
        { name: 'b', points: bare },
      ],
      xType: 'temporal',
      zero: true,
    });
    expect(JSON.stringify(two)).not.toContain('"legend"');
    expect(JSON.stringify(two)).toContain('"type":"temporal"');
    expect(JSON.stringify(two)).toContain('"zero":true');
  });
});
