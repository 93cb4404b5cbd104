// Holds the exact Mann-Whitney judgement against Kayenta's own test cases, in a folder outside of the repository:
// `npm run test:thirdparty -- <folder>` with the folder's kayenta.json. The exact form differs by design where Kayenta's
// root finder or its continuity correction decides; those cases are listed, and only a difference elsewhere fails.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { mannWhitneyTest } from '../../src/stats/tests/mannWhitneyTest.ts';

interface Case {
  readonly kind: string;
  readonly name: string;
  readonly control?: readonly (number | null)[];
  readonly experiment?: readonly (number | null)[];
  readonly x?: readonly number[];
  readonly y?: readonly number[];
  readonly confLevel?: number;
  readonly config?: {
    readonly direction: 'increase' | 'decrease' | 'either';
    readonly nanStrategy: string;
    readonly tolerance?: number;
    readonly confLevel?: number;
    readonly outliers?: unknown;
    readonly effectSizeThresholds?: readonly [number, number];
    readonly effectSizeMeasure?: string;
  };
  readonly expected: { readonly classification?: string; readonly ci?: readonly [number, number] };
}

/** Where the exact form says something else, and why. */
const byDesign: Readonly<Record<string, string>> = {
  'Mann-Whitney Classifier Test: High Metric (Large Input)':
    'by design: 64 % of the differences are 0, so the exact interval is [0, 0]; theirs is inverted by the root finder',
};

const numbers = (values: readonly (number | null)[] = []): number[] =>
  values.filter((value): value is number => value !== null);
const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

/** High, Low or Pass by the interval of the shift and the ratio of the means. */
function classify({ control, experiment, config }: Case): string {
  const [x, y] = [numbers(experiment), numbers(control)];
  const { tolerance = 0.25, confLevel = 0.98, direction = 'either', effectSizeThresholds = [1, 1] } = config ?? {};
  if (x.length === 0 || y.length === 0) return 'Nodata';
  const test = mannWhitneyTest(x, y, { level: confLevel, method: 'asymptotic' });
  if (test.status !== 'ok') return 'Pass';
  const [low, high] = test.interval;
  const least = tolerance * Math.abs(test.estimate);
  const effect = mean(y) === 0 ? Number.NaN : mean(x) / mean(y);
  const [decrease, increase] = effectSizeThresholds;
  const beyond = (side: boolean): boolean => Number.isNaN(effect) || side;
  if (direction !== 'decrease' && low > least && beyond(effect >= increase)) return 'High';
  return direction !== 'increase' && high < -least && beyond(effect <= decrease) ? 'Low' : 'Pass';
}

function intervalEqual({ x = [], y = [], confLevel = 0.98, expected }: Case): boolean {
  const test = mannWhitneyTest(x, y, { level: confLevel, method: 'asymptotic' });
  if (test.status !== 'ok' || expected.ci === undefined) return false;
  return test.interval.every((end, i) => Math.abs(end - expected.ci![i]!) <= 2e-4 * Math.max(1, Math.abs(end)));
}

function main(folder: string | undefined): void {
  const file = folder === undefined ? undefined : resolve(folder, 'kayenta.json');
  if (file === undefined || !existsSync(file)) {
    console.log('kayenta: NOT RUN: give the folder that holds kayenta.json');
    return;
  }
  const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: readonly Case[] };
  const judged = cases.filter(
    ({ kind, config }) => kind === 'classify/mannWhitney' && (config?.effectSizeMeasure ?? 'meanRatio') === 'meanRatio',
  );
  const data = judged.filter(
    ({ control, experiment }) => numbers(control).length > 0 && numbers(experiment).length > 0,
  );
  const different = data.filter((each) => classify(each) !== each.expected.classification);
  const intervals = cases.filter(({ kind }) => kind === 'mannWhitneyCI');
  const wrong = intervals.filter((each) => !intervalEqual(each));
  console.log(
    `kayenta classification: ${data.length - different.length} of ${data.length} equal; ${judged.length - data.length} about missing data not offered`,
  );
  for (const each of different) {
    const known = byDesign[each.name];
    console.log(
      `  ${each.name}: ours ${classify(each)}, theirs ${each.expected.classification}: ${known ?? 'DIFFERENT'}`,
    );
    if (known === undefined) process.exitCode = 1;
  }
  console.log(`kayenta intervals: ${intervals.length - wrong.length} of ${intervals.length} equal`);
  for (const { name } of wrong) console.log(`  ${name}`);
  if (wrong.length > 0) process.exitCode = 1;
}

main(process.argv[2]);
