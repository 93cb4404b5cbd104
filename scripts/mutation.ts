// `npm run test:mutation [-- folder …]`: Stryker over the folders of src/stats, one after the other, each with a result of
// its own in reports/mutation/raw. Only the folder at hand is instrumented, so that the tests run near their own speed.
// `npm run mutation:report` merges the results into docs/mutation.md.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArguments } from './discover.ts';
import { root } from './entries.ts';

const raw = 'reports/mutation/raw';

/** The folders of src/stats; `root` stands for the files that lie in none. */
const folders: readonly string[] = [
  ...readdirSync(resolve(root, 'src/stats'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort(),
  'root',
];

/** The tests that run beside those of the folder itself: of the folders that use it most. */
const neighbours: Readonly<Record<string, readonly string[]>> = {
  special: ['distributions'],
  ranks: ['tests', 'quantiles'],
  quantiles: ['adjustment'],
  root: ['tests', 'quality', 'quantiles', 'ranks'],
};

/** Runs Stryker on one folder and says whether it came to an end. */
function mutate(folder: string): boolean {
  const base = JSON.parse(readFileSync(resolve(root, 'stryker.config.json'), 'utf8')) as object;
  const files = folder === 'root' ? 'src/stats/*.ts' : `src/stats/${folder}/*.ts`;
  const config = {
    ...base,
    mutate: [files, '!src/stats/**/index.ts', '!src/stats/**/types.ts', '!src/stats/**/*.d.ts'],
    jsonReporter: { fileName: `${raw}/${folder}.json` },
    tempDirName: `.stryker-tmp/${folder}`,
  };
  const path = `${raw}/${folder}.config.json`;
  mkdirSync(resolve(root, raw), { recursive: true });
  writeFileSync(resolve(root, path), JSON.stringify(config));
  const stryker = resolve(root, 'node_modules/@stryker-mutator/core/bin/stryker.js');
  const { status } = spawnSync(process.execPath, ['--import=tsx', stryker, 'run', path], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, MUTATION_TESTS: [folder, ...(neighbours[folder] ?? [])].join() },
  });
  return status === 0;
}

const { words } = parseArguments(process.argv.slice(2), []);
const unknown = words.filter((word) => !folders.includes(word));
if (unknown.length > 0) throw new Error(`no such folder: ${unknown.join(', ')}; known: ${folders.join(', ')}`);
const failed = (words.length === 0 ? folders : words).filter((folder) => !mutate(folder));
if (failed.length > 0) console.error(`did not end: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
