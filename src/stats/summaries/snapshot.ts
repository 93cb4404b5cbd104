import { SnapshotError, show } from '../../core/errors.ts';

/** The fields by which every state is recognised. */
export interface Versioned<Kind extends string> {
  readonly kind: Kind;
  readonly version: 1;
}

/** Fields that count observations wherever they occur. */
const COUNTS: readonly string[] = ['n', 'invalid'];

/**
 * Refuses what is not the state of this kind and version, or whose named fields are not finite numbers; `n` and `invalid`
 * must be whole and not negative.
 * @throws SnapshotError
 */
export function checkState(kind: string, state: unknown, numbers: readonly string[]): void {
  const fields = state as Record<string, unknown> | null | undefined;
  if (typeof fields !== 'object' || fields === null || fields.kind !== kind || fields.version !== 1) {
    throw new SnapshotError(`the state of a ${kind} summary must be what its toJSON() returned (version 1)`);
  }
  for (const name of numbers) {
    const value = fields[name];
    const count = COUNTS.includes(name);
    if (count ? Number.isSafeInteger(value) && (value as number) >= 0 : Number.isFinite(value)) continue;
    const rule = count ? 'a count' : 'a finite number';
    throw new SnapshotError(`${name} in the state of a ${kind} summary must be ${rule}, got ${show(value)}`);
  }
}

/** Numbers that are null where they are not finite. @throws SnapshotError */
export function checkNullable(kind: string, state: object, numbers: readonly string[]): void {
  for (const name of numbers) {
    const value = (state as Record<string, unknown>)[name];
    if (value === null || Number.isFinite(value)) continue;
    throw new SnapshotError(`${name} in the state of a ${kind} summary must be a number or null, got ${show(value)}`);
  }
}

/** Whether a value is a list of finite numbers. */
export function isFiniteList(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every(Number.isFinite);
}

/** Refuses a merge with something else than a summary of the same class. @throws SnapshotError */
export function checkSameKind(kind: string, same: boolean): void {
  if (!same) throw new SnapshotError(`a ${kind} summary can be merged with another ${kind} summary only`);
}
