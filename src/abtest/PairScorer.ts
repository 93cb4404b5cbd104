import type { Clock } from '../core/clock.ts';
import type { AttemptStatus, Slot } from '../core/dispatch.ts';
import { isAnswer } from '../core/dispatch.ts';
import { decodeJson, encodeJson, type Json } from '../core/json.ts';
import { isThenable } from '../core/perRow.ts';
import { contextMark } from '../core/strategy.ts';
import type { Outcome } from '../metrics/Outcome.ts';
import type { Rng } from '../random/Rng.ts';

/** What a model answered that was asked beside the one that served. */
export interface ScoredAnswer {
  readonly status: Exclude<AttemptStatus, 'cancelled'>;
  readonly prediction: unknown;
  readonly latencyMs: number;
}

/** Two models that answered one request differently. */
export interface Disagreement {
  readonly requestId: string | undefined;
  readonly at: number;
  readonly challenger: string;
  readonly championAnswer: unknown;
  readonly challengerAnswer: unknown;
}

/** How often a challenger answers otherwise than the champion, with examples. */
export interface DisagreementReport {
  readonly challenger: string;
  /** Requests that both answered. */
  readonly compared: number;
  readonly disagreed: number;
  /** Undefined where nothing was compared. */
  readonly rate: number | undefined;
  /** A random sample of the disagreements. */
  readonly examples: readonly Disagreement[];
}

/** What stays with an outcome until its truth comes: the answers of the models beside. */
export interface PairNote {
  readonly e: number;
  /** By variant. */
  readonly answers: Record<string, ScoredAnswer>;
  /** A truth that came before all answers were there. */
  early?: { readonly truth: unknown };
}

interface Tally {
  compared: number;
  disagreed: number;
  examples: Disagreement[];
}

/** What makes a scorer. */
export interface PairScorerOptions {
  readonly slots: Readonly<Record<string, Slot>>;
  readonly names: readonly string[];
  readonly clock: Clock;
  readonly agree: (champion: unknown, challenger: unknown) => boolean;
  readonly keep: number;
  /** An independent stream by its label: the examples are sampled by the number of the disagreement. */
  readonly stream: (label: string) => Rng;
}

/** Lets the models that did not serve a request answer it too, and counts where the answers differ. */
export class PairScorer {
  readonly #options: PairScorerOptions;
  #tallies: Tally[];

  constructor(options: PairScorerOptions) {
    this.#options = options;
    this.#tallies = options.names.slice(1).map(() => ({ compared: 0, disagreed: 0, examples: [] }));
  }

  /** Asks every other model. `done` is called once all have answered or failed: at once where all are synchronous. */
  score(outcome: Outcome, note: PairNote, done: () => void): void {
    const others = this.#options.names.filter((name) => name !== outcome.variant);
    let open = others.length;
    for (const name of others) {
      this.#ask(name, outcome, (answer) => {
        note.answers[name] = answer;
        open -= 1;
        if (open === 0) done();
      });
    }
  }

  /** The outcome of a model that answered beside, as metrics see it. */
  outcomeOf(outcome: Outcome, name: string, { answers }: PairNote): Outcome | undefined {
    if (name === outcome.variant) return outcome;
    const answer = answers[name];
    return answer === undefined ? undefined : { ...outcome, variant: name, error: undefined, ...answer };
  }

  /** Counts whether challengers agree with the champion on one request. */
  compare(outcome: Outcome, note: PairNote): void {
    const { names } = this.#options;
    const champion = this.outcomeOf(outcome, names[0]!, note);
    if (champion?.status !== 'ok') return;
    for (const [i, name] of names.slice(1).entries()) {
      const challenger = this.outcomeOf(outcome, name, note);
      if (challenger?.status !== 'ok') continue;
      const tally = this.#tallies[i]!;
      tally.compared += 1;
      if (this.#options.agree(champion.prediction, challenger.prediction)) continue;
      tally.disagreed += 1;
      this.#keep(tally, {
        requestId: outcome.requestId,
        at: outcome.at,
        challenger: name,
        championAnswer: champion.prediction,
        challengerAnswer: challenger.prediction,
      });
    }
  }

  report(): readonly DisagreementReport[] {
    return this.#tallies.map(({ compared, disagreed, examples }, i) => ({
      challenger: this.#options.names[i + 1]!,
      compared,
      disagreed,
      rate: compared === 0 ? undefined : disagreed / compared,
      examples: [...examples],
    }));
  }

  /** Adds what another process has counted; of its examples those that there is room for. */
  merge(other: PairScorer): void {
    this.#tallies.forEach((tally, i) => {
      const { compared, disagreed, examples } = other.#tallies[i]!;
      tally.compared += compared;
      tally.disagreed += disagreed;
      tally.examples.push(...examples.slice(0, this.#options.keep - tally.examples.length));
    });
  }

  toJSON(): Json {
    return this.#tallies.map((tally) => encodeJson(tally));
  }

  load(json: Json): void {
    this.#tallies = (json as readonly Json[]).map((state) => decodeJson(state) as Tally);
  }

  /** A uniform sample of all disagreements (Vitter's algorithm R); a stream for each, so that there is no state to keep. */
  #keep(tally: Tally, disagreement: Disagreement): void {
    const { keep, stream } = this.#options;
    if (tally.examples.length < keep) {
      tally.examples.push(disagreement);
      return;
    }
    const place = Math.floor(stream(`disagreement/${tally.disagreed}`).next() * tally.disagreed);
    if (place < keep) tally.examples[place] = disagreement;
  }

  #ask(name: string, outcome: Outcome, tell: (answer: ScoredAnswer) => void): void {
    const { slots, clock } = this.#options;
    const { model } = slots[name]!;
    const from = clock.monotonic();
    const answered = (prediction: unknown): void =>
      tell({ status: isAnswer(prediction) ? 'ok' : 'invalid', prediction, latencyMs: clock.monotonic() - from });
    const failed = (): void => tell({ status: 'error', prediction: undefined, latencyMs: clock.monotonic() - from });
    try {
      const predict = model.predict as (input: unknown, request?: object) => unknown;
      const passed = { unit: outcome.unit, context: outcome.context };
      const value =
        contextMark in model ? predict.call(model, outcome.input, passed) : predict.call(model, outcome.input);
      if (isThenable(value)) value.then(answered, failed);
      else answered(value);
    } catch {
      failed();
    }
  }
}
