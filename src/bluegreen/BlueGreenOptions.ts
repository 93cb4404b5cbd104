import type { AnyModel, InputOf } from '../core/Model.ts';
import { type JudgingOptions, judgingOptionNames } from '../metrics/judging/JudgingOptions.ts';
import { type StrategyOptions, strategyOptionNames } from '../metrics/StrategyRuntime.ts';
import type { BlueGreenTransitionEvent } from './BlueGreenEvent.ts';

/** One question that green must answer well before it may be switched to. */
export interface SmokeTest<Input = unknown> {
  readonly name: string;
  readonly input: Input;
  /** Whether the answer will do. @defaultValue any answer that is one */
  readonly accept?: (prediction: never) => boolean;
}

/** What is told while a deployment moves. Hooks may be asynchronous; what they throw is contained. */
export interface BlueGreenHooks {
  /** Green answers from now on. */
  readonly switched?: (event: BlueGreenTransitionEvent) => unknown;
  /** Blue answers again: the place for a pager. */
  readonly returned?: (event: BlueGreenTransitionEvent) => unknown;
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
  /** How long after the switch one call goes back, and a failing verdict does so by itself, in milliseconds. @defaultValue 3_600_000 */
  readonly windowMs?: number;
  /** Whether a failing verdict within the window goes back by itself. @defaultValue true */
  readonly autoReturn?: boolean;
  /** Whether blue answers where green fails. @defaultValue true */
  readonly fallback?: boolean;
  /** So many failures among so many of green's last requests go back at once. @defaultValue { errors: 8, of: 20 } */
  readonly burst?: { readonly errors: number; readonly of: number };
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
  'windowMs',
  'autoReturn',
  'fallback',
  'burst',
  'hooks',
];
