import type { Json } from '../../core/json.ts';
import type { Outcome } from '../../metrics/Outcome.ts';

/** What a failed call left behind, as plain data. `name` is that of the error's class. */
export interface ShadowFailure {
  readonly name: string;
  readonly message: string;
}

/** What one shadow made of a request. */
export interface ShadowResult {
  readonly status: 'ok' | 'error' | 'timeout' | 'invalid';
  readonly prediction: unknown;
  readonly error: ShadowFailure | null;
  readonly latencyMs: number;
}

/**
 * One sampled request on its way through the shadows. Plain data: it stays with the waiting outcome as its note and
 * goes into snapshots.
 */
export interface ShadowJob {
  /** Counts the jobs of a runner: ids of requests may be used twice. */
  readonly serial: number;
  /** The shadows' copy of the input; gone once they have run. */
  input: unknown;
  /** About how many bytes that is. */
  readonly bytes: number;
  /** The share of requests that was sampled then. */
  readonly sampleRate: number;
  /** Whether the primary is yet to be asked a second time. */
  noise: boolean;
  /** Its groups, once they have been asked for. */
  subgroups: Readonly<Record<string, string>> | null;
  /** What of the input goes into the log, once it has been asked for. */
  logged: Json | null;
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
