import { existsSync, readFileSync } from 'node:fs';

/** A peer package as the benchmarks use it. */
export interface Peer<T> {
  /** Name and version, as the table shows them. */
  readonly label: string;
  readonly module: T;
}

const manifestOf = (name: string) => new URL(`./node_modules/${name}/package.json`, import.meta.url);

/** The peers of bench/package.json and whether `npm --prefix bench ci` has installed them. */
export function listPeers(): readonly { name: string; installed: boolean }[] {
  const manifest = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8')) as {
    dependencies?: Record<string, string>;
  };
  return Object.keys(manifest.dependencies ?? {}).map((name) => ({ name, installed: existsSync(manifestOf(name)) }));
}

/**
 * A peer from bench/node_modules, or `undefined` where it is not installed: the row then stands without it.
 * @example
 * const peer = await loadPeer<typeof import('jstat')>('jstat');
 */
export async function loadPeer<T>(name: string): Promise<Peer<T> | undefined> {
  if (!existsSync(manifestOf(name))) return undefined;
  const { version } = JSON.parse(readFileSync(manifestOf(name), 'utf8')) as { version: string };
  return { label: `${name} ${version}`, module: (await import(name)) as T };
}
