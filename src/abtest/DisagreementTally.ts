import { SnapshotError } from '../core/errors.ts';
import { decodeJson, encodeJson, type Json } from '../core/json.ts';
import type { Rng } from '../random/Rng.ts';

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

interface Saved {
  readonly compared: number;
  readonly disagreed: number;
  readonly examples: readonly Json[];
}

/** What makes a tally. */
export interface DisagreementTallyOptions {
  readonly challenger: string;
  /** How many examples are kept. */
  readonly keep: number;
  /** An independent stream by its label: an example is sampled by the number of its disagreement, so there is no state. */
  readonly stream: (label: string) => Rng;
}

/** How often one challenger disagrees with the champion. */
export class DisagreementTally {
  readonly #options: DisagreementTallyOptions;
  #compared = 0;
  #disagreed = 0;
  #examples: Disagreement[] = [];

  constructor(options: DisagreementTallyOptions) {
    this.#options = options;
  }

  /** Counts a request that both answered. */
  push(disagreement: Disagreement | undefined): void {
    this.#compared += 1;
    if (disagreement === undefined) return;
    this.#disagreed += 1;
    this.#keep(disagreement);
  }

  report(): DisagreementReport {
    const [compared, disagreed] = [this.#compared, this.#disagreed];
    const rate = compared === 0 ? undefined : disagreed / compared;
    return { challenger: this.#options.challenger, compared, disagreed, rate, examples: [...this.#examples] };
  }

  /** Adds what another process has counted; of its examples those that there is room for. */
  merge(other: DisagreementTally): void {
    this.#compared += other.#compared;
    this.#disagreed += other.#disagreed;
    this.#examples.push(...other.#examples.slice(0, Math.max(0, this.#options.keep - this.#examples.length)));
  }

  toJSON(): Json {
    const saved: Saved = {
      compared: this.#compared,
      disagreed: this.#disagreed,
      examples: this.#examples.map(encodeJson),
    };
    return saved as unknown as Json;
  }

  /** Takes over what `toJSON` returned. @throws SnapshotError */
  load(json: Json): void {
    const { compared, disagreed, examples } = (json ?? {}) as unknown as Saved;
    const sound =
      Number.isSafeInteger(compared) &&
      Number.isSafeInteger(disagreed) &&
      disagreed >= 0 &&
      disagreed <= compared &&
      Array.isArray(examples);
    if (!sound) throw new SnapshotError('disagreements must be counts and a list of examples');
    this.#compared = compared;
    this.#disagreed = disagreed;
    this.#examples = examples.map((example) => decodeJson(example) as Disagreement);
  }

  /** A uniform sample of all disagreements (Vitter's algorithm R). */
  #keep(disagreement: Disagreement): void {
    const { keep, stream } = this.#options;
    if (this.#examples.length < keep) {
      this.#examples.push(disagreement);
      return;
    }
    const place = Math.floor(stream(`disagreement/${this.#disagreed}`).next() * this.#disagreed);
    if (place < keep) this.#examples[place] = disagreement;
  }
}
