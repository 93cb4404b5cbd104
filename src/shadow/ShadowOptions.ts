import type { Json } from '../core/json.ts';
import type { AnyModel, InputOf, PredictionOf, Request } from '../core/Model.ts';
import type { Sink } from '../core/Sink.ts';
import type { Metric } from '../metrics/Metric.ts';
import { type StrategyOptions, strategyOptionNames } from '../metrics/StrategyRuntime.ts';
import type { ExecutedShadow } from './Executor.ts';
import type { PromotionCriteria } from './promotion/PromotionCriteria.ts';
import type { ShadowRecord } from './ShadowRecord.ts';
import type { InputPolicy } from './serving/protectInput.ts';
import type { ShadowFailure } from './serving/ShadowJob.ts';

/** What waits for the shadows, and what happens when it is too much. */
export interface ShadowQueueOptions {
  /** Requests that wait at most. @defaultValue 1024 */
  readonly capacity?: number;
  /** Bytes of inputs that wait at most, about: buffers and strings count by their length. @defaultValue 67_108_864 (64 MiB) */
  readonly maxBytes?: number;
  /** A request that has waited longer than so many milliseconds is dropped unshadowed. @defaultValue 60_000 */
  readonly maxAgeMs?: number;
  /** What is dropped when the queue is full. @defaultValue 'drop-newest' */
  readonly onFull?: 'drop-newest' | 'drop-oldest';
  /**
   * A request is taken from the queue while fewer asynchronous calls than this are under way, over all shadows. All of its
   * shadows are then asked at once, so that several of them may exceed it. @defaultValue 1
   */
  readonly concurrency?: number;
}

/** How predictions and truths of two classes are read. All functions run behind the scenes, guarded. */
export interface ShadowClassification<Prediction = never, Truth = never> {
  /** The score of the positive class: for ROC curves, calibration (within [0, 1]) and drift. @defaultValue the prediction, where it is a number */
  readonly score?: (prediction: Prediction) => number;
  /** Whether a prediction says positive. @defaultValue true, or a number of at least 0.5 */
  readonly positive?: (prediction: Prediction) => boolean;
  /** Whether a truth is positive. @defaultValue true, or a number of at least 0.5 */
  readonly truthPositive?: (truth: Truth) => boolean;
}

/** How predictions and truths of several classes are read. */
export interface ShadowClasses<Prediction = never, Truth = never> {
  /** The classes, two or more, all different: the rows and columns of the tables. */
  readonly labels: readonly (string | number)[];
  /** The class of a prediction; one that is none of the labels is wrong. @defaultValue the prediction itself */
  readonly label?: (prediction: Prediction) => string | number;
  /** The class of a truth; one that is none of the labels is no label. @defaultValue the truth itself */
  readonly truthLabel?: (truth: Truth) => string | number;
}

/** How predicted numbers and true ones are read. */
export interface ShadowRegression<Prediction = never, Truth = never> {
  /** @defaultValue the prediction, where it is a number */
  readonly value?: (prediction: Prediction) => number;
  /** @defaultValue the truth, where it is a number */
  readonly truthValue?: (truth: Truth) => number;
}

/** What goes into the log besides readings, and how it is written. */
export interface ShadowLogOptions<Input = never, Prediction = never> {
  /** What of an input is logged. @defaultValue nothing */
  readonly input?: (input: Input) => Json | undefined;
  /** What of a prediction is logged besides its readings. @defaultValue nothing */
  readonly prediction?: (prediction: Prediction) => Json | undefined;
  /** Records that a sink gets at once, at most. @defaultValue 256 */
  readonly batchSize?: number;
  /** A batch that is not full is written after so many milliseconds. @defaultValue 1000 */
  readonly flushMs?: number;
  /** Records that wait for a slow sink at most; what comes then is lost to it, and counted. @defaultValue 16_384 */
  readonly capacity?: number;
  /** A write that takes longer is given up: its batch is lost to that sink, and counted. @defaultValue 10_000 */
  readonly writeTimeoutMs?: number;
}

/** Asks the primary twice, to learn how often it disagrees with itself. */
export interface ShadowNoiseOptions {
  /** The share of shadowed requests on which it does. */
  readonly rate: number;
}

/** A disagreement that is of no interest. */
export type IgnoreRule<Prediction> = (primary: Prediction, shadow: Prediction) => boolean;

/** Options of `ShadowRunner`. */
export interface ShadowOptions<P extends AnyModel = AnyModel> extends StrategyOptions {
  /** The model in charge: its own value, promise or throw is the answer, always. */
  readonly primary: P;
  /** The models that watch, by name; at least one. Their answers reach nobody. `{ executor }` runs one somewhere else. */
  readonly shadows: Readonly<Record<string, AnyModel | ExecutedShadow>>;
  /**
   * The share of requests that is shadowed. Requests with an id are sampled by it, the same on every replica; truths of
   * requests that are not sampled are `unknown`. @defaultValue 1
   */
  readonly sampleRate?: number;
  /** Whether a sampled request is shadowed at all. Runs on the serving path: keep it cheap. What it throws means no. @defaultValue always */
  readonly runIf?: (input: InputOf<P>, request: Request) => boolean;
  /** How inputs are protected from shadows that change them. @defaultValue 'shallow' */
  readonly input?: InputPolicy;
  readonly queue?: ShadowQueueOptions;
  /** The share of one core that shadows, and comparing them, may use in this loop; 1 lifts the limit. @defaultValue 0.01 */
  readonly cpuShare?: number;
  /**
   * An asynchronous shadow is given up, and told so by its signal, after so many milliseconds; a synchronous one is
   * judged by it afterwards. @defaultValue 10_000
   */
  readonly shadowTimeoutMs?: number;
  /** Whether two answers agree. One that throws agrees with nothing. @defaultValue `Object.is`, then equal plain data */
  readonly compare?: (primary: PredictionOf<P>, shadow: PredictionOf<P>) => boolean;
  /** Whether two errors agree, where both models threw. @defaultValue the same class and message */
  readonly compareErrors?: (primary: ShadowFailure, shadow: ShadowFailure) => boolean;
  /** Whether a disagreement is of no interest: counted apart. Of several, the first that says so ends the search. @defaultValue none is */
  readonly ignore?: IgnoreRule<PredictionOf<P>> | readonly IgnoreRule<PredictionOf<P>>[];
  /** How far two answers are apart, to rank disagreements. @defaultValue the distance of scores or numbers, else 1 */
  readonly distance?: (primary: PredictionOf<P>, shadow: PredictionOf<P>) => number;
  /** Compares the models as classifiers of two classes. @defaultValue no */
  readonly classification?: ShadowClassification<PredictionOf<P>, never>;
  /** Compares the models as classifiers into several classes. @defaultValue no */
  readonly classes?: ShadowClasses<PredictionOf<P>, never>;
  /** Compares the models as predictors of a number. @defaultValue no */
  readonly regression?: ShadowRegression<PredictionOf<P>, never>;
  /** Further metrics of all models on the same requests. @defaultValue none */
  readonly metrics?: readonly Metric<never, never, never>[];
  /**
   * The groups that a request belongs to, by attribute: `{ sex: 'female', scanner: 'portable' }`. Reads the shadows' copy,
   * behind the scenes; of a request that is left out before it was copied it reads the input itself, on the serving path,
   * so that drops are counted by group: keep it cheap. @defaultValue none
   */
  readonly subgroup?: (input: InputOf<P>, context: unknown) => Readonly<Record<string, string | number | boolean>>;
  /** @defaultValue never */
  readonly noise?: ShadowNoiseOptions;
  /** How many of the worst disagreements are kept for each shadow. @defaultValue 20 */
  readonly worst?: number;
  /** Requests kept for each shadow for what needs them side by side (ranks, ROC curves, drift); a random sample beyond. @defaultValue 10_000 */
  readonly sampleSize?: number;
  /** Where records go. @defaultValue nowhere */
  readonly sinks?: readonly Sink<ShadowRecord>[];
  readonly log?: ShadowLogOptions<InputOf<P>, PredictionOf<P>>;
  /**
   * Changes every record before any sink sees it, or leaves it out (undefined). One that throws lets nothing through:
   * the record is lost, counted, and blocks promotion. @defaultValue records as they are: readings, no inputs
   */
  readonly redact?: (record: ShadowRecord) => ShadowRecord | undefined;
  /** What a shadow must show to be promoted. @defaultValue the defaults of `PromotionCriteria` */
  readonly promotion?: PromotionCriteria;
  /** From then on only the primary runs, milliseconds since the epoch or a Date. @defaultValue never */
  readonly expiresAt?: number | Date;
  /** An `expiring` event comes so many milliseconds before. @defaultValue 86_400_000 (a day) */
  readonly expiryWarningMs?: number;
  /** Why this shadow runs for more than two weeks, or without an end; reports warn where it is left out. */
  readonly longRun?: string;
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
  'compareErrors',
  'ignore',
  'distance',
  'classification',
  'classes',
  'regression',
  'metrics',
  'subgroup',
  'noise',
  'worst',
  'sampleSize',
  'sinks',
  'log',
  'redact',
  'promotion',
  'expiresAt',
  'expiryWarningMs',
  'longRun',
];
