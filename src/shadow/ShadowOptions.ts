import type { AnyModel, InputOf, PredictionOf, Request } from '../core/Model.ts';
import type { Metric } from '../metrics/Metric.ts';
import { type StrategyOptions, strategyOptionNames } from '../metrics/StrategyRuntime.ts';
import type { InputPolicy } from './protectInput.ts';

/** What waits for the shadows, and what happens when it is too much. */
export interface ShadowQueueOptions {
  /** Requests that wait at most. @defaultValue 1024 */
  readonly capacity?: number;
  /** A request that has waited longer than so many milliseconds is dropped unshadowed. @defaultValue 60_000 */
  readonly maxAgeMs?: number;
  /** What is dropped when the queue is full. @defaultValue 'drop-newest' */
  readonly onFull?: 'drop-newest' | 'drop-oldest';
  /** Asynchronous shadow calls under way at once, over all shadows. @defaultValue 1 */
  readonly concurrency?: number;
}

/** Options of `ShadowRunner`. */
export interface ShadowOptions<P extends AnyModel = AnyModel> extends StrategyOptions {
  /** The model in charge: its own value, promise or throw is the answer, always. */
  readonly primary: P;
  /** The models that watch, by name; at least one. Their answers reach nobody. */
  readonly shadows: Readonly<Record<string, AnyModel>>;
  /** The share of requests that is shadowed. Requests with an id are sampled by it, the same on every replica. @defaultValue 1 */
  readonly sampleRate?: number;
  /** Whether a sampled request is shadowed at all. Runs on the serving path: keep it cheap. @defaultValue always */
  readonly runIf?: (input: InputOf<P>, request: Request) => boolean;
  /** How inputs are protected from shadows that change them. @defaultValue 'shallow' */
  readonly input?: InputPolicy;
  readonly queue?: ShadowQueueOptions;
  /** The share of one core that synchronous shadows may use in this loop; 1 lifts the limit. @defaultValue 0.01 */
  readonly cpuShare?: number;
  /** An asynchronous shadow is given up, and told so by its signal, after so many milliseconds. @defaultValue 10_000 */
  readonly shadowTimeoutMs?: number;
  /** Whether two answers agree. @defaultValue `Object.is`, then equal plain data */
  readonly compare?: (primary: PredictionOf<P>, shadow: PredictionOf<P>) => boolean;
  /** Whether a disagreement is of no interest: counted apart. @defaultValue none is */
  readonly ignore?: (primary: PredictionOf<P>, shadow: PredictionOf<P>) => boolean;
  /** Metrics of all models on the same requests. @defaultValue none */
  readonly metrics?: readonly Metric<never, never, never>[];
  /** From then on only the primary runs, milliseconds since the epoch or a Date. @defaultValue never */
  readonly expiresAt?: number | Date;
}

/** The names of `ShadowOptions`, for `checkOptions`. */
export const shadowOptionNames: readonly string[] = [
  ...strategyOptionNames,
  'primary',
  'shadows',
  'sampleRate',
  'runIf',
  'input',
  'queue',
  'cpuShare',
  'shadowTimeoutMs',
  'compare',
  'ignore',
  'metrics',
  'expiresAt',
];
