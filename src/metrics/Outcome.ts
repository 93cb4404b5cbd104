import type { AttemptStatus } from '../core/observer.ts';
import type { Unit } from '../core/Unit.ts';

/**
 * One served request, as metrics see it. It belongs to the variant that was chosen: where that variant failed and a
 * fallback answered, the failure stands here.
 */
export interface Outcome<Input = unknown, Prediction = unknown, Truth = unknown> {
  /** Undefined where nobody can ask for it: `predict()` without an id. */
  readonly requestId: string | undefined;
  readonly variant: string;
  readonly unit: Unit | undefined;
  readonly input: Input;
  readonly context: unknown;
  readonly status: AttemptStatus;
  /** The variant's answer; undefined where it threw. */
  readonly prediction: Prediction | undefined;
  readonly error: unknown;
  /** Milliseconds around the variant's call. */
  readonly latencyMs: number;
  /** When it was served, milliseconds since the epoch. */
  readonly at: number;
  /** The ground truth; undefined until it is known. */
  readonly truth: Truth | undefined;
  /** What the strategy noted when it chose: a stage, an epoch, a propensity. Plain data. */
  readonly note: unknown;
}
