import type { AssignmentHash, Holdout, NamespaceRange } from '../assignment/AssignerOptions.ts';
import type { Request } from '../core/Model.ts';
import type { Unit } from '../core/Unit.ts';
import type { Metric } from '../metrics/Metric.ts';
import type { StrategyOptions } from '../metrics/StrategyRuntime.ts';
import type { DecisionRule } from './decision/Decision.ts';
import type { KillSwitchOptions } from './KillSwitch.ts';
import type { LabelOptions } from './LabelWeights.ts';
import type { ShareLimits } from './SampleRatioCheck.ts';
import type { TestInput, TestOutput, VariantInput, VariantInputs } from './variants.ts';

/** Who is in the experiment, and how they get their variant. */
export interface ABTestAssignment<Input = unknown> {
  /** `unit`: sticky wherever a request has a unit. `request`: drawn anew for every request. @defaultValue 'unit' */
  readonly by?: 'unit' | 'request';
  /** The unit of a request that names none itself. @defaultValue none */
  readonly unit?: (input: Input) => Unit | undefined;
  /** Another salt is another, independent assignment under the same name; refused where every request is drawn. @defaultValue '' */
  readonly salt?: string;
  /** Experiments of one namespace with disjoint ranges never share a unit. */
  readonly namespace?: NamespaceRange;
  /** Units kept out of every experiment that names the same holdout. */
  readonly holdout?: Holdout;
  /** Units whose variant is fixed: served so, never analysed. */
  readonly forced?: ReadonlyMap<Unit, string>;
  /** Who may take part at all; all others get the champion and are not counted. @defaultValue everybody */
  readonly eligible?: (input: Input, request: Request) => boolean;
  /** The fraction of the traffic that the experiment is open to. @defaultValue 1 */
  readonly exposure?: number;
  /** Refused where every request is drawn, without a namespace. @defaultValue 'murmur3-v1' */
  readonly hash?: AssignmentHash;
}

/**
 * How conclusions are drawn. `anytime`: valid at every look. `fixed`: Welch's test, valid at one planned look: with a
 * `horizon`, nothing is concluded before it. `groupSequential`: valid at a few looks, planned as observations of champion
 * and challenger together. `bayesian`: chance to win and expected loss; a belief, not an error rate.
 */
export type ABTestInference =
  | 'anytime'
  | 'fixed'
  | 'bayesian'
  | {
      readonly groupSequential: {
        readonly looks: readonly number[];
        /** @defaultValue 'obrien-fleming' */
        readonly spending?: 'obrien-fleming' | 'pocock';
      };
    };

/** How answers are compared in paired mode. */
export interface PairedOptions {
  /** Whether two answers agree. @defaultValue `Object.is` */
  readonly agree?: (champion: unknown, challenger: unknown) => boolean;
  /** How many disagreements are kept as examples: a random sample. @defaultValue 20 */
  readonly keepDisagreements?: number;
}

/** Options of `ABTest`. */
export interface ABTestOptions<
  C extends VariantInput = VariantInput,
  X extends VariantInput = never,
  R extends VariantInputs = Record<never, never>,
> extends StrategyOptions {
  /** The model in charge. It takes the low end of every draw. */
  readonly champion: C;
  /** The model that may take its place. */
  readonly challenger?: X;
  /** Several of them by name, instead of `challenger`. */
  readonly challengers?: R;
  /** What is measured of every variant. Latency always is, and failures are always a guardrail. @defaultValue none */
  readonly metrics?: readonly Metric<never, never, never>[];
  /** The error probability of the whole decision. @defaultValue 0.05 */
  readonly alpha?: number;
  /** @defaultValue 'anytime' */
  readonly inference?: ABTestInference;
  /**
   * Requests over all variants at which the test is planned to end: where sequences are tightest, and where a `fixed` test
   * has its one look. Planned looks end at the last of them and a `bayesian` test never does: there it is only of
   * sequences that are asked for by name (`statisticalTest(metric, { method: 'anytime' })`). @defaultValue 5000
   */
  readonly horizon?: number;
  /** Observations per variant before the asymptotic sequences say anything; of no other method. @defaultValue 100 */
  readonly burnIn?: number;
  /** Observations of every goal per variant below which nothing is promoted. @defaultValue 0 */
  readonly minSamples?: number;
  /**
   * Watches the failures of every challenger (errors, timeouts, answers that are none) from the first request on, whatever
   * the inference and between its looks: one that is proven to fail more often than the champion, by more than the margin
   * of `errorRate`, is killed: an event `killed`, and a decision `REJECT`. `false`: nothing is watched but what is looked
   * at. @defaultValue `{ alpha: 0.001, serveChampion: false }`
   */
  readonly killSwitch?: false | KillSwitchOptions;
  /**
   * When the test ends, in milliseconds from its start, whatever has come by then: what is not proven will not be. Where a
   * goal has too little data even then, the test is `INVALID` and says what is missing. Its looks that are still planned
   * become one. @defaultValue none
   */
  readonly maxDurationMs?: number;
  /** The least duration before anything is promoted, in milliseconds: whole weeks cover weekly cycles. @defaultValue 0 */
  readonly minDurationMs?: number;
  /** Whether a challenger that fails is answered for by the champion; its failure counts against it all the same. @defaultValue false */
  readonly fallback?: boolean;
  readonly assignment?: ABTestAssignment<TestInput<C, X, R>>;
  /**
   * `split`: one model answers each request. `paired`: the assigned one answers, and all others are asked about the same
   * input, so that what a request has of its own cancels. Synchronous models are asked before the answer is given back;
   * nobody waits for asynchronous ones. @defaultValue 'split'
   */
  readonly mode?: 'split' | 'paired';
  /** Only in paired mode: refused in split mode. */
  readonly paired?: PairedOptions;
  /**
   * Which truths are analysed. `labelled`: those that have come. `matured`: those of a prefix of the requests, in the
   * order of serving, so that quick truths do not count before slow ones. @defaultValue 'labelled', or 'matured' where
   * `labels` has an `outcomeModel`
   */
  readonly analyse?: 'labelled' | 'matured';
  /** Where the answer decides whether its truth is ever seen. @defaultValue every truth is seen alike */
  readonly labels?: LabelOptions<TestInput<C, X, R>, Awaited<TestOutput<C, X, R>>>;
  /** Groups of requests, by dimension: estimates for each, and a check that assignment is as planned within them. */
  readonly segments?: Readonly<Record<string, (input: TestInput<C, X, R>, request: Request) => string | undefined>>;
  /** @defaultValue `defaultRule()` */
  readonly decision?: DecisionRule;
  /** Values kept of every metric and variant for rank tests; a random sample beyond that. @defaultValue 2000 */
  readonly sampleSize?: number;
  /** The error probability of the check for sample ratio mismatch, over all looks. @defaultValue 0.001 */
  readonly sampleRatioAlpha?: number;
  /**
   * A sample ratio mismatch makes the test `INVALID` once it is proven that a variant lacks more than this fraction of its
   * units, within [0, 1); below that it is a warning of the summary. 0.01 of two halves is 50.25 to 49.75. Units that
   * are missing bias a mean by at most their fraction times how different they are: one in a hundred that differ by a whole
   * standard deviation, by a hundredth of it, while any test of millions proves some deviation. Also of the checks of
   * truths, hours and segments. @defaultValue 0.01
   */
  readonly sampleRatioTolerance?: number;
}

/** A test's options, whatever its models take and return. */
export type AnyABTestOptions = ABTestOptions<VariantInput, VariantInput, VariantInputs>;

/** The options that do not depend on the models, with their defaults. */
export interface ABTestSettings {
  readonly metrics: readonly Metric[];
  readonly alpha: number;
  readonly inference: ABTestInference;
  readonly horizon: number | undefined;
  readonly burnIn: number;
  readonly minSamples: number;
  readonly minDurationMs: number;
  readonly maxDurationMs: number | undefined;
  /** Undefined where failures are not watched. */
  readonly killSwitch: Required<KillSwitchOptions> | undefined;
  readonly fallback: boolean;
  readonly decision: DecisionRule;
  readonly sampleSize: number;
  /** Of the checks whether requests and truths fell to the variants as planned. */
  readonly shareLimits: ShareLimits;
  /** Undefined in split mode. */
  readonly paired: Required<PairedOptions> | undefined;
  readonly analyse: 'labelled' | 'matured';
  readonly labels: LabelOptions | undefined;
}
