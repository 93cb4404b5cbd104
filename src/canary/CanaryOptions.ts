import {
  checkBoolean,
  checkFinite,
  checkFunction,
  checkInteger,
  checkNumber,
  checkOneOf,
  checkOptions,
} from '../core/check.ts';
import { InvalidOptionError } from '../core/errors.ts';
import type { AnyModel, InputOf, Request } from '../core/Model.ts';
import type { BurstLimit } from '../metrics/judging/BurstWatch.ts';
import { type JudgingOptions, judgingOptionNames } from '../metrics/judging/JudgingOptions.ts';
import { type StrategyOptions, strategyOptionNames } from '../metrics/StrategyRuntime.ts';
import type { CanaryHooks } from './CanaryEvent.ts';
import type { CanaryPlan, DeadlinePolicy, StagePlan } from './CanaryState.ts';

/** One stage of a rollout with its own rules. */
export interface StageOptions {
  /** Percent of the traffic, within (0, 100]. */
  readonly weight: number;
  /** Observations of the canary in this stage without which it is not passed. @defaultValue 30 */
  readonly minSamples?: number;
  /** The stage lasts at least so many milliseconds. @defaultValue 0 */
  readonly minDwellMs?: number;
  /** The stage has so many milliseconds until its deadline. @defaultValue Infinity */
  readonly maxDwellMs?: number;
  /** A person must approve before the stage begins. @defaultValue false */
  readonly requireApproval?: boolean;
}

/** What a canary is held against. */
export type Comparison =
  | 'concurrent'
  | 'paired'
  | 'shadow-first'
  | { readonly fixed: Readonly<Record<string, number>> };

/** Options of `CanaryDeployment`. */
export interface CanaryOptions<B extends AnyModel = AnyModel, C extends AnyModel = AnyModel>
  extends StrategyOptions,
    JudgingOptions {
  /** The model in charge. */
  readonly baseline: B;
  /** The model that is to take over. */
  readonly canary: C;
  /** Percentages, rising, or stages with rules of their own. @defaultValue [10, 25, 50, 100] */
  readonly stages?: readonly (number | StageOptions)[];
  /**
   * What the canary is held against. `concurrent`: the baseline's own requests at the same time. `paired`: the baseline
   * is asked beside the canary, unseen, so that hard requests count for both; needs models that leave their input alone.
   * `shadow-first`: before the first stage both answer every request, unseen, until the canary has passed. `{ fixed }`:
   * values by metric name, measured before; if the world drifts, they convict a healthy canary.
   * @defaultValue 'concurrent'
   */
  readonly compare?: Comparison;
  /** By request at random, or sticky by the request's unit. @defaultValue 'request' */
  readonly assign?: 'request' | 'unit';
  /** Only matching requests may go to the canary. @defaultValue all */
  readonly match?: (input: InputOf<B>, request: Request) => boolean;
  /** Whether the baseline answers when the canary fails. @defaultValue true */
  readonly fallback?: boolean;
  /** So many failures among so many of the canary's last requests take it out at once. @defaultValue { errors: 8, of: 20 } */
  readonly burst?: BurstLimit;
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
  /**
   * What a request costs beside time: each probe reads a counter that only grows (CPU milliseconds, allocated bytes),
   * before and after a sampled request. Each becomes a metric of its name: the mean growth, at most 150 % of the
   * baseline's. Concurrent requests of asynchronous models blur it.
   */
  readonly probes?: Readonly<Record<string, () => number>>;
  /** Every how many requests of a model are probed. @defaultValue 10 */
  readonly probeEvery?: number;
  /** What is to be told, and asked. */
  readonly hooks?: CanaryHooks;
}

/** The names of `CanaryOptions`, for `checkOptions`. */
const canaryOptionNames: readonly string[] = [
  ...strategyOptionNames,
  ...judgingOptionNames,
  'baseline',
  'canary',
  'stages',
  'compare',
  'probes',
  'probeEvery',
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

/** What neither the runtime, the plan nor the judges check. @throws InvalidOptionError */
export function checkCanaryOptions(options: CanaryOptions): void {
  checkOptions('options', options, canaryOptionNames);
  checkOneOf('assign', options.assign ?? 'request', ['request', 'unit']);
  for (const name of ['fallback', 'autoStart', 'autoProgress'] as const) checkBoolean(name, options[name] ?? true);
  if (options.match !== undefined) checkFunction('match', options.match);
  if (options.hooks !== undefined) checkHooks(options.hooks);
  checkInteger('probeEvery', options.probeEvery ?? 10, { ge: 1 });
  const { compare = 'concurrent' } = options;
  if (typeof compare === 'object' && compare !== null) checkOptions('compare', compare, ['fixed']);
  else checkOneOf('compare', compare, ['concurrent', 'paired', 'shadow-first']);
}

/** Hooks under their names, each a function. @throws InvalidOptionError */
function checkHooks(hooks: CanaryHooks): void {
  const known = ['preRollout', 'stage', 'gate', 'rollback', 'promoted'] as const;
  checkOptions('hooks', hooks, known);
  for (const name of known) if (hooks[name] !== undefined) checkFunction(`hooks.${name}`, hooks[name]);
}

/** The state machine's rules out of the options. @throws InvalidOptionError */
export function createPlan(options: CanaryOptions): CanaryPlan {
  const { stages = [10, 25, 50, 100], bakeMs = 0, rollbackWindowMs = 3_600_000, onDeadline = 'pause' } = options;
  const { deadlineMs = Infinity, approvalTimeoutMs = Infinity } = options;
  const { failLimit = 0, inconclusiveLimit = Infinity, errorLimit = 4 } = options;
  return {
    stages: createStages(stages),
    shadowFirst: options.compare === 'shadow-first',
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
    checkOptions(at, given, ['weight', 'minSamples', 'minDwellMs', 'maxDwellMs', 'requireApproval']);
    const { weight, minSamples = 30, minDwellMs = 0, maxDwellMs = Infinity, requireApproval = false } = given;
    checkFinite(`${at} (percent)`, weight, { gt: before, le: 100 });
    before = weight;
    checkInteger(`${at}.minSamples`, minSamples, { ge: 0 });
    checkFinite(`${at}.minDwellMs`, minDwellMs, { ge: 0 });
    checkNumber(`${at}.maxDwellMs`, maxDwellMs, { gt: minDwellMs });
    return { weight, minSamples, minDwellMs, maxDwellMs, requireApproval };
  });
}
