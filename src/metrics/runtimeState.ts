import { SnapshotError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import { openSnapshot, type Snapshot } from '../core/snapshot.ts';
import type { AnyStrategy } from '../core/strategy.ts';
import type { RuntimeOwner } from './RuntimeOwner.ts';
import type { SavedIdentity } from './StrategyIdentity.ts';
import { noTruths } from './TruthCounts.ts';

/** What a strategy's runtime keeps in a snapshot. */
export interface RuntimeState extends SavedIdentity {
  readonly own: Json;
  readonly truths: Json;
  readonly events: { readonly events: readonly unknown[]; readonly dropped: number; readonly contained: number };
}

/** The state of a snapshot of this strategy, migrated. @throws SnapshotError */
export function openState(snapshot: Snapshot, owner: RuntimeOwner, name: string): RuntimeState {
  const { kind, version, migrations = {} } = owner;
  return openSnapshot(snapshot, { kind: `coronate/${kind}`, version, name, migrations }) as unknown as RuntimeState;
}

/** A snapshot in which nothing waits for its truth: what replicas have in common. */
export function withoutTruths(snapshot: Snapshot): Snapshot {
  const truths: Json = { waiting: [], done: [], counts: noTruths() };
  const nested = Object.entries(snapshot.nested).map(([name, inner]) => [name, withoutTruths(inner)] as const);
  const state = { ...(snapshot.state as { readonly [key: string]: Json }), truths };
  return { ...snapshot, state, nested: Object.fromEntries(nested) };
}

/** The runtime's own part of it, checked. @throws SnapshotError */
export function checkRuntimeState(state: RuntimeState): RuntimeState {
  const { own, seed, requests, truths, replica = '' } = state;
  const sound =
    own !== undefined &&
    truths !== undefined &&
    typeof seed === 'string' &&
    typeof replica === 'string' &&
    Number.isSafeInteger(requests) &&
    requests >= 0;
  if (!sound) throw new SnapshotError('the state of a strategy must have own, seed, requests, truths and events');
  return state;
}

/** The nested strategies with their parts of an envelope. @throws SnapshotError if one is missing */
export function openNested<S extends Snapshot>(
  { nested }: S,
  children: Readonly<Record<string, AnyStrategy>>,
): readonly (readonly [AnyStrategy, S['nested'][string]])[] {
  return Object.entries(children).map(([name, child]) => {
    const inner = typeof nested === 'object' && Object.hasOwn(nested ?? {}, name) ? nested[name] : undefined;
    if (inner === undefined) throw new SnapshotError(`the snapshot has nothing of the nested strategy ${name}`);
    return [child, inner as S['nested'][string]] as const;
  });
}

/**
 * Makes several changes, or none: where one throws, those before it are undone.
 *
 * @param change makes them; after each it says what undoes it
 * @returns undoes all of them
 * @throws SnapshotError; whatever else was thrown is its cause
 */
export function allOrNothing(change: (undo: (back: () => void) => void) => void): () => void {
  const backs: (() => void)[] = [];
  const undo = (): void => {
    for (const back of backs.splice(0).reverse()) back();
  };
  try {
    change((back) => backs.push(back));
    return undo;
  } catch (error) {
    undo();
    throw asSnapshotError(error);
  }
}

/** What damaged data made code throw, as the typed error that callers are promised. */
export function asSnapshotError(cause: unknown): SnapshotError {
  if (cause instanceof SnapshotError) return cause;
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new SnapshotError(`the snapshot is damaged: ${detail}`, { cause });
}
