import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listEntries, root } from '../../scripts/entries.ts';

const readJson = <T>(path: string): T => JSON.parse(readFileSync(resolve(root, path), 'utf8')) as T;
const entries = listEntries();

/** The folders that have a face of their own. */
const listFaces = (folder: string): readonly string[] =>
  readdirSync(resolve(root, folder), { withFileTypes: true })
    .filter((item) => item.isDirectory() && existsSync(resolve(root, folder, item.name, 'index.ts')))
    .map(({ name }) => name);
const faces = [...listFaces('src'), ...listFaces('src/adapters').map((name) => `adapters-${name}`)].sort();

describe('package.json', () => {
  it('exports every folder that has an index', () => {
    const exported = entries.map(({ name }) => name);
    expect(faces.filter((face) => !exported.includes(face))).toEqual([]);
  });

  it('names for each subpath the source, the declarations and the module of the same file', () => {
    for (const { source, types, runtime } of entries) {
      const stem = source.replace('./src/', './dist/').replace(/\.ts$/, '');
      expect({ types, runtime }).toEqual({ types: `${stem}.d.ts`, runtime: `${stem}.js` });
    }
  });

  it('has two runtime dependencies and runs nothing at installation', () => {
    const { dependencies, scripts, sideEffects } = readJson<{
      dependencies: Record<string, string>;
      scripts: Record<string, string>;
      sideEffects: boolean;
    }>('package.json');
    expect(Object.keys(dependencies)).toEqual(['jstat', 'seedrandom']);
    expect(Object.keys(scripts).filter((name) => /^(pre|post)?install$|^prepare$/.test(name))).toEqual([]);
    expect(sideEffects).toBe(false);
  });

  it('pins every version, so that a fresh machine gets what was tested', () => {
    const manifest = readJson<Record<'dependencies' | 'devDependencies', Record<string, string>>>('package.json');
    const versions = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });
});

describe('.size-limit.json', () => {
  it('limits every entry, and nothing that does not exist', () => {
    const limits = readJson<{ name: string; path: string; import?: string }[]>('.size-limit.json');
    const whole = limits.filter((limit) => limit.import === undefined);
    expect(whole.map(({ name, path }) => `${name} ${path}`)).toEqual(
      entries.map(({ name, runtime }) => `${name} ${runtime.slice(2)}`),
    );
  });
});
