import { checkFunction, checkName } from '../core/check.ts';
import { InvalidOptionError } from '../core/errors.ts';
import { RequestIds } from '../core/requestIds.ts';
import { createRng, randomSeed, restoreRng } from '../random/createRng.ts';
import type { Rng, RngState } from '../random/Rng.ts';
import type { StrategyOptions } from './StrategyOptions.ts';

/** What a snapshot keeps of an identity. */
export interface SavedIdentity {
  readonly seed: string;
  /** Whose stream `rng` is. */
  readonly replica?: string;
  readonly rng: RngState | null;
  /** Ids given so far. */
  readonly requests: number;
}

/**
 * Who a strategy is among all others: its name, where it stands in its tree, its seed, its replica label; and what follows
 * from them alone: its random stream and the ids that it gives to requests.
 */
export class StrategyIdentity {
  readonly name: string;
  readonly #kind: string;
  readonly #given: Rng | undefined;
  #replica: string;
  #path: string;
  #seed: string;
  #rng: Rng;
  #ids: RequestIds;

  /** @throws InvalidOptionError for a name, a replica label or a generator that is none */
  constructor(kind: string, { name = kind, seed = randomSeed(), rng, replica = '' }: StrategyOptions) {
    this.#kind = kind;
    this.name = checkName('name', name);
    if (rng !== undefined) checkFunction('rng.next', rng?.next);
    if (typeof replica !== 'string') throw new InvalidOptionError('replica', replica, 'a string');
    this.#replica = replica;
    this.#path = `${kind}:${this.name}`;
    this.#given = rng;
    this.#rng = rng ?? this.#stream(seed);
    this.#seed = String(seed);
    this.#ids = new RequestIds(this.name, this.#seed, replica);
  }

  /** The label that tells this replica from the others; '' where there is one only. */
  get replica(): string {
    return this.#replica;
  }

  /** Where it stands in its tree. */
  get path(): string {
    return this.#path;
  }

  /** The seed, given or drawn. */
  get seed(): string {
    return this.#seed;
  }

  /** The strategy's own random stream. */
  get rng(): Rng {
    return this.#rng;
  }

  /** A stream for what decides nothing: from the seed even where a generator was given, and by the label alone. */
  stream(label: string): Rng {
    return this.#stream(this.#seed).fork(label);
  }

  /** The ids that it gives to requests: other ones after a change of label, and after a snapshot was loaded. */
  get ids(): RequestIds {
    return this.#ids;
  }

  /** Another strategy has taken this one in: its stream is forked by the whole path, so that no two coincide. */
  adopt(path: string): void {
    this.#path = `${path}/${this.#kind}:${this.name}`;
    if (this.#given === undefined) this.#rng = this.#stream(this.#seed);
  }

  /** From here on a replica of this label, with ids and a stream of its own. */
  relabel(replica: string): void {
    this.#replica = replica;
    if (this.#given === undefined) this.#rng = this.#stream(this.#seed);
    // A hub that has lost everything gives a label again: the ids that were given under it still wait for their truths.
    this.#ids = new RequestIds(this.name, this.#seed, replica, this.#ids.count);
  }

  /** The state as plain data; a generator that was given keeps its own. */
  save(): SavedIdentity {
    return {
      seed: this.#seed,
      replica: this.#replica,
      rng: this.#given === undefined ? this.#rng.state() : null,
      requests: this.#ids.count,
    };
  }

  /** Takes over what `save` returned. @returns puts back what was there @throws SnapshotError; nothing has changed then */
  load(saved: SavedIdentity): () => void {
    const [seed, ids, rng] = [this.#seed, this.#ids, this.#rng];
    const resumed = this.#resume(saved);
    this.#seed = saved.seed;
    this.#ids = new RequestIds(this.name, saved.seed, this.#replica, saved.requests);
    this.#rng = resumed;
    return () => {
      [this.#seed, this.#ids, this.#rng] = [seed, ids, rng];
    };
  }

  /** The stream goes on where the snapshot was taken; another replica has one of its own from there. */
  #resume({ seed, replica = '', rng, requests }: SavedIdentity): Rng {
    if (this.#given !== undefined) return this.#given;
    if (rng === null) return this.#stream(seed);
    return replica === this.#replica ? restoreRng(rng) : this.#stream(seed).fork(requests);
  }

  #stream(seed: string | number | bigint): Rng {
    const rng = createRng(seed).fork(this.#path);
    return this.#replica === '' ? rng : rng.fork(this.#replica);
  }
}
