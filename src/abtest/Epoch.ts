import { SnapshotError } from '../core/errors.ts';

/** What an epoch is: a time during which shares and versions stand still. */
export interface EpochPlan {
  /** When it began, milliseconds since the Unix epoch. */
  readonly at: number;
  readonly shares: readonly number[];
  readonly versions: readonly string[];
}

/** An epoch with its counts. */
export interface Epoch {
  readonly epoch: number;
  readonly at: number;
  readonly shares: readonly number[];
  /** Requests assigned to each variant; forced ones apart. */
  readonly counts: number[];
  /** Independent assignments: units when they first came, requests where they are drawn one by one. */
  readonly exposures: number[];
  /** Truths that came for them. */
  readonly labels: number[];
  /** Requests that were answered or failed; in paired mode those that all models were asked about, by challenger. */
  readonly served: number[];
  /** What failed, a unit once; in paired mode requests on which the challenger failed and the champion did not. */
  readonly failures: number[];
  /** Only in paired mode: requests on which the champion failed and this challenger did not. */
  readonly spared: number[];
  /** Its stratum: epochs of the same shares and versions share one. */
  readonly stratum: number;
}

const COUNTS = ['counts', 'exposures', 'labels', 'served', 'failures', 'spared'] as const;

/** An epoch in which nothing has happened yet. */
export function emptyEpoch(epoch: number, { at, shares }: Omit<EpochPlan, 'versions'>, stratum: number): Epoch {
  const zeros = (): number[] => shares.map(() => 0);
  const counts = { counts: zeros(), exposures: zeros(), labels: zeros(), served: zeros(), failures: zeros() };
  return { epoch, at, shares: [...shares], ...counts, spared: zeros(), stratum };
}

/** Adds what another process has counted in the same epoch. */
export function addCounts(into: Epoch, from: Epoch): void {
  for (const what of COUNTS) {
    for (const [v, count] of from[what].entries()) into[what][v]! += count;
  }
}

/** An epoch of its own from a saved one. @throws SnapshotError where it is none of so many variants */
export function copyEpoch(epoch: Epoch, variants: number): Epoch {
  const sound =
    Number.isSafeInteger(epoch?.epoch) &&
    Number.isSafeInteger(epoch.stratum) &&
    Number.isFinite(epoch.at) &&
    isList(epoch.shares, variants, (share) => Number.isFinite(share) && share >= 0 && share <= 1) &&
    COUNTS.every((what) => isList(epoch[what], variants, (count) => Number.isSafeInteger(count) && count >= 0));
  if (!sound)
    throw new SnapshotError(`an epoch must have a time, a stratum, and shares and counts of ${variants} variants`);
  const { at, shares, stratum } = epoch;
  const copy = emptyEpoch(epoch.epoch, { at, shares }, stratum);
  addCounts(copy, epoch);
  return copy;
}

function isList(values: readonly number[] | undefined, length: number, holds: (value: number) => boolean): boolean {
  return Array.isArray(values) && values.length === length && (values as readonly number[]).every(holds);
}
