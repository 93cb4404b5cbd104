// A line chart as SVG, for what a reader wants to see without a browser: regret curves with their bands.

/** A named curve; low and high are the ends of its band. */
export interface Curve {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: number; readonly low: number; readonly high: number }[];
}

const COLORS = ['#1b6ca8', '#c8553d', '#3a7d44', '#8d6a9f', '#b08900'];
const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [640, 400, 64, 150, 44, 48];

/** About five round numbers from 0 to `most`. */
function ticks(most: number): readonly number[] {
  const rough = most / 5;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((k) => k * unit).find((s) => s >= rough)!;
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => i * step);
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** The chart: both axes start at 0, names stand at the ends of their curves. */
export function lineChartSvg(title: string, xTitle: string, yTitle: string, curves: readonly Curve[]): string {
  const all = curves.flatMap(({ points }) => points);
  const [right, top] = [Math.max(...all.map(({ x }) => x)), Math.max(...all.map(({ high }) => high))];
  const x = (value: number): string => (LEFT + (value / right) * (WIDTH - LEFT - RIGHT)).toFixed(1);
  const y = (value: number): string => (HEIGHT - BOTTOM - (value / top) * (HEIGHT - TOP - BOTTOM)).toFixed(1);
  const text = (at: string, anchor: string, content: string, extra = ''): string =>
    `<text ${at} text-anchor="${anchor}" ${extra}>${escaped(content)}</text>`;
  const grid = [
    ...ticks(top).map(
      (t) =>
        `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(t)}" y2="${y(t)}" stroke="#dddddd"/>${text(`x="${LEFT - 8}" y="${Number(y(t)) + 4}"`, 'end', t.toLocaleString('en-US'))}`,
    ),
    ...ticks(right).map((t) => text(`x="${x(t)}" y="${HEIGHT - BOTTOM + 18}"`, 'middle', t.toLocaleString('en-US'))),
  ];
  // Names that would overlap are pushed apart, from the lowest curve up.
  const ends = curves
    .map((curve, i) => ({ curve, i, at: Number(y(curve.points.at(-1)!.y)) }))
    .sort((a, b) => b.at - a.at);
  let floor = HEIGHT;
  const drawn = ends.map(({ curve: { name, points }, i, at }) => {
    const color = COLORS[i % COLORS.length]!;
    const band = [
      ...points.map((p) => `${x(p.x)},${y(p.high)}`),
      ...[...points].reverse().map((p) => `${x(p.x)},${y(Math.max(0, p.low))}`),
    ];
    const line = points.map((p) => `${x(p.x)},${y(p.y)}`).join(' ');
    const label = Math.min(at, floor - 16);
    floor = label;
    return [
      `<polygon points="${band.join(' ')}" fill="${color}" fill-opacity="0.15"/>`,
      `<polyline points="${line}" fill="none" stroke="${color}" stroke-width="2"/>`,
      text(`x="${WIDTH - RIGHT + 8}" y="${(label + 4).toFixed(1)}"`, 'start', name, `fill="${color}"`),
    ].join('');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    text(`x="${LEFT}" y="24"`, 'start', title, 'font-size="15"'),
    ...grid,
    ...drawn,
    text(`x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 12}"`, 'middle', xTitle),
    text(`x="${-HEIGHT / 2}" y="16"`, 'middle', yTitle, 'transform="rotate(-90)"'),
    '</svg>',
  ].join('\n');
}
