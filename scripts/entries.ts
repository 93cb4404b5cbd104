import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** The package root. */
export const root: string = resolve(import.meta.dirname, '..');

/** A subpath export of the package. Paths are relative to the package root. */
export interface Entry {
  /** The name of its report and limits: `index` for the root, `adapters-redis` for `./adapters/redis`. */
  readonly name: string;
  /** What a user writes: `coronate/stats`. */
  readonly specifier: string;
  readonly source: string;
  readonly types: string;
  readonly runtime: string;
}

type Conditions = Readonly<Record<'@coronate/source' | 'types' | 'default', string>>;

/** Every code entry of package.json `exports`, in its order. */
export function listEntries(): readonly Entry[] {
  const manifest = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as {
    name: string;
    exports: Record<string, Conditions | string>;
  };
  return Object.entries(manifest.exports).flatMap(([subpath, conditions]) => {
    if (typeof conditions === 'string') return [];
    return {
      name: subpath === '.' ? 'index' : subpath.slice(2).replaceAll('/', '-'),
      specifier: manifest.name + subpath.slice(1),
      source: conditions['@coronate/source'],
      types: conditions.types,
      runtime: conditions.default,
    };
  });
}

/** The built entries. @throws Error where `npm run build` has not been run */
export function listBuiltEntries(): readonly Entry[] {
  const entries = listEntries().filter(({ source }) => existsSync(resolve(root, source)));
  const missing = entries.find(({ types }) => !existsSync(resolve(root, types)));
  if (missing !== undefined) throw new Error(`${missing.types} is missing: npm run build`);
  return entries;
}
