import { readFileSync } from 'node:fs';
import * as distributions from '../../src/stats/distributions/index.ts';
import * as special from '../../src/stats/special/index.ts';

/** test/golden/distributions-wide.json, written by scripts/golden/distributions.py. */
interface WideFile {
  readonly groups: readonly { readonly function: string; readonly cases: readonly (readonly number[])[] }[];
}

/** How far one function is from the reference over its grid. */
export interface Measured {
  /** `studentTDistribution.sf`, `logGamma`. */
  readonly name: string;
  readonly cases: number;
  readonly worst: number;
  /** The arguments at which the worst error occurs. */
  readonly at: readonly number[];
  /** The smallest and the greatest reference value, by size. */
  readonly smallest: number;
  readonly largest: number;
  /** Smallest and largest value of every parameter, the value itself left out. */
  readonly parameters: readonly (readonly [number, number])[];
}

type Numeric = (...args: readonly number[]) => number;

/** The function of a name such as `studentTDistribution.sf`, `incompleteBeta.lower` or `erf`. */
function resolveFunction(name: string): Numeric {
  const [head = '', tail] = name.split('.');
  const found: unknown = { ...special, ...distributions }[head as 'erf'];
  if (typeof found === 'function') {
    const run = found as (...args: readonly number[]) => number | Record<string, number>;
    return (...args) => {
      const value = run(...args);
      return typeof value === 'number' ? value : (value[tail as string] ?? Number.NaN);
    };
  }
  if (typeof found !== 'object' || found === null) throw new Error(`no function ${name}`);
  const methods = found as Record<string, Numeric>;
  const method = methods[tail as string];
  if (method === undefined) throw new Error(`no function ${name}`);
  return method.bind(methods);
}

function extent(values: readonly number[]): readonly [number, number] {
  return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
}

function measureGroup(name: string, cases: readonly (readonly number[])[]): Measured {
  const run = resolveFunction(name);
  let worst = -1;
  let at: readonly number[] = [];
  for (const row of cases) {
    const args = row.slice(0, -1);
    const want = row[row.length - 1] as number;
    const got = run(...args);
    // A value that is no number is infinitely wrong.
    const error = Number.isFinite(got) ? Math.abs(got - want) / Math.abs(want) : Number.POSITIVE_INFINITY;
    if (error > worst) {
      worst = error;
      at = args;
    }
  }
  const [smallest, largest] = extent(cases.map((row) => Math.abs(row[row.length - 1] as number)));
  const count = Math.min(...cases.map((row) => row.length - 1));
  const first = name.startsWith('incompleteBeta') || name === 'logBeta' ? 0 : 1;
  const columns = Array.from({ length: Math.max(count - first, 0) }, (_, k) => k + first);
  const parameters = columns.map((column) => extent(cases.map((row) => row[column] as number)));
  return { name, cases: cases.length, worst, at, smallest, largest, parameters };
}

/** Every function of the wide golden file, measured against it. */
export function measureValues(): readonly Measured[] {
  const file = new URL('../../test/golden/distributions-wide.json', import.meta.url);
  const { groups } = JSON.parse(readFileSync(file, 'utf8')) as WideFile;
  return groups.map((group) => measureGroup(group.function, group.cases));
}
