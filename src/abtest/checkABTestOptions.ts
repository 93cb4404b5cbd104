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
import type { Metric } from '../metrics/Metric.ts';
import { strategyOptionNames } from '../metrics/StrategyRuntime.ts';
import { errorRate } from '../metrics/serviceMetrics.ts';
import type { ABTestInference, ABTestSettings, AnyABTestOptions, PairedOptions } from './ABTestOptions.ts';
import { defaultRule } from './decision/defaultRule.ts';
import { checkKillSwitch } from './KillSwitch.ts';
import { checkLabels, type LabelOptions, weightedMetric } from './LabelWeights.ts';

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
  'maxDurationMs',
  'killSwitch',
  'fallback',
  'assignment',
  'decision',
  'sampleSize',
  'sampleRatioAlpha',
  'sampleRatioTolerance',
  'mode',
  'paired',
  'analyse',
  'labels',
  'segments',
];
const assignmentNames = ['by', 'unit', 'salt', 'namespace', 'holdout', 'forced', 'eligible', 'exposure', 'hash'];

/** Checks every rule of the options. @throws InvalidOptionError */
export function checkABTestOptions(options: AnyABTestOptions): ABTestSettings {
  checkOptions('options', options, [...strategyOptionNames, ...own]);
  const { metrics = [], alpha = 0.05, inference = 'anytime', horizon, burnIn = 100 } = options;
  const { minSamples = 0, minDurationMs = 0, fallback = false, decision = defaultRule() } = options;
  const { sampleSize = 2000, sampleRatioAlpha = 0.001, sampleRatioTolerance = 0.01, assignment = {} } = options;
  checkOptions('assignment', assignment, assignmentNames);
  for (const name of ['unit', 'eligible'] as const) {
    if (assignment[name] !== undefined) checkFunction(`assignment.${name}`, assignment[name]);
  }
  if (typeof decision?.decide !== 'function') {
    throw new InvalidOptionError('decision', decision, 'a decision rule: defaultRule(), notebookRule() or your own');
  }
  checkSegments(options.segments);
  const labels = checkLabels(options.labels);
  const checked = withErrors(checkMetrics(metrics as unknown as readonly Metric[]));
  return {
    metrics: labels === undefined ? checked : checked.map(weightedMetric),
    labels,
    alpha: checkProbability('alpha', alpha),
    inference: checkInference(inference),
    horizon: horizon === undefined ? undefined : checkFinite('horizon', horizon, { gt: 0 }),
    burnIn: checkFinite('burnIn', burnIn, { ge: 2 }),
    minSamples: checkInteger('minSamples', minSamples, { ge: 0 }),
    minDurationMs: checkFinite('minDurationMs', minDurationMs, { ge: 0 }),
    maxDurationMs:
      options.maxDurationMs === undefined
        ? undefined
        : checkFinite('maxDurationMs', options.maxDurationMs, { gt: 0, ge: minDurationMs }),
    killSwitch: checkKillSwitch(options.killSwitch),
    fallback: checkBoolean('fallback', fallback),
    decision,
    sampleSize: checkInteger('sampleSize', sampleSize, { ge: 0 }),
    shareLimits: {
      alpha: checkProbability('sampleRatioAlpha', sampleRatioAlpha),
      tolerance: checkFinite('sampleRatioTolerance', sampleRatioTolerance, { ge: 0, lt: 1 }),
    },
    paired: checkPaired(options),
    analyse: checkAnalyse(options.analyse, labels),
  };
}

/** Where truths are modelled, those that were not seen count: but only once it is known that they will not be. */
function checkAnalyse(analyse: AnyABTestOptions['analyse'], labels: LabelOptions | undefined): 'labelled' | 'matured' {
  const modelled = labels?.outcomeModel !== undefined;
  const asked = analyse ?? (modelled ? 'matured' : 'labelled');
  checkOneOf('analyse', asked, ['labelled', 'matured']);
  if (!modelled || asked === 'matured') return asked;
  throw new InvalidOptionError('analyse', asked, "'matured' where labels have an outcomeModel");
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

function checkPaired({ mode = 'split', paired }: AnyABTestOptions): Required<PairedOptions> | undefined {
  checkOneOf('mode', mode, ['split', 'paired']);
  if (mode === 'split') {
    if (paired === undefined) return undefined;
    throw new InvalidOptionError('paired', paired, "left out in split mode: it is of mode: 'paired'");
  }
  const given = paired ?? {};
  checkOptions('paired', given, ['agree', 'keepDisagreements']);
  const { agree = Object.is, keepDisagreements = 20 } = given;
  return {
    agree: checkFunction('paired.agree', agree),
    keepDisagreements: checkInteger('paired.keepDisagreements', keepDisagreements, { ge: 0 }),
  };
}

function checkSegments(segments: AnyABTestOptions['segments'] = {}): void {
  if (typeof segments !== 'object' || segments === null) {
    throw new InvalidOptionError('segments', segments, 'functions by dimension');
  }
  for (const [name, segment] of Object.entries(segments)) {
    checkFunction(`segments.${name}`, segment);
    const reserved = ['time', 'hour', 'weekday'].includes(name) || name.includes('\n');
    if (reserved) throw new InvalidOptionError('segments', name, 'named otherwise: time, hour and weekday are taken');
  }
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
