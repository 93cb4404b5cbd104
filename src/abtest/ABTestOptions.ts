import type { AssignmentHash, Holdout, NamespaceRange } from '../assignment/AssignerOptions.ts';
import {
  checkBoolean,
  checkFinite,
  checkFunction,
  checkInteger,
  checkOneOf,
  checkOptions,
  checkProbability,
} from '../core/check.ts';
import { InvalidOptionError } from '../core/errors.ts';
import type { Request } from '../core/Model.ts';
import type { Unit } from '../core/Unit.ts';
import type { Metric } from '../metrics/Metric.ts';
import { type StrategyOptions, strategyOptionNames } from '../metrics/StrategyRuntime.ts';
import { errorRate } from '../metrics/serviceMetrics.ts';
import type { DecisionRule } from './decision/Decision.ts';
import { defaultRule } from './decision/defaultRule.ts';
import type { TestInput, VariantInput, VariantInputs } from './variants.ts';

/** Who is in the experiment, and how they get their variant. */
export interface ABTestAssignment<Input = unknown> {
  /** `unit`: sticky wherever a request has a unit. `request`: drawn anew for every request. @defaultValue 'unit' */
  readonly by?: 'unit' | 'request';
  /** The unit of a request that names none itself. @defaultValue none */
  readonly unit?: (input: Input) => Unit | undefined;
  /** Another salt is another, independent assignment under the same name. @defaultValue '' */
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
  /** @defaultValue 'murmur3-v1' */
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
  /** Requests over all variants at which the test is planned to end: where sequences are tightest. @defaultValue 5000 */
  readonly horizon?: number;
  /** Observations per variant before the asymptotic sequences say anything. @defaultValue 100 */
  readonly burnIn?: number;
  /** Observations of every goal per variant below which nothing is promoted. @defaultValue 0 */
  readonly minSamples?: number;
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
  /** Only in paired mode. */
  readonly paired?: PairedOptions;
  /**
   * Which truths are analysed. `labelled`: those that have come. `matured`: those of a prefix of the requests, in the
   * order of serving, so that quick truths do not count before slow ones. @defaultValue 'labelled'
   */
  readonly analyse?: 'labelled' | 'matured';
  /** Groups of requests, by dimension: estimates for each, and a check that assignment is as planned within them. */
  readonly segments?: Readonly<Record<string, (input: TestInput<C, X, R>, request: Request) => string | undefined>>;
  /** @defaultValue `defaultRule()` */
  readonly decision?: DecisionRule;
  /** Values kept of every metric and variant for rank tests; a random sample beyond that. @defaultValue 2000 */
  readonly sampleSize?: number;
  /** The error probability of the check for sample ratio mismatch, over all looks. @defaultValue 0.001 */
  readonly sampleRatioAlpha?: number;
}

const own = [
  'champion',
  'challenger',
  'challengers',
  'metrics',
  'alpha',
  'inference',
  'horizon',
  'burnIn',
  'minSamples',
  'minDurationMs',
  'fallback',
  'assignment',
  'decision',
  'sampleSize',
  'sampleRatioAlpha',
  'mode',
  'paired',
  'analyse',
  'segments',
];
const assignmentNames = ['by', 'unit', 'salt', 'namespace', 'holdout', 'forced', 'eligible', 'exposure', 'hash'];

/** The options that do not depend on the models, with their defaults. */
export interface ABTestSettings {
  readonly metrics: readonly Metric[];
  readonly alpha: number;
  readonly inference: ABTestInference;
  readonly horizon: number | undefined;
  readonly burnIn: number;
  readonly minSamples: number;
  readonly minDurationMs: number;
  readonly fallback: boolean;
  readonly decision: DecisionRule;
  readonly sampleSize: number;
  readonly sampleRatioAlpha: number;
  /** Undefined in split mode. */
  readonly paired: Required<PairedOptions> | undefined;
  readonly analyse: 'labelled' | 'matured';
}

type AnyOptions = ABTestOptions<VariantInput, VariantInput, VariantInputs>;

/** Checks every rule of the options. @throws InvalidOptionError */
export function checkABTestOptions(options: AnyOptions): ABTestSettings {
  checkOptions('options', options, [...strategyOptionNames, ...own]);
  const { metrics = [], alpha = 0.05, inference = 'anytime', horizon, burnIn = 100 } = options;
  const { minSamples = 0, minDurationMs = 0, fallback = false, decision = defaultRule() } = options;
  const { sampleSize = 2000, sampleRatioAlpha = 0.001, assignment = {} } = options;
  checkOptions('assignment', assignment, assignmentNames);
  for (const name of ['unit', 'eligible'] as const) {
    if (assignment[name] !== undefined) checkFunction(`assignment.${name}`, assignment[name]);
  }
  if (typeof decision?.decide !== 'function') {
    throw new InvalidOptionError('decision', decision, 'a decision rule: defaultRule(), notebookRule() or your own');
  }
  return {
    metrics: withErrors(checkMetrics(metrics as unknown as readonly Metric[])),
    alpha: checkProbability('alpha', alpha),
    inference: checkInference(inference),
    horizon: horizon === undefined ? undefined : checkFinite('horizon', horizon, { gt: 0 }),
    burnIn: checkFinite('burnIn', burnIn, { ge: 2 }),
    minSamples: checkInteger('minSamples', minSamples, { ge: 0 }),
    minDurationMs: checkFinite('minDurationMs', minDurationMs, { ge: 0 }),
    fallback: checkBoolean('fallback', fallback),
    decision,
    sampleSize: checkInteger('sampleSize', sampleSize, { ge: 0 }),
    sampleRatioAlpha: checkProbability('sampleRatioAlpha', sampleRatioAlpha),
    paired: checkPaired(options),
    analyse: checkOneOf('analyse', options.analyse ?? 'labelled', ['labelled', 'matured']),
  };
}

function checkInference(inference: ABTestInference): ABTestInference {
  if (typeof inference !== 'object')
    return checkOneOf('inference', inference, ['anytime', 'fixed', 'bayesian'] as const);
  checkOptions('inference', inference, ['groupSequential']);
  checkOptions('inference.groupSequential', inference.groupSequential, ['looks', 'spending']);
  const { looks, spending = 'obrien-fleming' } = inference.groupSequential;
  checkOneOf('inference.groupSequential.spending', spending, ['obrien-fleming', 'pocock']);
  if (!Array.isArray(looks) || looks.length === 0) {
    throw new InvalidOptionError('inference.groupSequential.looks', looks, 'a list of numbers of observations');
  }
  for (const [i, look] of (looks as readonly number[]).entries()) {
    checkInteger(`inference.groupSequential.looks[${i}]`, look, { gt: looks[i - 1] ?? 0 });
  }
  return inference;
}

function checkPaired({ mode = 'split', paired = {}, segments = {} }: AnyOptions): Required<PairedOptions> | undefined {
  checkOneOf('mode', mode, ['split', 'paired']);
  checkOptions('paired', paired, ['agree', 'keepDisagreements']);
  for (const [name, segment] of Object.entries(segments)) {
    checkFunction(`segments.${name}`, segment);
    const reserved = ['time', 'hour', 'weekday'].includes(name) || name.includes('\n');
    if (reserved) throw new InvalidOptionError('segments', name, 'named otherwise: time, hour and weekday are taken');
  }
  if (mode === 'split') return undefined;
  const { agree = Object.is, keepDisagreements = 20 } = paired;
  return {
    agree: checkFunction('paired.agree', agree),
    keepDisagreements: checkInteger('paired.keepDisagreements', keepDisagreements, { ge: 0 }),
  };
}

/** Failures are always a guardrail, unless the user has one of that name: it stops what is proven worse. */
function withErrors(metrics: readonly Metric[]): readonly Metric[] {
  return metrics.some(({ name }) => name === 'errorRate')
    ? metrics
    : [...metrics, errorRate({ role: 'guardrail' }) as Metric];
}

function checkMetrics(metrics: readonly Metric[]): readonly Metric[] {
  if (!Array.isArray(metrics)) throw new InvalidOptionError('metrics', metrics, 'a list of metrics');
  const seen = new Set<string>();
  metrics.forEach((metric, i) => {
    if (typeof metric?.value !== 'function' || typeof metric.name !== 'string') {
      throw new InvalidOptionError(`metrics[${i}]`, metric, 'a metric: absoluteError(), latency(), defineMetric(…)');
    }
    if (seen.has(metric.name))
      throw new InvalidOptionError('metrics', metric.name, 'a list of metrics of distinct names');
    seen.add(metric.name);
  });
  return [...metrics];
}
