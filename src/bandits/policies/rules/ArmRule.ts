import type { Rng } from '../../../random/index.ts';
import type { Interval } from '../../../stats/types.ts';
import type { ArmTable, PseudoPulls } from '../ArmTable.ts';
import type { Prior } from '../BanditPolicy.ts';

/** How a choice between equals is made. */
export type Ties = 'random' | 'first';

/** What a rule sees when it chooses. The policy owns it and fills it anew for each choice. */
export interface ChoiceView {
  readonly table: ArmTable;
  readonly ties: Ties;
  /** Room for one number an arm. */
  scores: Float64Array;
  /** Pulls in flight per arm, and their sum. */
  pending: ArrayLike<number> | undefined;
  inFlight: number;
  /** Arms that may be chosen; all where undefined. */
  eligible: ArrayLike<boolean> | undefined;
}

/** How a policy chooses among arms from the table: everything else (names, memory, checks) is the same for all. */
export interface ArmRule {
  readonly kind: string;
  /** Pulls that every arm needs before the rule can judge it. */
  readonly leastPulls: number;
  /** Contextual rules: checks and remembers the context of what follows, or of a reward of `arm`. @throws InvalidDataError */
  see?(context: unknown, names: readonly string[], arm?: number): void;
  /** Contextual rules: writes what to expect of every arm for the context seen, or a lower bound of it, into `view.scores`. */
  expect?(view: ChoiceView, lowerBound: boolean): void;
  /** Position of the arm to pull. */
  choose(view: ChoiceView, rng: Rng): number;
  /** Probabilities of `choose`, written into `out`; 0 for arms that are not eligible. */
  law(view: ChoiceView, out: Float64Array): void;
  /** Scores by which several arms are ranked at once, written into `view.scores`. Where missing, arms are chosen one by one. */
  score?(view: ChoiceView, rng: Rng): void;
  /** The law of the highest score, where scores are draws from beliefs: how likely each eligible arm is the best one. */
  drawnLaw?(view: ChoiceView, out: Float64Array): void;
  /** How likely each arm is the best one, where the rule has beliefs but does not draw from them. */
  bestLaw?(view: ChoiceView, out: Float64Array): void;
  /** The prior as pseudo-pulls of the standardised reward. @throws InvalidOptionError */
  prior(option: Prior | undefined): PseudoPulls;
  /** Posterior interval of the standardised mean; where missing, the policy uses a confidence sequence. */
  credible?(table: ArmTable, i: number, level: number): Interval;
  /** True where only the two ends of the reward range are rewards. */
  readonly binary?: boolean;
  /** What the table shall learn of a standardised reward. */
  transform?(x: number, rng: Rng): number;
  /** State of the rule's own, beside the table. */
  readonly own?: RuleState;
}

/** State that a rule keeps beside the table. */
export interface RuleState {
  /** False where it depends on the order of updates, so that processes cannot be merged. */
  readonly mergeable: boolean;
  /** True where it is only the priors, so that the table may forget; otherwise the memory must be stationary. */
  readonly anyMemory?: boolean;
  inserted(prior: Prior | undefined): void;
  removed(i: number): void;
  /** Called before the table learns of the reward. */
  observing?(view: ChoiceView, i: number, x: number, weight: number, propensity: number | undefined): void;
  /** Called after the table has learnt, merged or lost rewards. */
  changed?(view: ChoiceView): void;
  /** Plain JSON. */
  save(): unknown;
  /** @throws SnapshotError */
  load(state: unknown, size: number): void;
  /** Takes in what another process has learnt: its arms by their positions here. */
  merge?(state: unknown, positions: readonly number[]): void;
  /** The state of `after` without that of `before`: `from[i]` is the position there of arm i, -1 where new. */
  difference?(after: unknown, before: unknown, from: readonly number[]): unknown;
}
