// Runs the library against other projects' own cases: npm run test:thirdparty -- <folder>
// The cases are theirs and are never committed here: the folder stands outside of the repository.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('NOTHING WAS CHECKED: no folder was given. Usage: npm run test:thirdparty -- <folder>');
  process.exit(1);
}
const directory = new URL('./thirdparty/', import.meta.url);
let failed = 0;
for (const script of readdirSync(directory).filter((name) => name.endsWith('.ts'))) {
  console.log(`\n${script}`);
  const path = new URL(script, directory).pathname;
  const { status } = spawnSync(process.execPath, [...process.execArgv, path, folder], { stdio: 'inherit' });
  if (status !== 0) failed += 1;
}
process.exitCode = failed === 0 ? 0 : 1;
