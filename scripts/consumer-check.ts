// Does the package work for someone who installs it? `npm run build && npm run consumer:check`.
// Packs it, installs the tarball in an empty project, loads every subpath with import and require() in plain Node (the
// adapters once the optional peers are there, all others before), and type-checks a consumer in both module resolutions with
// the declarations checked (skipLibCheck off): of every subpath, and the code that the README and the guides show.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { listBuiltEntries, root } from './entries.ts';
import { writeSnippets } from './snippets.ts';

/** What a user downloads at most: modules, declarations, and the source that both lead to. */
const tarballLimit = 1_700_000;

const specifiers = listBuiltEntries().map(({ specifier }) => specifier);
const isAdapter = (specifier: string): boolean => specifier.startsWith('coronate/adapters/');

function run(cwd: string, command: string, ...args: readonly string[]): string {
  try {
    return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(' ')} failed\n${stdout ?? ''}${stderr ?? ''}`, { cause: error });
  }
}

/** The runtime dependencies come from our own node_modules, so that the check needs no network. */
function install(project: string): void {
  const packed = JSON.parse(run(root, 'npm', 'pack', '--json', '--pack-destination', project)) as [
    { filename: string; size: number; unpackedSize: number; entryCount: number },
  ];
  const { filename, size, unpackedSize, entryCount } = packed[0];
  console.log(
    `tarball ${(size / 1000).toFixed(1)} kB, unpacked ${(unpackedSize / 1000).toFixed(1)} kB, ${entryCount} files`,
  );
  if (size > tarballLimit) throw new Error(`the tarball has ${size} bytes, ${tarballLimit} are the limit`);
  const local = (name: string) => `file:${resolve(root, 'node_modules', name)}`;
  const manifest = {
    name: 'consumer',
    private: true,
    type: 'module',
    dependencies: { coronate: `file:./${filename}`, jstat: local('jstat'), seedrandom: local('seedrandom') },
  };
  writeFileSync(join(project, 'package.json'), JSON.stringify(manifest));
  run(project, 'npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline');
}

/** Puts our own copies of the optional peers beside the package, and the types of Node that some of them are written in. */
function addPeers(project: string): void {
  const manifest = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as {
    peerDependencies: Record<string, string>;
  };
  for (const name of [...Object.keys(manifest.peerDependencies), '@types/node']) {
    const link = join(project, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(resolve(root, 'node_modules', name), link, 'dir');
  }
}

/** The subpaths load without flags, export something, and are the same module for import and require(). */
function load(project: string, specifiers: readonly string[], what: string): void {
  const code = `import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
for (const specifier of ${JSON.stringify(specifiers)}) {
  const imported = await import(specifier);
  const required = require(specifier);
  const names = Object.keys(imported);
  if (names.length === 0 || 'default' in imported) throw new Error(specifier + ' exports ' + names);
  if (names.some((name) => imported[name] !== required[name])) throw new Error(specifier + ' loads twice');
}
`;
  writeFileSync(join(project, 'load.mjs'), code);
  const output = run(project, process.execPath, '--throw-deprecation', 'load.mjs');
  if (output !== '') throw new Error(`loading the package prints:\n${output}`);
  console.log(`import and require(): ${specifiers.length} ${what}`);
}

/** A consumer of every subpath. @param types what `types` of tsconfig.json says: some of the optional peers speak of Node's */
function typecheckEntries(project: string, specifiers: readonly string[], types: readonly string[]): void {
  const namespaces = specifiers.map((specifier, index) => `import * as m${index} from '${specifier}';`).join('\n');
  const code = `${namespaces}
import { createRng, type Rng } from 'coronate/random';
export const modules: readonly object[] = [${specifiers.map((_, index) => `m${index}`).join(', ')}];
const rng: Rng = createRng(42);
export const draw: number = rng.fork('a').next();
// @ts-expect-error the declarations are real: a string is no generator
export const wrong: Rng = 'rng';
`;
  writeFileSync(join(project, 'consumer.ts'), code);
  typecheck(project, ['consumer.ts'], types, `types of ${specifiers.length} subpaths`);
}

/** In both module resolutions. */
function typecheck(project: string, files: readonly string[], types: readonly string[], what: string): void {
  const tsc = resolve(root, 'node_modules/typescript/bin/tsc');
  const strict = ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess', '--skipLibCheck', 'false'];
  const named = types.length === 0 ? [] : ['--types', types.join(',')];
  const options = ['--noEmit', ...named, '--target', 'ES2023', '--lib', 'ES2023,DOM', ...strict];
  for (const [module, resolution] of [
    ['NodeNext', 'NodeNext'],
    ['ESNext', 'Bundler'],
  ] as const) {
    run(project, process.execPath, tsc, ...options, '--module', module, '--moduleResolution', resolution, ...files);
    console.log(`${what}: ${resolution}`);
  }
}

/** Whatever the outcome, the folder goes. */
const project = mkdtempSync(join(tmpdir(), 'coronate-consumer-'));
try {
  install(project);
  const core = specifiers.filter((specifier) => !isAdapter(specifier));
  load(project, core, 'subpaths without peers');
  typecheckEntries(project, core, []);
  addPeers(project);
  load(project, specifiers.filter(isAdapter), 'adapters');
  typecheckEntries(project, specifiers, ['node']);
  const snippets = writeSnippets(project);
  typecheck(project, snippets, ['node'], `types of ${snippets.length} pieces of code in the README and the guides`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(project, { recursive: true, force: true });
}
