// What the tests of src/stats use of vitest, for the mutation runner: it collects tests instead of running them, so that
// they can be run again and again in one process. An import of 'vitest' is resolved to this file there.
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from '@vitest/expect';
import * as chai from 'chai';

type TestFunction = () => unknown;

/** One test that was collected. */
export interface CollectedTest {
  readonly id: string;
  readonly file: string;
  readonly run: TestFunction;
}

let file = '';
let titles: readonly string[] = [];
let collected: CollectedTest[] = [];

/** Collects the tests of one file: `load` imports it. */
export async function collect(name: string, load: () => Promise<unknown>): Promise<readonly CollectedTest[]> {
  file = name;
  titles = [];
  collected = [];
  await load();
  return collected;
}

function inside(title: string, body: () => void): void {
  const outer = titles;
  titles = [...outer, title];
  body();
  titles = outer;
}

const eachDescribe =
  <Row>(rows: readonly Row[]) =>
  (title: string, body: (...row: unknown[]) => void): void => {
    for (const row of rows) inside(title, () => (Array.isArray(row) ? body(...row) : body(row)));
  };

export const describe = Object.assign(inside, { each: eachDescribe });

/** Titles may repeat within a file, ids must not: each has its place in the file. */
function add(title: string, run: TestFunction): void {
  collected.push({ id: `${file}#${collected.length} ${[...titles, title].join(' > ')}`, file, run });
}

const each =
  <Row>(rows: readonly Row[]) =>
  (title: string, body: (...row: unknown[]) => unknown): void => {
    for (const row of rows) add(title, () => (Array.isArray(row) ? body(...row) : body(row)));
  };

// The third argument, a time limit, is the mutation runner's business.
export const it = Object.assign((title: string, run: TestFunction) => add(title, run), { each });

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

const matchers = (globalThis as Record<symbol, object>)[ASYMMETRIC_MATCHERS_OBJECT as unknown as symbol];

export const expect = Object.assign(
  (value: unknown, message?: string) => chai.expect(value, message),
  chai.expect,
  matchers,
) as unknown as Chai.ExpectStatic;

setState({ assertionCalls: 0 }, expect as never);
