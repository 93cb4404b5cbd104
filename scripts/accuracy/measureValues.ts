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
  /** What the grid spans in every parameter, the value itself left out. */
  readonly parameters: readonly Extent[];
}

/** A parameter with its smallest and its greatest value on the grid. */
export interface Extent {
  readonly name: string;
  readonly least: number;
  readonly most: number;
}

const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  betaDistribution: ['a', 'b'],
  binomialDistribution: ['n', 'p'],
  chiSquaredDistribution: ['df'],
  fDistribution: ['df1', 'df2'],
  gammaDistribution: ['shape', 'scale'],
  hypergeometricDistribution: ['population', 'successes', 'draws'],
  incompleteBeta: ['a', 'b'],
  incompleteGamma: ['a'],
  logBeta: ['a', 'b'],
  noncentralTDistribution: ['df', 'ncp'],
  poissonDistribution: ['mean'],
  studentTDistribution: ['df'],
  logGamma: ['x'],
  erf: ['x'],
  erfc: ['x'],
  erfcx: ['x'],
};

/** Functions whose parameters come before the value, or that have nothing else. */
const SHAPES_FIRST: ReadonlySet<string> = new Set([
  'incompleteBeta',
  'incompleteGamma',
  'logBeta',
  'logGamma',
  'erf',
  'erfc',
  'erfcx',
]);

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
  const head = name.split('.')[0] as string;
  const names = PARAMETERS[head] ?? [];
  const first = SHAPES_FIRST.has(head) ? 0 : 1;
  const parameters = names.flatMap((parameter, index): Extent[] => {
    const column = index + first;
    const values = cases.flatMap((row) => (column < row.length - 1 ? [row[column] as number] : []));
    if (values.length === 0) return [];
    const [least, most] = extent(values);
    return [{ name: parameter, least, most }];
  });
  return { name, cases: cases.length, worst, at, smallest, largest, parameters };
}

/** Every function of the wide golden file, measured against it. */
export function measureValues(): readonly Measured[] {
  const file = new URL('../../test/golden/distributions-wide.json', import.meta.url);
  const { groups } = JSON.parse(readFileSync(file, 'utf8')) as WideFile;
  return groups.map((group) => measureGroup(group.function, group.cases));
}
