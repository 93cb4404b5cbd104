import type { AnyStrategy, Served, StrategyProtocol } from '../../core/index.ts';
import { checkOptions } from '../support/check.ts';
import { InvalidOptionError } from '../support/errors.ts';
import { listTree } from '../support/watchTree.ts';
import {
  type EvaluationContext,
  FlagNotFoundError,
  GeneralError,
  type JsonValue,
  type Provider,
  type ResolutionDetails,
  StandardResolutionReasons,
  type TrackingEventDetails,
  TypeMismatchError,
} from './openFeature.ts';

/** A flag that a strategy answers. */
export interface StrategyFlag {
  /** Serves one request for every evaluation. */
  readonly strategy: AnyStrategy;
  /** The input of the request. @defaultValue the evaluation context */
  readonly input?: (context: EvaluationContext) => unknown;
  /** The flag's value by variant, in place of the prediction. */
  readonly values?: Readonly<Record<string, JsonValue>>;
}

/** Options of `StrategyProvider`. */
export interface StrategyProviderOptions {
  /** The flags by key. */
  readonly flags: Readonly<Record<string, StrategyFlag>>;
  /** The tracking event that carries a truth. @defaultValue 'coronate.truth' */
  readonly truthEvent?: string;
}

type Expected = 'boolean' | 'string' | 'number' | 'object';

/**
 * An OpenFeature provider that answers flags by strategies. An evaluation serves a request: the targeting key is its unit,
 * the prediction (or the variant's entry in `values`) is the flag's value, the variant its variant, the reason `SPLIT`, and
 * `flagMetadata.requestId` the id for its truth. A tracking event named `truthEvent` with `requestId` and `value` (or
 * `truth`) among its details records that truth.
 *
 * @example
 * await OpenFeature.setProviderAndWait(new StrategyProvider({ flags: { 'yield-model': { strategy: abTest, input: ({ row }) => row } } }));
 * const { value, flagMetadata } = await client.getNumberDetails('yield-model', 0, { targetingKey: wafer.id, row });
 * client.track('coronate.truth', {}, { requestId: String(flagMetadata.requestId), value: measured });
 */
export class StrategyProvider implements Provider {
  readonly metadata = { name: 'coronate' } as const;
  readonly runsOn = 'server' as const;
  readonly #flags: ReadonlyMap<string, StrategyFlag>;
  /** Each strategy once, however many flags it answers. */
  readonly #strategies: ReadonlyMap<AnyStrategy, StrategyProtocol>;
  readonly #truthEvent: string;

  /** @throws InvalidOptionError if a flag has no strategy, or an option breaks its rule */
  constructor(options: StrategyProviderOptions) {
    checkOptions('options', options, ['flags', 'truthEvent']);
    const { flags, truthEvent = 'coronate.truth' } = options;
    if (typeof flags !== 'object' || flags === null)
      throw new InvalidOptionError('flags', flags, 'an object of flags by key');
    const strategies = new Map<AnyStrategy, StrategyProtocol>();
    for (const [key, flag] of Object.entries(flags)) {
      checkOptions(`flags.${key}`, flag, ['strategy', 'input', 'values']);
      strategies.set(flag.strategy, listTree(`flags.${key}.strategy`, flag.strategy)[0]!.protocol);
      if (flag.input !== undefined && typeof flag.input !== 'function') {
        throw new InvalidOptionError(`flags.${key}.input`, flag.input, 'a function');
      }
    }
    this.#flags = new Map(Object.entries(flags));
    this.#strategies = strategies;
    this.#truthEvent = truthEvent;
  }

  /** Resolves a flag whose value is true or false. */
  resolveBooleanEvaluation(key: string, _: boolean, context: EvaluationContext): Promise<ResolutionDetails<boolean>> {
    return this.#resolve(key, context, 'boolean');
  }

  /** Resolves a flag whose value is text. */
  resolveStringEvaluation(key: string, _: string, context: EvaluationContext): Promise<ResolutionDetails<string>> {
    return this.#resolve(key, context, 'string');
  }

  /** Resolves a flag whose value is a number. */
  resolveNumberEvaluation(key: string, _: number, context: EvaluationContext): Promise<ResolutionDetails<number>> {
    return this.#resolve(key, context, 'number');
  }

  /** Resolves a flag whose value is an object or a list. */
  resolveObjectEvaluation<T extends JsonValue>(
    key: string,
    _: T,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<T>> {
    return this.#resolve(key, context, 'object');
  }

  /**
   * Records a truth, where the event carries one; every other event is somebody else's. One whose request was not served here
   * goes to every strategy: to those that do not know it, and do not share, it is one more unknown id.
   */
  track(event: string, _: EvaluationContext, details: TrackingEventDetails = {}): void {
    const { requestId, truth, value } = details;
    if (event !== this.#truthEvent || typeof requestId !== 'string' || requestId === '') return;
    const strategies = [...this.#strategies.keys()];
    const saw = strategies.filter((strategy) => this.#strategies.get(strategy)!.saw(requestId));
    // Served by another replica, perhaps: what is shared finds it there.
    for (const strategy of saw.length > 0 ? saw : strategies) strategy.record(requestId, truth ?? value);
  }

  async #resolve<T>(key: string, context: EvaluationContext, expected: Expected): Promise<ResolutionDetails<T>> {
    const flag = this.#flags.get(key);
    if (flag === undefined) throw new FlagNotFoundError(`no strategy answers the flag ${key}`);
    const story = await this.#serve(flag, context);
    const { variant, requestId, prediction } = story;
    const value = flag.values === undefined ? prediction : own(flag.values, variant);
    const found = value === null || Array.isArray(value) ? 'object' : typeof value;
    if (value === undefined || found !== expected) {
      throw new TypeMismatchError(`the value of ${key} for ${variant} must be of type ${expected}, got ${found}`);
    }
    const reason = reasonOf(story);
    return { value: value as T, variant, reason, flagMetadata: { requestId, answeredBy: story.answeredBy } };
  }

  async #serve({ strategy, input }: StrategyFlag, context: EvaluationContext): Promise<Served<unknown>> {
    const { targetingKey } = context;
    try {
      const given = input === undefined ? context : input(context);
      const request = { context, ...(targetingKey === undefined || targetingKey === '' ? {} : { unit: targetingKey }) };
      return (await strategy.serve(given as never, request)) as Served<unknown>;
    } catch (error) {
      throw new GeneralError(error instanceof Error ? error.message : 'the model failed');
    }
  }
}

/** A test tells how a request came to its variant; everywhere else traffic is split. */
function reasonOf(story: Served<unknown>): string {
  const { assignment } = story as { readonly assignment?: { readonly status: string; readonly by?: string } };
  if (assignment === undefined) return StandardResolutionReasons.SPLIT;
  if (assignment.status !== 'assigned') return StandardResolutionReasons.DEFAULT;
  return assignment.by === 'forced' ? StandardResolutionReasons.TARGETING_MATCH : StandardResolutionReasons.SPLIT;
}

function own(values: Readonly<Record<string, JsonValue>>, variant: string): JsonValue | undefined {
  return Object.hasOwn(values, variant) ? values[variant] : undefined;
}
