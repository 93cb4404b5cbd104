import type { TruthCounts } from '../../metrics/TruthCounts.ts';
import type { ShadowComparison } from '../comparison/ShadowComparison.ts';
import type { LogStatus } from '../log/RecordLog.ts';
import type { Promotion, PromotionLook } from '../promotion/Promotion.ts';
import type { PromotionCriteria } from '../promotion/PromotionCriteria.ts';

/**
 * A shadow run as an auditor wants it. Plain data: `JSON.stringify` writes it, where an open end of an interval becomes
 * null.
 */
export interface ShadowReport {
  /** The layout of this report. */
  readonly schema: 1;
  readonly runner: string;
  readonly replica: string;
  /** What makes every random choice again. */
  readonly seed: string;
  /** When it was made, milliseconds since the epoch. */
  readonly at: number;
  /** Versions by model name; null where a model does not say. */
  readonly versions: Readonly<Record<string, string | null>>;
  readonly sampleRate: number;
  readonly expiresAt: number | null;
  /** Why shadowing has ended; null while it goes on. */
  readonly stopped: string | null;
  /** Why it may take more than two weeks, as configured. */
  readonly longRun: string | null;
  readonly traffic: { readonly requests: number; readonly sampledOut: number };
  readonly truths: TruthCounts;
  readonly criteria: PromotionCriteria;
  readonly promotions: readonly Promotion[];
  readonly comparisons: readonly ShadowComparison[];
  readonly looks: readonly { readonly shadow: string; readonly looks: readonly PromotionLook[] }[];
  readonly log: LogStatus;
  /** Errors of hooks, listeners and metrics that were contained. */
  readonly containedErrors: number;
  /** What the reader should know before trusting the numbers. */
  readonly warnings: readonly string[];
}
