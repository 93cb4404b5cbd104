import { Moments, type MomentsState } from './Moments.ts';
import type { Summary } from './Summary.ts';
import { checkNullable, checkSameKind, checkState, type Versioned } from './snapshot.ts';

/** The state of {@link Covariance}. */
export interface CovarianceState extends Versioned<'covariance'> {
  readonly invalid: number;
  readonly comoment: number | null;
  readonly x: MomentsState;
  readonly y: MomentsState;
}

/**
 * Two variables observed together: the moments of both and their co-moment, in one pass.
 * A pair of which either number is NaN, infinite or beyond 2^960 in size counts as one invalid observation.
 *
 * Source: Pébay (2008), Sandia report SAND2008-6212, eq. 3.11 and 3.14 (co-moment and merging).
 *
 * @example
 * const pairs = new Covariance().push(1, 2).push(2, 4).push(3, 7);
 * pairs.covariance; // 2.5
 */
export class Covariance implements Summary<CovarianceState> {
  #x = new Moments();
  #y = new Moments();
  #comoment = 0;
  #invalid = 0;

  /** Takes in one pair. Returns this summary. */
  push(x: number, y: number): this {
    const { pivot, offset } = this.#x;
    if (!Moments.accepts(x) || !Moments.accepts(y)) {
      this.#invalid += 1;
      return this;
    }
    const deltaX = x - pivot - offset;
    this.#x.push(x);
    this.#y.push(y);
    // One deviation from the mean before, one from the mean after: together exact.
    this.#comoment += deltaX * (y - this.#y.pivot - this.#y.offset);
    return this;
  }

  /** Takes in every pair, in order, exactly as repeated `push` would. Returns this summary. */
  pushAll(pairs: Iterable<readonly [x: number, y: number]>): this {
    for (const [x, y] of pairs) this.push(x, y);
    return this;
  }

  merge(other: Covariance): this {
    checkSameKind('covariance', other instanceof Covariance);
    this.#invalid += other.#invalid;
    const [na, nb] = [this.n, other.n];
    if (nb === 0) return this;
    const deltaX = other.#x.pivot - this.#x.pivot + (other.#x.offset - this.#x.offset);
    const deltaY = other.#y.pivot - this.#y.pivot + (other.#y.offset - this.#y.offset);
    this.#comoment += other.#comoment + deltaX * deltaY * ((na * nb) / (na + nb));
    this.#x.merge(other.#x);
    this.#y.merge(other.#y);
    return this;
  }

  /** Valid pairs. */
  get n(): number {
    return this.#x.n;
  }
  /** Pairs refused. */
  get invalid(): number {
    return this.#invalid;
  }
  /** The moments of the first variable: a copy, as they stand now. */
  get x(): Moments {
    return new Moments().merge(this.#x);
  }
  /** The moments of the second variable: a copy, as they stand now. */
  get y(): Moments {
    return new Moments().merge(this.#y);
  }
  /** The sum of the products of the two deviations from their means. */
  get comoment(): number {
    return this.#comoment;
  }
  /** The unbiased covariance (n - 1); NaN below two pairs. */
  get covariance(): number {
    return this.n < 2 ? Number.NaN : this.comoment / (this.n - 1);
  }
  /** Pearson's correlation, within [-1, 1]; NaN below two pairs or where a variable is constant. */
  get correlation(): number {
    const scale = Math.sqrt(this.#x.sumOfSquares) * Math.sqrt(this.#y.sumOfSquares);
    return scale > 0 ? Math.min(1, Math.max(-1, this.#comoment / scale)) + 0 : Number.NaN;
  }
  /** The least-squares slope of the second variable on the first; NaN below two pairs or where the first is constant. */
  get slope(): number {
    return this.#x.sumOfSquares === 0 ? Number.NaN : this.#comoment / this.#x.sumOfSquares + 0;
  }

  toJSON(): CovarianceState {
    return {
      kind: 'covariance',
      version: 1,
      invalid: this.#invalid,
      comoment: Number.isFinite(this.#comoment) ? this.#comoment : null,
      x: this.#x.toJSON(),
      y: this.#y.toJSON(),
    };
  }

  /** A summary that goes on where `state` was taken. @throws SnapshotError if it is not the state of a Covariance */
  static fromJSON(state: CovarianceState): Covariance {
    checkState('covariance', state, ['invalid']);
    checkNullable('covariance', state, ['comoment']);
    const pairs = new Covariance();
    pairs.#invalid = state.invalid;
    pairs.#comoment = state.comoment ?? Number.NaN;
    pairs.#x = Moments.fromJSON(state.x);
    pairs.#y = Moments.fromJSON(state.y);
    return pairs;
  }
}
