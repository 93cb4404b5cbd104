import type { AttemptStatus } from '../core/dispatch.ts';
import { InvalidDataError } from '../core/errors.ts';
import { abandon } from '../core/perRow.ts';
import type { Outcome } from '../metrics/Outcome.ts';
import type { Disagreement } from './DisagreementTally.ts';

/** What a model answered that was asked beside the one that served. */
export interface ScoredAnswer {
  readonly status: AttemptStatus;
  readonly prediction: unknown;
  readonly latencyMs: number;
}

/** What stays with an outcome until its truth comes: the answers of the models beside. */
export interface PairNote {
  readonly e: number;
  /** By variant. */
  readonly answers: Record<string, ScoredAnswer>;
  /** A truth that came before all answers were there. */
  early?: { readonly truth: unknown };
}

/** What makes a scorer. */
export interface PairScorerOptions {
  /** The variants, champion first. */
  readonly names: readonly string[];
  readonly agree: (champion: unknown, challenger: unknown) => boolean;
  /** Asks a variant beside the one that serves, and tells what became of it; neither throws. */
  readonly ask: (variant: string, outcome: Outcome, settled: (answer: ScoredAnswer) => void) => void;
}

/** Lets the models that did not serve a request answer it too, and says where the answers differ. */
export class PairScorer {
  readonly #options: PairScorerOptions;

  constructor(options: PairScorerOptions) {
    this.#options = options;
  }

  /** Asks every other model. `done` is called once all have answered or failed: at once where all are synchronous. */
  score(outcome: Outcome, note: PairNote, done: () => void): void {
    const { names, ask } = this.#options;
    const others = names.filter((name) => name !== outcome.variant);
    let open = others.length;
    for (const name of others) {
      ask(name, outcome, ({ status, prediction, latencyMs }) => {
        note.answers[name] = { status, prediction, latencyMs };
        open -= 1;
        if (open === 0) done();
      });
    }
  }

  /** Whether all other models have answered or failed. */
  complete({ answers }: PairNote): boolean {
    return Object.keys(answers).length === this.#options.names.length - 1;
  }

  /** The outcome of a model that answered beside, as metrics see it. */
  outcomeOf(outcome: Outcome, name: string, { answers }: PairNote): Outcome | undefined {
    if (name === outcome.variant) return outcome;
    const answer = answers[name];
    return answer === undefined ? undefined : { ...outcome, variant: name, error: undefined, ...answer };
  }

  /**
   * Which challengers the champion can be compared with on one request, and where they disagree.
   * @param found called for each of them, with its position among the challengers
   */
  compare(outcome: Outcome, note: PairNote, found: (i: number, disagreement: Disagreement | undefined) => void): void {
    const { names, agree } = this.#options;
    const champion = this.outcomeOf(outcome, names[0]!, note);
    if (champion?.status !== 'ok') return;
    for (const [i, name] of names.slice(1).entries()) {
      const challenger = this.outcomeOf(outcome, name, note);
      if (challenger?.status !== 'ok') continue;
      const [championAnswer, challengerAnswer] = [champion.prediction, challenger.prediction];
      const { requestId, at } = outcome;
      const same = agree(championAnswer, challengerAnswer);
      if (abandon(same)) throw new InvalidDataError('paired.agree', same, 'true or false');
      found(i, same ? undefined : { requestId, at, challenger: name, championAnswer, challengerAnswer });
    }
  }
}
