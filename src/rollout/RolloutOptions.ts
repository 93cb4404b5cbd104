import type { ABTest, ABTestOptions } from '../abtest/index.ts';
import type { CanaryDeployment, CanaryOptions } from '../canary/index.ts';
import { checkBoolean, checkFunction, checkNumber, checkOneOf, checkOptions } from '../core/check.ts';
import { InvalidOptionError } from '../core/errors.ts';
import type { AnyModel } from '../core/Model.ts';
import type { Metric } from '../metrics/Metric.ts';
import { type StrategyOptions, strategyOptionNames } from '../metrics/StrategyOptions.ts';
import type { ShadowOptions, ShadowRunner } from '../shadow/index.ts';
import type { RolloutHooks } from './RolloutEvent.ts';
import type { StepName } from './RolloutPhase.ts';
import type { RolloutPlan, StepDeadlinePolicy, StepPlan } from './RolloutState.ts';
import type { StepVerdict } from './StepVerdict.ts';

/** What every step may be told besides its strategy's own options. */
export interface StepOptions<Strategy> {
  /** A person must approve before the step begins. @defaultValue false */
  readonly requireApproval?: boolean;
  /** How long the step may last, pauses not counted, in milliseconds. @defaultValue 2_592_000_000 (30 days) */
  readonly deadlineMs?: number;
  /** What its deadline does: the candidate is rejected, a person is waited for, or the next step begins. @defaultValue 'reject' */
  readonly onDeadline?: StepDeadlinePolicy;
  /**
   * What the step says, in place of its own criteria. Asked whenever the step is judged (see `judgeEvery`); must not change anything. What
   * it throws is contained, and means: hold.
   * @defaultValue the shadow's promotion gates, the test's decision, the canary's stages
   */
  readonly criteria?: (strategy: Strategy) => StepVerdict;
}

/** The options that the rollout gives to its steps itself. */
type Given = keyof StrategyOptions;

/** The shadow step: the candidate answers everything behind production's back. */
export interface ShadowStepOptions<B extends AnyModel = AnyModel>
  extends StepOptions<ShadowRunner<B>>,
    Omit<ShadowOptions<B>, Given | 'primary' | 'shadows' | 'expiresAt'> {}

/** The A/B step: the candidate answers a share of the requests, to be found better. */
export interface ABTestStepOptions
  extends StepOptions<ABTest<AnyModel, AnyModel>>,
    Omit<ABTestOptions<AnyModel, AnyModel>, Given | 'champion' | 'challenger' | 'challengers'> {
  /** The candidate's share of the requests, within [0, 1]. @defaultValue 0.5 */
  readonly trafficShare?: number;
}

/** The canary step: the candidate takes over stage by stage. */
export interface CanaryStepOptions<B extends AnyModel = AnyModel, C extends AnyModel = AnyModel>
  extends StepOptions<CanaryDeployment<B, C>>,
    Omit<CanaryOptions<B, C>, Given | 'baseline' | 'canary' | 'deadlineMs' | 'onDeadline' | 'autoStart'> {}

/** Options of `Rollout`. */
export interface RolloutOptions<B extends AnyModel = AnyModel, C extends AnyModel = AnyModel> extends StrategyOptions {
  /** The model in charge. */
  readonly current: B;
  /** The model that is to take its place. */
  readonly candidate: C;
  /** What is measured in every step that names no metrics itself. @defaultValue none */
  readonly metrics?: readonly Metric<never, never, never>[];
  /** `false` leaves the step out. @defaultValue with the defaults of `ShadowRunner` */
  readonly shadow?: ShadowStepOptions<B> | false;
  /** `false` leaves the step out. @defaultValue with the defaults of `ABTest`; its metrics must have a goal */
  readonly abTest?: ABTestStepOptions | false;
  /** `false` leaves the step out. @defaultValue with the defaults of `CanaryDeployment` */
  readonly canary?: CanaryStepOptions<B, C> | false;
  /** The end: the candidate answers alone. */
  readonly production?: {
    /** A person must approve before the candidate answers alone. @defaultValue false */
    readonly requireApproval?: boolean;
    /** How long after the promotion one call still goes back, in milliseconds. @defaultValue 3_600_000 */
    readonly rollbackWindowMs?: number;
  };
  /** How long a gate waits for a person before the candidate is rejected, in milliseconds. @defaultValue 2_592_000_000 (30 days) */
  readonly approvalTimeoutMs?: number;
  /**
   * The step that serves is judged after every so many outcomes and truths. By default less often as they grow more, since a
   * look at an A/B test costs much more than a request.
   * @defaultValue after 50; once there are more than 500, after a tenth of those so far, or after 50 and a minute
   */
  readonly judgeEvery?: number;
  /** Whether it starts by itself. Else `start()` does. @defaultValue true */
  readonly autoStart?: boolean;
  /** What is to be told, and asked. */
  readonly hooks?: RolloutHooks;
}

const names: readonly string[] = [
  ...strategyOptionNames,
  'current',
  'candidate',
  'metrics',
  'shadow',
  'abTest',
  'canary',
  'production',
  'approvalTimeoutMs',
  'judgeEvery',
  'autoStart',
  'hooks',
];

const order: readonly StepName[] = ['shadow', 'abTest', 'canary'];
const own = ['requireApproval', 'deadlineMs', 'onDeadline', 'criteria'] as const;
const given: Readonly<Record<StepName, readonly string[]>> = {
  shadow: [...strategyOptionNames, 'primary', 'shadows', 'expiresAt'],
  abTest: [...strategyOptionNames, 'champion', 'challenger', 'challengers'],
  canary: [...strategyOptionNames, 'baseline', 'canary', 'autoStart'],
};
const MONTH_MS = 30 * 24 * 3_600_000;

/** The rules of the state machine out of the options. @throws InvalidOptionError */
export function createRolloutPlan(options: RolloutOptions): RolloutPlan {
  checkOptions('options', options, names);
  const { production = {}, approvalTimeoutMs = MONTH_MS } = options;
  checkOptions('production', production, ['requireApproval', 'rollbackWindowMs']);
  const { requireApproval = false, rollbackWindowMs = 3_600_000 } = production;
  checkBoolean('autoStart', options.autoStart ?? true);
  const steps = order.filter((step) => options[step] !== false).map((step) => createStep(step, options[step] ?? {}));
  if (steps.length === 0) throw new InvalidOptionError('options', options, 'a rollout of at least one step');
  return {
    steps,
    approveProduction: checkBoolean('production.requireApproval', requireApproval),
    approvalTimeoutMs: checkNumber('approvalTimeoutMs', approvalTimeoutMs, { gt: 0 }),
    rollbackWindowMs: checkNumber('production.rollbackWindowMs', rollbackWindowMs, { ge: 0 }),
  };
}

function createStep(name: StepName, options: unknown): StepPlan {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new InvalidOptionError(name, options, 'an options object, or false to leave the step out');
  }
  for (const option of given[name]) {
    if (option in options) {
      const value = (options as Record<string, unknown>)[option];
      throw new InvalidOptionError(`${name}.${option}`, value, 'left out: it is said once, of the whole rollout');
    }
  }
  const {
    requireApproval = false,
    deadlineMs = MONTH_MS,
    onDeadline = 'reject',
    criteria,
  } = options as StepOptions<never>;
  if (criteria !== undefined) checkFunction(`${name}.criteria`, criteria);
  return {
    name,
    requireApproval: checkBoolean(`${name}.requireApproval`, requireApproval),
    deadlineMs: checkNumber(`${name}.deadlineMs`, deadlineMs, { gt: 0 }),
    onDeadline: checkOneOf(`${name}.onDeadline`, onDeadline, ['reject', 'pause', 'promote']),
  };
}

/** A step's options without those that are the rollout's own; its metrics where it names none. */
export function strategyOptions<O extends StepOptions<never>>(
  step: O | false | undefined,
  metrics: RolloutOptions['metrics'],
): Omit<O, (typeof own)[number]> {
  const rest: Record<string, unknown> = { ...(metrics === undefined ? {} : { metrics }), ...(step || {}) };
  for (const name of own) delete rest[name];
  return rest as Omit<O, (typeof own)[number]>;
}
