import { SnapshotError } from '../../core/errors.ts';
import type { ArmColumns } from './ArmTable.ts';
import type { PolicySnapshot } from './BanditPolicy.ts';
import type { TableParts } from './TableParts.ts';

/** What a policy over a table keeps, as plain JSON. */
export interface TableState {
  /** The declared range; null where it is open. */
  readonly rewardRange: readonly [number, number] | null;
  readonly memory: string;
  readonly memoryState: unknown;
  readonly total: number;
  readonly updates: number;
  readonly columns: ArmColumns;
  readonly own: unknown;
}

const COUNTS = ['pulls', 'count', 'n', 'm2', 'baseN'] as const;

export function saveState({ table, memory, rule, scale }: TableParts): TableState {
  return {
    rewardRange: scale.bounded ? [scale.lowest, scale.highest] : null,
    memory: memory.kind,
    memoryState: memory.save(),
    total: table.total,
    updates: table.updates,
    columns: table.columns(),
    own: rule.own?.save() ?? null,
  };
}

export function loadState(parts: TableParts, snapshot: PolicySnapshot): void {
  const state = readState(parts, snapshot);
  const size = snapshot.arms.length;
  parts.names.replace(snapshot.arms);
  parts.table.load(state.columns, size, state);
  parts.memory.load(state.memoryState, size);
  parts.rule.own?.load(state.own, size);
}

/** Adds what another process has learnt. */
export function mergeState(parts: TableParts, delta: PolicySnapshot): void {
  refusePathDependence(parts, 'merged');
  const state = readState(parts, delta);
  const positions = delta.arms.map((arm) => parts.names.indexOf(arm));
  positions.forEach((position, j) => {
    parts.table.mergeArm(position, state.columns, j);
  });
  parts.table.updates += state.updates;
  parts.rule.own?.merge?.(state.own, positions);
}

/** The observations of `own` that `base` does not have. */
export function deltaState(parts: TableParts, own: PolicySnapshot, base: PolicySnapshot): TableState {
  refusePathDependence(parts, 'taken as a difference');
  const after = readState(parts, own);
  const before = readState(parts, base);
  const positions = own.arms.map((arm) => base.arms.indexOf(arm));
  const difference = (name: keyof ArmColumns): number[] =>
    after.columns[name].map((x, i) => x - (before.columns[name][positions[i]!] ?? 0));
  const columns = {
    ...after.columns,
    pulls: difference('pulls'),
    rewards: difference('rewards'),
    count: difference('count'),
    n: difference('n'),
    sum: difference('sum'),
  };
  if (columns.n.some((n) => n < 0))
    throw new SnapshotError('the base of a delta must be an earlier snapshot of the policy');
  const m2 = after.columns.m2.map((m2After, i) => {
    const n1 = before.columns.n[positions[i]!] ?? 0;
    const n2 = columns.n[i]!;
    if (n1 === 0) return m2After;
    if (n2 === 0) return 0;
    const gap = columns.sum[i]! / n2 - before.columns.sum[positions[i]!]! / n1;
    return Math.max(0, m2After - before.columns.m2[positions[i]!]! - (gap * gap * n1 * n2) / (n1 + n2));
  });
  const total = columns.n.reduce((sum, n) => sum + n, 0);
  const ownDelta = parts.rule.own?.difference?.(after.own, before.own, positions) ?? after.own;
  return { ...after, total, updates: after.updates - before.updates, columns: { ...columns, m2 }, own: ownDelta };
}

function refusePathDependence({ memory, rule }: TableParts, what: string): void {
  if (!memory.mergeable)
    throw new SnapshotError(`a ${memory.kind} memory depends on the order of updates: it cannot be ${what}`);
  if (rule.own?.mergeable === false) {
    throw new SnapshotError(`${rule.kind} depends on the order of updates: it cannot be ${what}`);
  }
}

function readState({ rule, memory, scale }: TableParts, snapshot: PolicySnapshot): TableState {
  if (snapshot?.version !== 1 || snapshot.kind !== rule.kind) {
    throw new SnapshotError(
      `the snapshot must be of ${rule.kind}, version 1; it is of ${snapshot?.kind}, ${snapshot?.version}`,
    );
  }
  const state = snapshot.state as unknown as TableState;
  if (state?.memory !== memory.kind) {
    throw new SnapshotError(`the snapshot has memory ${state?.memory}, the policy ${memory.kind}`);
  }
  const range = scale.bounded ? [scale.lowest, scale.highest] : null;
  if (JSON.stringify(state.rewardRange) !== JSON.stringify(range)) {
    throw new SnapshotError('the snapshot has another rewardRange than the policy');
  }
  const size = Array.isArray(snapshot.arms) ? snapshot.arms.length : 0;
  const columns = Object.values(state.columns ?? {});
  const sound =
    size > 0 &&
    Number.isFinite(state.total) &&
    Number.isFinite(state.updates) &&
    columns.length === 8 &&
    columns.every((column) => Array.isArray(column) && column.length === size && column.every(Number.isFinite)) &&
    COUNTS.every((name) => state.columns[name].every((x) => x >= 0));
  if (!sound)
    throw new SnapshotError('the snapshot has columns that are missing, of another length, not finite, or below 0');
  return state;
}
