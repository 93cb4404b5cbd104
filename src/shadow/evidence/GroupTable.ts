import { SnapshotError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';

/** Where the requests of further groups go, once there are too many. */
export const OTHER_GROUPS = '(other)';

/** Of a request that belongs to none. */
export const NO_GROUPS: Readonly<Record<string, string>> = Object.freeze({});

const NONE: readonly never[] = [];
const MOST_ATTRIBUTES = 16;
const MOST_GROUPS = 64;

/** Something that is kept of every group. Bounded: at most 16 attributes of 64 groups; what comes later is one group. */
export class GroupTable<T> {
  readonly #create: () => T;
  readonly #attributes: Map<string, Map<string, T>> = new Map();

  constructor(create: () => T) {
    this.#create = create;
  }

  /** Groups by attribute, in order of appearance. */
  get attributes(): ReadonlyMap<string, ReadonlyMap<string, T>> {
    return this.#attributes;
  }

  /** What is kept of the groups that a request belongs to. */
  of(subgroups: Readonly<Record<string, string>>): readonly T[] {
    // Asked at every request, which mostly has none.
    if (subgroups === NO_GROUPS) return NONE;
    return Object.entries(subgroups).flatMap(([attribute, name]) => this.at(attribute, name) ?? []);
  }

  /** What is kept of one group; undefined for an attribute too many. */
  at(attribute: string, name: string): T | undefined {
    let groups = this.#attributes.get(attribute);
    if (groups === undefined) {
      if (this.#attributes.size >= MOST_ATTRIBUTES) return undefined;
      groups = new Map();
      this.#attributes.set(attribute, groups);
    }
    const key = groups.has(name) || groups.size < MOST_GROUPS ? name : OTHER_GROUPS;
    const kept = groups.get(key) ?? this.#create();
    groups.set(key, kept);
    return kept;
  }

  /** Everything, as `write` writes one group. */
  toJSON(write: (kept: T) => unknown): Json {
    return [...this.#attributes].map(([attribute, groups]) => [
      attribute,
      [...groups].map(([name, kept]) => [name, write(kept)]),
    ]) as unknown as Json;
  }

  /** Goes on from `toJSON()`. @throws SnapshotError for what is no such table; nothing has changed then */
  load(json: Json, read: (state: never) => T): void {
    const saved = json as unknown as readonly (readonly [string, readonly (readonly [string, never])[]])[];
    const sound =
      isTable(saved, MOST_ATTRIBUTES) && saved.every(([, groups]) => isTable<never>(groups, MOST_GROUPS + 1));
    if (!sound) throw new SnapshotError('the groups of a snapshot must be named, and no more than are kept');
    const loaded = saved.map(([attribute, groups]) => {
      const kept = groups.map(([name, state]) => [name, read(state)] as const);
      return [attribute, new Map(kept)] as const;
    });
    this.#attributes.clear();
    for (const [attribute, groups] of loaded) this.#attributes.set(attribute, groups);
  }
}

function isTable<V>(list: unknown, most: number): list is readonly (readonly [string, V])[] {
  return (
    Array.isArray(list) &&
    list.length <= most &&
    list.every((entry) => Array.isArray(entry) && typeof entry[0] === 'string')
  );
}
