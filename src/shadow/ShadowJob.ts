import type { Outcome } from '../metrics/Outcome.ts';

/** What one shadow made of a request. */
export interface ShadowResult {
  readonly status: 'ok' | 'error' | 'timeout' | 'invalid';
  readonly prediction: unknown;
  readonly error: { readonly name: string; readonly message: string } | null;
  readonly latencyMs: number;
}

/**
 * One sampled request on its way through the shadows. Plain data: it stays with the waiting outcome as its note and
 * goes into snapshots.
 */
export interface ShadowJob {
  /** The shadows' copy of the input; gone once they have run. */
  input: unknown;
  /** Results by shadow name; null where it was dropped. */
  readonly results: Record<string, ShadowResult | null>;
  /** A truth that came while shadows were still waiting. */
  early: { readonly truth: unknown } | null;
}

/** A job with the primary's outcome, as it stands in the queue. */
export interface QueuedJob {
  readonly job: ShadowJob;
  readonly outcome: Outcome;
  readonly queuedAt: number;
}
