import { checkFinite, checkInteger, checkNumber, checkOneOf, checkOptions } from '../core/check.ts';
import { InvalidOptionError } from '../core/errors.ts';
import type { AnyModel, InputOf, Request } from '../core/Model.ts';
import type { Metric } from '../metrics/Metric.ts';
import { type StrategyOptions, strategyOptionNames } from '../metrics/StrategyRuntime.ts';
import type { CanaryHooks } from './CanaryEvent.ts';
import type { CanaryPlan, DeadlinePolicy, StagePlan } from './CanaryState.ts';
import type { CanaryJudge } from './judges/CanaryJudge.ts';

/** One stage of a rollout with its own rules. */
export interface StageOptions {
  /** Percent of the traffic, within (0, 100]. */
  readonly weight: number;
  /** The stage lasts at least so many milliseconds. @defaultValue 0 */
  readonly minDwellMs?: number;
  /** The stage has so many milliseconds until its deadline. @defaultValue Infinity */
  readonly maxDwellMs?: number;
  /** A person must approve before the stage begins. @defaultValue false */
  readonly requireApproval?: boolean;
}

/** Options of `CanaryDeployment`. */
export interface CanaryOptions<B extends AnyModel = AnyModel, C extends AnyModel = AnyModel> extends StrategyOptions {
  /** The model in charge. */
  readonly baseline: B;
  /** The model that is to take over. */
  readonly canary: C;
  /** Percentages, rising, or stages with rules of their own. @defaultValue [10, 25, 50, 100] */
  readonly stages?: readonly (number | StageOptions)[];
  /** What is judged, each with its limit. @defaultValue rmse +20 % (the goal), p95 latency 2x, errors 1 %, capacity 90 % */
  readonly metrics?: readonly Metric<never, never, never>[];
  /** How evidence becomes a verdict. @defaultValue 'sequential' */
  readonly judge?: 'sequential' | 'threshold' | CanaryJudge;
  /** The chance of rolling back a healthy canary over the whole rollout, shared by the metrics. @defaultValue 0.01 */
  readonly alpha?: number;
  /** The chance of passing a canary that is at its limit. @defaultValue 0.05 */
  readonly passAlpha?: number;
  /** Canary observations below which a metric cannot fail. @defaultValue 30 */
  readonly minSamples?: number;
  /** Canary observations below which a metric cannot pass. @defaultValue 100 */
  readonly passSamples?: number;
  /** By request at random, or sticky by the request's unit. @defaultValue 'request' */
  readonly assign?: 'request' | 'unit';
  /** Only matching requests may go to the canary. @defaultValue all */
  readonly match?: (input: InputOf<B>, request: Request) => boolean;
  /** Whether the baseline answers when the canary fails. @defaultValue true */
  readonly fallback?: boolean;
  /** So many failures among so many of the canary's last requests take it out at once. @defaultValue { errors: 8, of: 20 } */
  readonly burst?: { readonly errors: number; readonly of: number };
  /** How long it is judged at full weight before it counts as promoted, in milliseconds. @defaultValue 0 */
  readonly bakeMs?: number;
  /** How long after the promotion one call still goes back, in milliseconds. @defaultValue 3_600_000 */
  readonly rollbackWindowMs?: number;
  /** How long the whole rollout may take, pauses not counted, in milliseconds. @defaultValue Infinity */
  readonly deadlineMs?: number;
  /** What a deadline does. @defaultValue 'pause' */
  readonly onDeadline?: DeadlinePolicy;
  /** How long a gate waits, in milliseconds. @defaultValue Infinity */
  readonly approvalTimeoutMs?: number;
  /** Failing verdicts in a row that are tolerated. @defaultValue 0 */
  readonly failLimit?: number;
  /** Inconclusive verdicts in a row until it pauses. @defaultValue Infinity */
  readonly inconclusiveLimit?: number;
  /** Broken evaluations in a row until it pauses. @defaultValue 4 */
  readonly errorLimit?: number;
  /** Whether it starts by itself. Else `start()` does. @defaultValue true */
  readonly autoStart?: boolean;
  /** Whether a passed stage leads to the next by itself. Else `progress()` does. @defaultValue true */
  readonly autoProgress?: boolean;
  /** What is to be told, and asked. */
  readonly hooks?: CanaryHooks;
}

/** The names of `CanaryOptions`, for `checkOptions`. */
export const canaryOptionNames: readonly string[] = [
  ...strategyOptionNames,
  'baseline',
  'canary',
  'stages',
  'metrics',
  'judge',
  'alpha',
  'passAlpha',
  'minSamples',
  'passSamples',
  'assign',
  'match',
  'fallback',
  'burst',
  'bakeMs',
  'rollbackWindowMs',
  'deadlineMs',
  'onDeadline',
  'approvalTimeoutMs',
  'failLimit',
  'inconclusiveLimit',
  'errorLimit',
  'autoStart',
  'autoProgress',
  'hooks',
];

/** The state machine's rules out of the options. @throws InvalidOptionError */
export function createPlan(options: CanaryOptions): CanaryPlan {
  const { stages = [10, 25, 50, 100], bakeMs = 0, rollbackWindowMs = 3_600_000, onDeadline = 'pause' } = options;
  const { deadlineMs = Infinity, approvalTimeoutMs = Infinity } = options;
  const { failLimit = 0, inconclusiveLimit = Infinity, errorLimit = 4 } = options;
  return {
    stages: createStages(stages),
    bakeMs: checkFinite('bakeMs', bakeMs, { ge: 0 }),
    rollbackWindowMs: checkNumber('rollbackWindowMs', rollbackWindowMs, { ge: 0 }),
    deadlineMs: checkNumber('deadlineMs', deadlineMs, { gt: 0 }),
    onDeadline: checkOneOf('onDeadline', onDeadline, ['pause', 'rollback', 'promote']),
    approvalTimeoutMs: checkNumber('approvalTimeoutMs', approvalTimeoutMs, { gt: 0 }),
    failLimit: checkInteger('failLimit', failLimit, { ge: 0 }),
    inconclusiveLimit: checkNumber('inconclusiveLimit', inconclusiveLimit, { ge: 1 }),
    errorLimit: checkNumber('errorLimit', errorLimit, { ge: 0 }),
  };
}

function createStages(stages: readonly (number | StageOptions)[]): readonly StagePlan[] {
  if (!Array.isArray(stages) || stages.length === 0) {
    throw new InvalidOptionError('stages', stages, 'a list of at least one percentage');
  }
  let before = 0;
  return stages.map((stage: number | StageOptions, i) => {
    const at = `stages[${i}]`;
    const given = typeof stage === 'object' && stage !== null ? stage : { weight: stage };
    checkOptions(at, given, ['weight', 'minDwellMs', 'maxDwellMs', 'requireApproval']);
    const { weight, minDwellMs = 0, maxDwellMs = Infinity, requireApproval = false } = given;
    checkFinite(`${at} (percent)`, weight, { gt: before, le: 100 });
    before = weight;
    checkFinite(`${at}.minDwellMs`, minDwellMs, { ge: 0 });
    checkNumber(`${at}.maxDwellMs`, maxDwellMs, { gt: minDwellMs });
    return { weight, minDwellMs, maxDwellMs, requireApproval };
  });
}
