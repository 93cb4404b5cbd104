// A Stryker test runner that loads the tests of src/stats once and then runs, within its own process, only those that a
// mutant can change, the nearest first. Starting vitest anew for each of 14,000 mutants takes hours on end; this takes
// what the tests themselves take. The configuration is stryker.config.json.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { register } from 'node:module';
import { basename, dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import type { CollectedTest } from './vitest.ts';

/** What Stryker's instrumented code reads and writes. */
interface Switchboard {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
  mutantCoverage?: { readonly perTest: Record<string, Record<string, number>> };
}

interface MutantRun {
  readonly activeMutant: { readonly id: string; readonly fileName: string };
  readonly testFilter?: readonly string[];
  readonly hitLimit?: number;
}

/** Processor seconds that one mutant may take. One that no test has noticed by then counts as a survivor. */
const budgetSeconds = 2;

/** Tests that simulate, and take longer than all others together under instrumentation: other tests see the same code. */
const slow = [
  /without drift: an index about as large as expected/,
  /one sample: both ways of computing the exact tail meet/,
];

/** A mutant that is reached this many times more often than the original code runs in an endless loop. */
const endlessFactor = 10;

/** Stryker multiplies the number of hits by this to make its own limit. */
const strykerHitFactor = 100;

const testRoot = 'test/stats';
const timesFile = 'temp-mutation-times.json';

const shared = globalThis as { __stryker__?: Switchboard };
shared.__stryker__ ??= {};
const switchboard: Switchboard = shared.__stryker__;

/** Sends imports of 'vitest' to the collector, whose module must be the one that this file loads too. */
function redirectVitest(collector: string): void {
  const hook = `export const resolve = (specifier, context, next) =>
    specifier === 'vitest' ? { url: ${JSON.stringify(collector)}, format: 'module', shortCircuit: true } : next(specifier, context);`;
  register(`data:text/javascript,${encodeURIComponent(hook)}`);
}

async function loadTests(): Promise<ReadonlyMap<string, CollectedTest>> {
  const collector = new URL('./vitest.ts', import.meta.url).href;
  redirectVitest(collector);
  const { collect } = (await import(collector)) as typeof import('./vitest.ts');
  const tests = new Map<string, CollectedTest>();
  const names = readdirSync(testRoot, { recursive: true }).map(String);
  // The folders whose tests to run, from scripts/mutation.ts; the files of test/stats itself are always among them.
  const folders = process.env.MUTATION_TESTS?.split(',');
  const wanted = (name: string) => !name.includes('/') || folders === undefined || folders.includes(dirname(name));
  for (const name of names.filter((entry) => entry.endsWith('.test.ts') && wanted(entry)).sort()) {
    const file = `${testRoot}/${name}`;
    const url = pathToFileURL(resolve(file)).href;
    for (const test of await collect(file, () => import(url))) {
      if (!slow.some((pattern) => pattern.test(test.id))) tests.set(test.id, test);
    }
  }
  // Failing properties are not shrunk, and every mutant meets the same cases.
  fc.configureGlobal({ seed: 20_260_101, endOnFailure: true });
  Error.stackTraceLimit = 4;
  process.setSourceMapsEnabled(false);
  return tests;
}

/** The message of the failure, or undefined where the test passes. */
async function failureOf(test: CollectedTest): Promise<string | undefined> {
  try {
    await test.run();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.slice(0, 500) : String(error);
  }
}

const cpuSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** The order in which tests are tried: those of the mutant's own file, then all others, the quick before the slow. */
function nearestFirst(
  tests: readonly CollectedTest[],
  mutated: string,
  times: Readonly<Record<string, number>>,
): readonly CollectedTest[] {
  const own = `${basename(mutated, '.ts')}.test.ts`;
  const distance = ({ file }: CollectedTest) => (basename(file) === own ? 0 : 1);
  const time = ({ id }: CollectedTest) => times[id] ?? 0;
  return tests.toSorted((a, b) => distance(a) - distance(b) || time(a) - time(b));
}

class InProcessTestRunner {
  #tests: ReadonlyMap<string, CollectedTest> = new Map();
  #times: Readonly<Record<string, number>> = {};

  capabilities() {
    // Mutants of code that runs at import alone are left out (ignoreStatic), so modules never need to be loaded anew.
    return { reloadEnvironment: true };
  }

  async dryRun() {
    this.#tests = await loadTests();
    const results = [];
    for (const test of this.#tests.values()) {
      switchboard.currentTestId = test.id;
      const start = performance.now();
      const failureMessage = await failureOf(test);
      const timeSpentMs = performance.now() - start;
      switchboard.currentTestId = undefined;
      const common = { id: test.id, name: test.id, fileName: resolve(test.file), timeSpentMs };
      results.push(failureMessage === undefined ? { ...common, status: 0 } : { ...common, status: 1, failureMessage });
    }
    this.#times = Object.fromEntries(results.map(({ id, timeSpentMs }) => [id, timeSpentMs]));
    writeFileSync(timesFile, JSON.stringify(this.#times));
    return { status: 'complete', tests: results, mutantCoverage: switchboard.mutantCoverage };
  }

  async #load(): Promise<void> {
    if (this.#tests.size === 0) this.#tests = await loadTests();
    if (existsSync(timesFile)) this.#times = JSON.parse(readFileSync(timesFile, 'utf8')) as Record<string, number>;
  }

  async mutantRun({ activeMutant, testFilter, hitLimit }: MutantRun) {
    await this.#load();
    const ids = testFilter ?? [...this.#tests.keys()];
    const covering = ids.map((id) => this.#tests.get(id)).filter((test) => test !== undefined);
    switchboard.hitLimit = hitLimit === undefined ? undefined : (hitLimit / strykerHitFactor) * endlessFactor + 1e5;
    switchboard.hitCount = hitLimit === undefined ? undefined : 0;
    switchboard.activeMutant = activeMutant.id;
    const result = await this.#firstFailure(nearestFirst(covering, activeMutant.fileName, this.#times));
    switchboard.activeMutant = undefined;
    const { hitCount = 0, hitLimit: limit = Number.POSITIVE_INFINITY } = switchboard;
    return hitCount > limit ? { status: 'timeout', reason: `endless loop: reached ${hitCount} times` } : result;
  }

  async #firstFailure(tests: readonly CollectedTest[]) {
    const end = cpuSeconds() + budgetSeconds;
    let nrOfTests = 0;
    for (const test of tests) {
      if (cpuSeconds() > end) break;
      nrOfTests += 1;
      const failureMessage = await failureOf(test);
      if (failureMessage !== undefined) return { status: 'killed', killedBy: [test.id], failureMessage, nrOfTests };
    }
    return { status: 'survived', nrOfTests };
  }
}

export const strykerPlugins = [
  { kind: 'TestRunner', name: 'in-process', factory: Object.assign(() => new InProcessTestRunner(), { inject: [] }) },
];
