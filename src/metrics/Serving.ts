import { checkFinite, checkFunction } from '../core/check.ts';
import type { Clock } from '../core/clock.ts';
import { type Answer, type Attempt, dispatch, isAnswer, type ServingRules } from '../core/dispatch.ts';
import type { RecordResult, Request, Served } from '../core/Model.ts';
import { isThenable } from '../core/perRow.ts';
import { checkRequest } from '../core/request.ts';
import type { Unit } from '../core/Unit.ts';
import type { Outcome } from './Outcome.ts';
import type { Choice, RuntimeOwner } from './RuntimeOwner.ts';
import type { StrategyIdentity } from './StrategyIdentity.ts';
import type { StrategyOptions } from './StrategyOptions.ts';
import type { TruthLedger } from './TruthLedger.ts';
import type { VariantSlots } from './VariantSlots.ts';
import type { Watchers } from './Watchers.ts';

/** What is remembered of a request while its model works. */
interface Token {
  readonly id: string | undefined;
  /** Where its truth is waited for; 0 where none can come. */
  readonly row: number;
  /** Rows are used again: the turn tells the request from those before and after it. */
  readonly turn: number;
  readonly unit: Unit | undefined;
  readonly input: unknown;
  readonly context: unknown;
  readonly variant: string;
  readonly at: number;
  readonly note: unknown;
  readonly truth: unknown;
}

/** The token of a call that nobody waits for. */
const NOBODY: Token = {
  id: undefined,
  row: 0,
  turn: 0,
  unit: undefined,
  input: undefined,
  context: undefined,
  variant: '',
  at: 0,
  note: undefined,
  truth: undefined,
};

/** What serving is made of. */
export interface ServingParts {
  readonly owner: RuntimeOwner;
  readonly clock: Clock;
  readonly identity: StrategyIdentity;
  readonly slots: VariantSlots;
  readonly ledger: TruthLedger;
  readonly watchers: Watchers;
  /** Joins a truth that came with its request, here and in nested strategies. */
  readonly join: (requestId: string, truth: unknown) => RecordResult;
  /** Runs the user's `isValid`; undefined where it threw. */
  readonly guard: (task: () => boolean) => boolean | undefined;
}

/** Takes a request to the chosen model, and tells the strategy, its ledger and its watchers what became of it. */
export class Serving {
  readonly #parts: ServingParts;
  readonly #rules: ServingRules<Token>;
  readonly #untimedRules: ServingRules<Token>;

  /** @throws InvalidOptionError for a `timeoutMs` or `isValid` that is none */
  constructor(parts: ServingParts, options: Pick<StrategyOptions, 'timeoutMs' | 'isValid'>) {
    this.#parts = parts;
    this.#rules = this.#createRules(options);
    this.#untimedRules = { ...this.#rules, timeoutMs: undefined };
  }

  /** Answers like the chosen model: the very value, promise or throw; see `dispatch`. */
  predict(choice: Choice, input: unknown, given?: Request): unknown {
    const request = checkRequest(given);
    const tracked = request.id !== undefined || (request.truth !== undefined && !this.#anonymous());
    const token = this.#admit(choice, input, request, tracked);
    return this.#dispatch(choice, input, request, token, false);
  }

  /** Answers with the story. */
  serve(choice: Choice, input: unknown, given?: Request): unknown {
    const request = checkRequest(given);
    const token = this.#admit(choice, input, request, true);
    const requestId = token.id as string;
    const answer = this.#dispatch(choice, input, request, token, true);
    if (isThenable(answer)) return answer.then((told) => storyOf(requestId, told as Answer, choice.extra));
    return storyOf(requestId, answer as Answer, choice.extra);
  }

  /**
   * Asks a variant beside the one that answers: nobody sees its answer, and nothing that it throws gets out. `settled`
   * hears what became of it, at once where the model is synchronous; it must not throw.
   */
  score(variant: string, input: unknown, request: Request, settled: (outcome: Outcome) => void): void {
    const at = this.#parts.clock.now();
    const { unit, context } = request;
    const settle = (_: Token, { status, prediction, error, latencyMs }: Attempt): void => {
      const { id: requestId } = request;
      const rest = { requestId, unit, input, context, at, truth: undefined, note: undefined };
      settled({ variant, status, prediction, error, latencyMs, ...rest });
    };
    const slot = this.#parts.slots.all[variant]!;
    try {
      const answer = dispatch({ ...this.#rules, settle }, slot, undefined, input, request, NOBODY, false);
      if (isThenable(answer)) answer.then(undefined, () => undefined);
    } catch {
      // The settle above has told it already.
    }
  }

  #createRules({ timeoutMs, isValid = isAnswer }: Pick<StrategyOptions, 'timeoutMs' | 'isValid'>): ServingRules<Token> {
    if (timeoutMs !== undefined) checkFinite('timeoutMs', timeoutMs, { gt: 0 });
    checkFunction('isValid', isValid);
    // A rule of the user's that throws says nothing about the answer: it stands.
    const guarded = (prediction: unknown): boolean => this.#parts.guard(() => isValid(prediction)) ?? true;
    const settle = (token: Token, attempt: Attempt): void => this.#settle(token, attempt);
    return { clock: this.#parts.clock, timeoutMs, isValid: isValid === isAnswer ? isAnswer : guarded, settle };
  }

  #dispatch(choice: Choice, input: unknown, request: Request, token: Token, story: boolean): unknown {
    const { variant, fallback } = choice;
    const slots = this.#parts.slots.all;
    const spare = fallback === undefined || fallback === variant ? undefined : slots[fallback];
    const slot = slots[variant]!;
    // Leaves get the input alone: only a strategy, or a model that asks for it, sees the request.
    const heard = slot.form !== 'leaf' || (spare !== undefined && spare.form !== 'leaf');
    const owned = heard && request.id !== token.id ? { ...request, id: token.id as string } : request;
    const rules = choice.untimed === true ? this.#untimedRules : this.#rules;
    return dispatch(rules, slot, spare, input, owned, token, story);
  }

  #admit(choice: Choice, input: unknown, request: Request, named: boolean): Token {
    const { clock, identity, ledger } = this.#parts;
    const at = clock.now();
    const ids = named && request.id === undefined ? identity.ids : undefined;
    const id = ids === undefined ? request.id : ids.next();
    const row = named && choice.untracked !== true ? ledger.open(id as string, at, ids) : 0;
    const { turn } = ledger;
    const { unit, context, truth } = request;
    return { id, row, turn, unit, input, context, variant: choice.variant, at, note: choice.note, truth };
  }

  #settle(token: Token, attempt: Attempt): void {
    const { owner, clock, ledger, watchers, join } = this.#parts;
    const { id, row, unit, input, context, at, note } = token;
    const { variant, status, prediction, error, latencyMs } = attempt;
    const fallback = attempt.fallbackFor !== undefined;
    const requestId = id;
    const truth = undefined;
    const outcome: Outcome = {
      requestId,
      variant,
      unit,
      input,
      context,
      status,
      prediction,
      error,
      latencyMs,
      at,
      truth,
      note,
    };
    owner.settled(outcome, fallback, row !== 0);
    if (watchers.observed) watchers.called({ ...outcome, fallback });
    if (fallback) return;
    if (row === 0) {
      if (id === undefined && token.truth !== undefined) ledger.joinAtOnce(outcome, token.truth);
      watchers.tap?.settled(undefined);
      return;
    }
    const waits = ledger.settle(row, token.turn, outcome);
    if (!waits) ledger.miss(token.turn, outcome, clock.now());
    if (token.truth === undefined) {
      watchers.tap?.settled(waits ? id : undefined);
      return;
    }
    // No replica can have heard of it: there is nobody to agree with on who joins it.
    watchers.tap?.settled(undefined);
    // What was let go may have left its id to another request, whose truth this is not.
    const standing = waits ? undefined : ledger.standing(id as string);
    if (standing === undefined || standing === 'expired') join(id as string, token.truth);
  }

  /** Whether a truth that comes with its request can do without an id: nobody could name the request again. */
  #anonymous(): boolean {
    const { owner, watchers, slots } = this.#parts;
    return owner.anonymous === true && !watchers.observed && slots.leaves;
  }
}

/** Field by field: copying an unknown object costs as much as all else that is done for a request. */
function storyOf(
  requestId: string,
  { variant, answeredBy, path, prediction, latencyMs }: Answer,
  extra: object | undefined,
): Served<unknown> {
  return { requestId, variant, answeredBy, path, prediction, latencyMs, ...extra };
}
