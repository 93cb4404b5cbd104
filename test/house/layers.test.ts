import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** A file of the fixture, its text, and the rules that it breaks. */
type Fixture = readonly [file: string, text: string, broken: readonly string[]];

const fixtures: readonly Fixture[] = [
  ['src/core/index.ts', 'export const core = 1;', []],
  ['src/core/low.ts', "import { a } from '../stats/a.ts';\nexport const low = a;", ['layer-core']],
  [
    'src/core/builtin.ts',
    "import { readFileSync } from 'node:fs';\nexport const read = readFileSync;",
    ['no-node-builtins-in-the-core'],
  ],
  ['src/core/face.ts', "import { index } from '../index.ts';\nexport const face = index;", ['layer-core']],
  ['src/core/outside.ts', "import { t } from '../../test/t.ts';\nexport const outside = t;", ['src-stays-in-src']],
  [
    'src/core/dev.ts',
    "import { z } from 'fast-check';\nexport const dev = z;",
    ['no-other-packages', 'no-undeclared-packages'],
  ],
  [
    'src/core/lost.ts',
    "import { n } from './nowhere.ts';\nexport const lost = n;",
    ['no-undeclared-packages', 'no-unresolvable'],
  ],
  ['src/random/rng.ts', "import { a } from '../stats/a.ts';\nexport const rng = a;", ['layer-random']],
  ['src/random/engine.ts', "import alea from 'seedrandom/lib/alea.js';\nexport const engine = alea;", []],
  ['src/random/second.ts', "import alea from 'seedrandom';\nexport const second = alea;", ['door-seedrandom']],
  ['src/stats/a.ts', 'export const a = 1;', []],
  ['src/stats/jstat.ts', "import jstat from 'jstat';\nexport const j = jstat;", []],
  ['src/stats/b.ts', "import jstat from 'jstat';\nexport const b = jstat;", ['door-jstat']],
  ['src/stats/cycle.ts', "import { cycle2 } from './cycle2.ts';\nexport const cycle = () => cycle2;", ['no-cycles']],
  ['src/stats/cycle2.ts', "import { cycle } from './cycle.ts';\nexport const cycle2 = () => cycle;", ['no-cycles']],
  ['src/stats/upward.ts', "import type { M } from '../metrics/m.ts';\nexport type Upward = M;", ['layer-stats']],
  ['src/metrics/m.ts', "import { a } from '../stats/a.ts';\nexport type M = typeof a;", []],
  ['src/metrics/sideways.ts', "import { s } from '../assignment/s.ts';\nexport const sideways = s;", ['layer-metrics']],
  ['src/assignment/s.ts', 'export const s = 1;', []],
  ['src/abtest/index.ts', "import { s } from '../assignment/s.ts';\nexport const abtest = s;", []],
  [
    'src/canary/index.ts',
    "import { abtest } from '../abtest/index.ts';\nexport const canary = abtest;",
    ['layer-canary'],
  ],
  ['src/bandits/index.ts', "import { r } from '../report/index.ts';\nexport const bandits = r;", ['layer-bandits']],
  ['src/rollout/index.ts', "import { abtest } from '../abtest/index.ts';\nexport const rollout = abtest;", []],
  ['src/report/index.ts', "import { s } from '../assignment/s.ts';\nexport const r = s;", ['layer-report']],
  ['src/novel/x.ts', 'export const x = 1;', []],
  [
    'src/adapters/ok.ts',
    "import { writeFileSync } from 'node:fs';\nimport type { a } from '../stats/a.ts';\nexport type Ok = typeof a;\nexport const w = writeFileSync;",
    [],
  ],
  ['src/adapters/support/s.ts', 'export const s = 1;', []],
  ['src/adapters/a/index.ts', "import { s } from '../support/s.ts';\nexport const a = s;", []],
  ['src/adapters/b/index.ts', "import { a } from '../a/index.ts';\nexport const b = a;", ['adapters-stand-alone']],
  ['src/adapters/encryption/jose.ts', "export { CompactEncrypt } from 'jose';", []],
  ['src/adapters/encryption/second.ts', "export { CompactSign } from 'jose';", ['door-jose']],
  ['src/adapters/prometheus/promClient.ts', "export type { Registry } from 'prom-client';", []],
  ['src/adapters/openfeature/openFeature.ts', "export { OpenFeature } from '@openfeature/server-sdk';", []],
  ['src/adapters/a/dev.ts', "export { z } from 'fast-check';", ['no-undeclared-packages']],
  ['src/core/peer.ts', "export { CompactEncrypt } from 'jose';", ['door-jose', 'no-other-packages']],
  [
    'src/adapters/value.ts',
    "import { a } from '../stats/a.ts';\nexport const value = a;",
    ['adapters-import-types-only'],
  ],
  ['src/index.ts', "export const index = 1;\nexport { abtest } from './abtest/index.ts';", []],
  [
    'src/other.ts',
    "export { w } from './adapters/ok.ts';\nexport { x } from './novel/x.ts';",
    ['adapters-stay-subpaths', 'known-layers'],
  ],
  ['examples/good.ts', "import { abtest } from '../src/abtest/index.ts';\nconsole.log(abtest);", []],
  ['examples/bad.ts', "import { s } from '../src/assignment/s.ts';\nconsole.log(s);", ['examples-use-the-public-face']],
  ['test/t.ts', 'export const t = 1;', []],
];

interface Cruised {
  readonly modules: readonly {
    readonly source: string;
    readonly dependencies: readonly { readonly rules?: readonly { readonly name: string }[] }[];
  }[];
}

/** Cruises the fixture with the rules of this repository and tells which rules each file breaks. */
function cruise(folder: string): ReadonlyMap<string, readonly string[]> {
  const bin = resolve(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = [bin, 'src', 'examples', '--config', '.dependency-cruiser.cjs', '--output-type', 'json'];
  const { modules } = JSON.parse(execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })) as Cruised;
  return new Map(
    modules.map(({ source, dependencies }) => {
      const names = dependencies.flatMap(({ rules }) => (rules ?? []).map(({ name }) => name));
      return [source, [...new Set(names)].sort()];
    }),
  );
}

describe('the layer rules', () => {
  const folder = mkdtempSync(join(tmpdir(), 'coronate-layers-'));
  let broken: ReadonlyMap<string, readonly string[]>;

  beforeAll(() => {
    for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json'])
      cpSync(resolve(root, file), join(folder, file));
    symlinkSync(resolve(root, 'node_modules'), join(folder, 'node_modules'));
    for (const [file, text] of fixtures) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    broken = cruise(folder);
    // Half a minute of work where the machine has better things to do.
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(fixtures.filter(([file]) => !file.startsWith('test/')))('%s', (file, _text, rules) => {
    expect(broken.get(file)).toEqual(rules);
  });

  it('are all tried', () => {
    const tried = new Set(fixtures.flatMap(([, , rules]) => rules));
    const shell =
      "process.stdout.write(JSON.stringify(require('./.dependency-cruiser.cjs').forbidden.map((r) => r.name)))";
    const names = JSON.parse(
      execFileSync(process.execPath, ['-e', shell], { cwd: root, encoding: 'utf8' }),
    ) as string[];
    // One row of the same table each.
    const same =
      /^layer-(assignment|metrics|abtest|bluegreen|shadow|sharing|rollout)$|^door-(redis|ioredis|prom-client|@open)/;
    expect(names.filter((name) => !tried.has(name) && !same.test(name))).toEqual([]);
  });
});
