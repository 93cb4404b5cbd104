import { SnapshotError, show } from '../../core/errors.ts';

/** Why a shadow did not run, or ran in vain. */
export type DropReason =
  /** The queue held as many requests as it may. */
  | 'full'
  /** The queue held as many bytes as it may. */
  | 'bytes'
  /** It had waited longer than `queue.maxAgeMs`. */
  | 'too-old'
  /** `runIf` said no, or threw. */
  | 'run-if'
  /** Shadowing ended while it waited. */
  | 'stopped'
  /** Its input could not be copied. */
  | 'copy-failed';

/** Drops by reason. */
export type Drops = Record<DropReason, number>;

/** Nothing was dropped. */
export function noDrops(): Drops {
  return { full: 0, bytes: 0, 'too-old': 0, 'run-if': 0, stopped: 0, 'copy-failed': 0 };
}

/** Whether nobody asked for a drop of this reason: load, age or a failed copy made it. */
export function isLoss(reason: DropReason): boolean {
  return reason !== 'run-if' && reason !== 'stopped';
}

/** Adds drops by reason; reasons that are none add nothing. */
export function addDrops(to: Drops, more: Readonly<Record<string, number>>): void {
  for (const [reason, n] of Object.entries(more)) if (Object.hasOwn(to, reason)) to[reason as DropReason] += n;
}

/** All drops, for whatever reason. */
export function totalDrops(drops: Readonly<Drops>): number {
  return Object.values(drops).reduce((sum, n) => sum + n, 0);
}

/** How many of the requests that a shadow was to see were lost on the way to it. */
export interface Losses {
  readonly lost: number;
  /** Those that it was to see: what `runIf` or the end of shadowing left out is none. */
  readonly due: number;
}

/** The losses among requests that were offered. */
export function lossesOf(offered: number, drops: Readonly<Drops>): Losses {
  const { 'run-if': refused, stopped } = drops;
  return { lost: totalDrops(drops) - refused - stopped, due: offered - refused - stopped };
}

/** Drops as they were saved. @throws SnapshotError */
export function readDrops(saved: Readonly<Record<string, unknown>>): Drops {
  const drops = noDrops();
  for (const reason of Object.keys(drops) as DropReason[]) drops[reason] = checkCount(reason, saved[reason]);
  return drops;
}

/** @throws SnapshotError for anything but a count: a bent one would bend every conclusion */
export function checkCount(name: string, value: unknown): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw new SnapshotError(`the count ${name} of a snapshot must be a non-negative integer, got ${show(value)}`);
}
