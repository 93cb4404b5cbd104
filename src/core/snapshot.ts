import { SnapshotError, show } from './errors.ts';
import type { Json } from './json.ts';

/** A strategy's whole state as plain JSON. It goes through `JSON.stringify` and back unchanged. */
export interface Snapshot {
  /** What it is of, for example `coronate/abtest`. */
  readonly kind: string;
  /** The version of the state's layout, raised whenever it changes. */
  readonly version: number;
  /** The strategy's `name`: a snapshot is restored into the strategy that made it. */
  readonly name: string;
  readonly state: Json;
  /** Snapshots of nested strategies under their variants' names. */
  readonly nested: { readonly [variant: string]: Snapshot };
}

/** Rewrites the state of one version into that of the next. */
export type Migration = (state: Json) => Json;

/** What a snapshot must be to be taken. */
export interface SnapshotExpectation {
  readonly kind: string;
  readonly version: number;
  readonly name: string;
  /** Migrations by the version that they start from. */
  readonly migrations?: Readonly<Record<number, Migration>>;
}

/**
 * The state of a snapshot of this kind and name, migrated to this version.
 * @throws SnapshotError if it is something else, of another kind or name, newer, or too old to be migrated
 */
export function openSnapshot(snapshot: unknown, expected: SnapshotExpectation): Json {
  const { kind, version, name, migrations = {} } = expected;
  const found = snapshot as Partial<Snapshot> | null | undefined;
  if (
    typeof found !== 'object' ||
    found === null ||
    typeof found.kind !== 'string' ||
    !Number.isSafeInteger(found.version)
  ) {
    throw new SnapshotError(`a snapshot must have kind and version, got ${show(snapshot)}`);
  }
  if (found.kind !== kind)
    throw new SnapshotError(`the snapshot's kind must be ${show(kind)}, got ${show(found.kind)}`);
  if (found.name !== name)
    throw new SnapshotError(`the snapshot's name must be ${show(name)}, got ${show(found.name)}`);
  if (found.version! > version) {
    throw new SnapshotError(
      `the snapshot is newer than this code: its version must be at most ${version}, got ${found.version}`,
    );
  }
  let state = found.state as Json;
  for (let from = found.version!; from < version; from += 1) {
    const migrate = migrations[from];
    if (migrate === undefined)
      throw new SnapshotError(`no migration from version ${from} of ${kind}; this code writes ${version}`);
    state = migrate(state);
  }
  if (typeof state !== 'object' || state === null) throw new SnapshotError(`the snapshot of ${kind} has no state`);
  return state;
}
