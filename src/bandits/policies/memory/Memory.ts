import type { ArmTable } from '../ArmTable.ts';

/** How a policy forgets: owns what the table does with a reward. */
export interface ArmMemory {
  readonly kind: 'stationary' | 'discounted' | 'window' | 'changeDetection';
  /** Share of choices that must be uniform, so that a change of an arm that is not pulled is seen. */
  readonly exploration: number;
  /** True where the order of updates does not matter, so that processes can be merged. */
  readonly mergeable: boolean;
  /** Puts a reward into the table. */
  observe(table: ArmTable, i: number, x: number, weight: number): void;
  /** How often a change of the arm was seen; only where changes are looked for. */
  alarms?(i: number): number;
  inserted(): void;
  removed(table: ArmTable, i: number): void;
  /** Plain JSON. */
  save(): unknown;
  /** @throws SnapshotError */
  load(state: unknown, size: number): void;
}

/**
 * How a policy forgets.
 *
 * - `stationary`: it does not (the default).
 * - `discounted`: every update multiplies what is known of all arms by `gamma` (Garivier & Moulines 2011); about
 *   1 / (1 - gamma) rewards count.
 * - `window`: the last `size` rewards count, over all arms (same paper).
 * - `changeDetection`: a detector per arm forgets the arm (or all) when its rewards have changed, and a small share of
 *   choices is uniform so that a change is seen; see {@link ChangeDetectionMemory}.
 */
export type MemoryOptions =
  | { readonly type: 'stationary' }
  | { readonly type: 'discounted'; readonly gamma: number }
  | { readonly type: 'window'; readonly size: number }
  | ChangeDetectionMemory;

/** Change detection: parameters are in units of the standardised reward, that is of the declared range. */
export interface ChangeDetectionMemory {
  readonly type: 'changeDetection';
  /**
   * `cusum`: two-sided CUSUM of deviations from a reference mean (Liu, Lee & Shroff 2018). `glr`: generalised
   * likelihood ratio over all split points (Besson, Kaufmann, Maillard & Seznec 2022).
   */
  readonly method: 'cusum' | 'glr';
  /** Alarm level: of the cumulated deviation (CUSUM, default 6) or of the log likelihood ratio (GLR, default 7). Above 0. */
  readonly threshold?: number;
  /** CUSUM: deviation that is not counted. @defaultValue 0.1 */
  readonly slack?: number;
  /** CUSUM: rewards before the detector starts. @defaultValue 30 */
  readonly warmUp?: number;
  /** CUSUM: the reference mean goes on running, or is frozen after the warm-up. @defaultValue 'running' */
  readonly reference?: 'running' | 'frozen';
  /** GLR: how many of an arm's last rewards are split points; older ones count as one block. @defaultValue 200 */
  readonly history?: number;
  /** What an alarm forgets: the arm or all arms. @defaultValue 'arm' */
  readonly reset?: 'arm' | 'all';
  /** Share of uniform choices. @defaultValue 0.02 */
  readonly exploration?: number;
}
