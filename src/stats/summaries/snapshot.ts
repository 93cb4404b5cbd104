import { SnapshotError, show } from '../../core/errors.ts';

/** The fields by which every state is recognised. */
export interface Versioned<Kind extends string> {
  readonly kind: Kind;
  readonly version: 1;
}

/**
 * Refuses what is not the state of this kind and version, or whose named fields are not finite numbers.
 * @throws SnapshotError
 */
export function checkState(kind: string, state: unknown, numbers: readonly string[]): void {
  const fields = state as Record<string, unknown> | null | undefined;
  if (typeof fields !== 'object' || fields === null || fields.kind !== kind || fields.version !== 1) {
    throw new SnapshotError(`the state of a ${kind} summary must be what its toJSON() returned (version 1)`);
  }
  for (const name of numbers) {
    if (!Number.isFinite(fields[name])) {
      throw new SnapshotError(
        `${name} in the state of a ${kind} summary must be a finite number, got ${show(fields[name])}`,
      );
    }
  }
}

/** Numbers that are whole and not negative. @throws SnapshotError */
export function checkCounts(kind: string, state: object, counts: readonly string[]): void {
  for (const name of counts) {
    const value = (state as Record<string, unknown>)[name];
    if (Number.isSafeInteger(value) && (value as number) >= 0) continue;
    throw new SnapshotError(`${name} in the state of a ${kind} summary must be a count, got ${show(value)}`);
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

/** Refuses a merge with something else than a summary of the same class. @throws SnapshotError */
export function checkSameKind(kind: string, same: boolean): void {
  if (!same) throw new SnapshotError(`a ${kind} summary can be merged with another ${kind} summary only`);
}
