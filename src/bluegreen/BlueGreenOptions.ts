import {
  checkBoolean,
  checkFunction,
  checkInteger,
  checkName,
  checkNumber,
  checkOneOf,
  checkOptions,
} from '../core/check.ts';
import { InvalidOptionError } from '../core/errors.ts';
import type { AnyModel, InputOf } from '../core/Model.ts';
import type { BurstLimit } from '../metrics/judging/BurstWatch.ts';
import { type JudgingOptions, judgingOptionNames } from '../metrics/judging/JudgingOptions.ts';
import { type StrategyOptions, strategyOptionNames } from '../metrics/StrategyRuntime.ts';
import type { BlueGreenGateEvent, BlueGreenTransitionEvent } from './BlueGreenEvent.ts';
import type { BlueGreenGate } from './BlueGreenState.ts';
import type { BlueGreenPlan } from './transition.ts';

/** One question that green must answer well before it may be switched to. */
export interface SmokeTest<Input = unknown> {
  readonly name: string;
  readonly input: Input;
  /** Whether the answer will do. @defaultValue any answer that is one */
  readonly accept?: (prediction: never) => boolean;
}

/** What is told while a deployment moves. Hooks may be asynchronous; what they throw is contained. */
export interface BlueGreenHooks {
  /** A gate is reached: `true` approves, `false` rejects, anything else leaves it to `approve()`. */
  readonly gate?: (event: BlueGreenGateEvent) => unknown;
  /** Green answers from now on. */
  readonly switched?: (event: BlueGreenTransitionEvent) => unknown;
  /** Blue answers again: the place for a pager. */
  readonly returned?: (event: BlueGreenTransitionEvent) => unknown;
  /** The window is over: green stays. */
  readonly settled?: (event: BlueGreenTransitionEvent) => unknown;
}

/** Options of `BlueGreenDeployment`. */
export interface BlueGreenOptions<B extends AnyModel = AnyModel, G extends AnyModel = AnyModel>
  extends StrategyOptions,
    JudgingOptions {
  /** The model in charge. */
  readonly blue: B;
  /** The model that is to take over. */
  readonly green: G;
  /** Inputs that green is asked beforehand, its answers dropped: caches and lazy weights. @defaultValue none */
  readonly warmUp?: readonly InputOf<G>[];
  /** What green must answer well. @defaultValue none */
  readonly smokeTests?: readonly SmokeTest<InputOf<G>>[];
  /**
   * Every how many requests the model that does not answer is asked as well, unseen: green before the switch, blue
   * after it. 0 never, and then the switch does not wait for a verdict. @defaultValue 1
   */
  readonly compareEvery?: number;
  /**
   * Where a person must approve: before the `switch`, once the judge is sure; before the window closes (`settle`), which
   * stays open until then. @defaultValue []
   */
  readonly gates?: readonly BlueGreenGate[];
  /** Whether it switches by itself, once green is ready, proven, and approved where it must be. Else `switch()` does. @defaultValue false */
  readonly autoSwitch?: boolean;
  /** How long after the switch one call goes back, and a failing verdict does so by itself, in milliseconds. @defaultValue 3_600_000 */
  readonly windowMs?: number;
  /** Whether a failing verdict within the window goes back by itself. @defaultValue true */
  readonly autoReturn?: boolean;
  /** Whether blue answers where green fails. @defaultValue true */
  readonly fallback?: boolean;
  /** So many failures among so many of green's last requests go back at once. @defaultValue { errors: 8, of: 20 } */
  readonly burst?: BurstLimit;
  /** What is to be told. */
  readonly hooks?: BlueGreenHooks;
}

/** The names of `BlueGreenOptions`, for `checkOptions`. */
export const blueGreenOptionNames: readonly string[] = [
  ...strategyOptionNames,
  ...judgingOptionNames,
  'blue',
  'green',
  'warmUp',
  'smokeTests',
  'compareEvery',
  'gates',
  'autoSwitch',
  'windowMs',
  'autoReturn',
  'fallback',
  'burst',
  'hooks',
];

/** The state machine's rules out of the options, all options checked. @throws InvalidOptionError */
export function createPlan(options: BlueGreenOptions): BlueGreenPlan {
  checkOptions('options', options, blueGreenOptionNames);
  const { windowMs = 3_600_000, gates = [], compareEvery = 1, hooks = {}, warmUp = [], smokeTests = [] } = options;
  checkInteger('compareEvery', compareEvery, { ge: 0 });
  for (const name of ['autoReturn', 'autoSwitch', 'fallback'] as const) checkBoolean(name, options[name] ?? true);
  if (!Array.isArray(gates)) throw new InvalidOptionError('gates', gates, 'a list of gates');
  for (const [i, gate] of gates.entries()) checkOneOf(`gates[${i}]`, gate, ['switch', 'settle']);
  checkHooks(hooks);
  if (!Array.isArray(warmUp)) throw new InvalidOptionError('warmUp', warmUp, 'a list of inputs');
  if (!Array.isArray(smokeTests)) throw new InvalidOptionError('smokeTests', smokeTests, 'a list of smoke tests');
  for (const [i, test] of smokeTests.entries()) checkSmokeTest(`smokeTests[${i}]`, test);
  return { windowMs: checkNumber('windowMs', windowMs, { ge: 0 }), gates };
}

function checkHooks(hooks: BlueGreenHooks): void {
  const known = ['gate', 'switched', 'returned', 'settled'] as const;
  checkOptions('hooks', hooks, known);
  for (const name of known) if (hooks[name] !== undefined) checkFunction(`hooks.${name}`, hooks[name]);
}

function checkSmokeTest(at: string, test: SmokeTest): void {
  checkOptions(at, test, ['name', 'input', 'accept']);
  checkName(`${at}.name`, test.name);
  if (test.accept !== undefined) checkFunction(`${at}.accept`, test.accept);
}
