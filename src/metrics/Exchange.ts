import { SnapshotError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { Control, Delta } from '../core/sharing.ts';
import { openSnapshot, type Snapshot } from '../core/snapshot.ts';
import { type AnyStrategy, strategyMark } from '../core/strategy.ts';
import type { RuntimeOwner } from './RuntimeOwner.ts';
import { asSnapshotError, openNested } from './runtimeState.ts';

/** What a strategy and those nested in it tell their replicas, and take from them: all of it or nothing. */
export class Exchange {
  readonly #owner: RuntimeOwner;
  readonly #name: string;
  readonly #children: Readonly<Record<string, AnyStrategy>>;

  constructor(owner: RuntimeOwner, name: string, children: Readonly<Record<string, AnyStrategy>>) {
    this.#owner = owner;
    this.#name = name;
    this.#children = children;
  }

  /** The delta of the whole tree; undefined where nobody has learnt anything. */
  takeDelta(): Delta | undefined {
    const own = this.#owner.takeDelta?.();
    const nested: Record<string, Delta> = {};
    for (const [name, child] of Object.entries(this.#children)) {
      const inner = child[strategyMark].takeDelta();
      if (inner !== undefined) nested[name] = inner;
    }
    if (own === undefined && Object.keys(nested).length === 0) return undefined;
    return { ...this.#envelope('delta', own === undefined ? {} : { own: structuredClone(own) }), nested };
  }

  /** Checks a delta of the whole tree. @returns what adds it @throws SnapshotError */
  readDelta(delta: Delta): () => void {
    const { own } = this.#open(delta, 'delta');
    const { readDelta } = this.#owner;
    const nested = Object.keys(delta.nested ?? {});
    for (const name of nested) {
      if (!Object.hasOwn(this.#children, name)) throw new SnapshotError(`no strategy is nested as ${name}`);
    }
    const present = Object.entries(this.#children).filter(([name]) => nested.includes(name));
    return careful(() => {
      const adds = openNested(delta, Object.fromEntries(present)).map(([child, inner]) =>
        child[strategyMark].readDelta(inner),
      );
      if (own !== undefined) {
        if (readDelta === undefined) throw new SnapshotError(`${this.#owner.kind} shares no statistics`);
        adds.push(readDelta.call(this.#owner, own));
      }
      return () => {
        for (const add of adds) add();
      };
    });
  }

  /** The control of the whole tree. */
  control(): Control {
    const { revision, state } = this.#owner.control?.() ?? { revision: 0, state: {} };
    const nested = Object.entries(this.#children).map(
      ([name, child]) => [name, child[strategyMark].control()] as const,
    );
    return {
      ...this.#envelope('control', { own: structuredClone(state) }),
      revision,
      nested: Object.fromEntries(nested),
    };
  }

  /**
   * Checks a control of the whole tree.
   * @param force whether one of the same revision, or an earlier one, stands where it is another one
   * @returns what follows it where it is later
   * @throws SnapshotError
   */
  readControl(control: Control, force = false): () => boolean {
    const { own } = this.#open(control, 'control');
    const { revision } = control;
    if (!Number.isSafeInteger(revision) || revision < 0) {
      throw new SnapshotError(`a control must have a revision, got ${String(revision)}`);
    }
    return careful(() => {
      const inner = openNested(control, this.#children).map(([child, part]) =>
        child[strategyMark].readControl(part, force),
      );
      const follow = this.#follow(own ?? {}, revision, force);
      return () => {
        const changed = follow();
        return inner.map((apply) => apply()).includes(true) || changed;
      };
    });
  }

  /** What follows the own part of a control, and says whether anything has changed. */
  #follow(own: Json, revision: number, force: boolean): () => boolean {
    const here = this.#owner.control?.() ?? { revision: 0, state: {} };
    const later = revision > here.revision;
    const other = revision !== here.revision || JSON.stringify(own) !== JSON.stringify(here.state);
    // At revision 0 nobody has decided anything: what differs is when each began.
    const untouched = revision === 0 && here.revision === 0;
    const contested = !later && !untouched && other && (force || revision === here.revision);
    if (contested && this.#owner.contest !== undefined) return this.#owner.contest(own, revision);
    const follow = later || (contested && force) ? this.#owner.readControl?.(own, revision) : undefined;
    return () => {
      follow?.();
      return follow !== undefined;
    };
  }

  #envelope(what: 'delta' | 'control', state: Json): Omit<Snapshot, 'nested'> {
    const { kind, version } = this.#owner;
    return { kind: `coronate/${kind}/${what}`, version, name: this.#name, state };
  }

  #open(envelope: Snapshot, what: 'delta' | 'control'): { readonly own?: Json } {
    const { kind, version } = this.#owner;
    const state = openSnapshot(envelope, { kind: `coronate/${kind}/${what}`, version, name: this.#name });
    return structuredClone(state) as { readonly own?: Json };
  }
}

/** What damaged data makes a strategy throw is one typed error. */
function careful<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw asSnapshotError(error);
  }
}
