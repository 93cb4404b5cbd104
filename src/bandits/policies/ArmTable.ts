/** A prior as pseudo-observations of the standardised reward. */
export interface PseudoPulls {
  readonly weight: number;
  readonly sum: number;
}

/** An arm whose remembered weight is below this is unknown again: discounting has worn it away. */
const FORGOTTEN = 1e-9;

/** The columns that make up the state of an arm; the others follow from them. */
const COLUMNS = ['pulls', 'rewards', 'count', 'n', 'sum', 'm2', 'baseN', 'baseSum'] as const;
const DERIVED = ['priorN', 'priorSum', 'mean', 'scale'] as const;

/** The state columns as plain JSON. */
export type ArmColumns = { readonly [name in (typeof COLUMNS)[number]]: readonly number[] };

/**
 * What is known of the arms, one array a quantity. Rewards are standardised: those of a declared range to [0, 1].
 * Arrays may be longer than `size`, and are replaced when an arm is added.
 */
export class ArmTable {
  size = 0;
  /** Sum of `n`. */
  total = 0;
  /** Rewards received in all, unweighted, removed arms included. */
  updates = 0;
  /** Arms that have fewer pulls than the policy asks for. */
  cold = 0;
  /** Rewards received in all, weighted, and their sum in the caller's units: never forgotten. */
  pulls: Float64Array = new Float64Array(0);
  rewards: Float64Array = new Float64Array(0);
  /** Pulls since the arm was last reset, unweighted. */
  count: Float64Array = new Float64Array(0);
  /** Weight, sum and sum of squared deviations of what the memory holds. */
  n: Float64Array = new Float64Array(0);
  sum: Float64Array = new Float64Array(0);
  m2: Float64Array = new Float64Array(0);
  /** The prior of the options, and the prior in force: with pulls lent by other segments, before a choice. */
  baseN: Float64Array = new Float64Array(0);
  baseSum: Float64Array = new Float64Array(0);
  priorN: Float64Array = new Float64Array(0);
  priorSum: Float64Array = new Float64Array(0);
  /** Mean with the prior, 0 where there is nothing; 1 / sqrt(weight with the prior), 0 where there is nothing. */
  mean: Float64Array = new Float64Array(0);
  scale: Float64Array = new Float64Array(0);
  warm: Uint8Array = new Uint8Array(0);
  readonly #minPulls: number;

  constructor(minPulls: number) {
    this.#minPulls = minPulls;
  }

  /** Pulls below which an arm is pulled before any other is judged. */
  get minPulls(): number {
    return this.#minPulls;
  }

  /** Adds a reward to what the memory holds; the lifetime columns belong to the policy. */
  add(i: number, x: number, weight: number): void {
    const before = this.n[i]!;
    const n = before + weight;
    const sum = this.sum[i]! + weight * x;
    if (before > 0) this.m2[i] = this.m2[i]! + (weight * before * (x - this.sum[i]! / before) ** 2) / n;
    this.n[i] = n;
    this.sum[i] = sum;
    this.count[i] = this.count[i]! + 1;
    this.total += weight;
    this.refresh(i);
  }

  /** Takes back a reward that was added before. */
  subtract(i: number, x: number, weight: number): void {
    if (this.count[i]! <= 1) {
      this.reset(i);
      return;
    }
    const n = this.n[i]! - weight;
    const sum = this.sum[i]! - weight * x;
    this.m2[i] = Math.max(0, this.m2[i]! - weight * (x - this.sum[i]! / this.n[i]!) * (x - sum / n));
    this.n[i] = n;
    this.sum[i] = sum;
    this.count[i] = this.count[i]! - 1;
    this.total -= weight;
    this.refresh(i);
  }

  /** Forgets a share of everything: every weight, sum and squared deviation times gamma. */
  decay(gamma: number): void {
    const { n, sum, m2, size } = this;
    for (let i = 0; i < size; i += 1) {
      n[i] = n[i]! * gamma;
      sum[i] = sum[i]! * gamma;
      m2[i] = m2[i]! * gamma;
      if (n[i]! < FORGOTTEN && this.count[i]! > 0) this.reset(i);
      else this.refresh(i);
    }
    this.total *= gamma;
  }

  /** Forgets what the memory holds of one arm, not its lifetime columns. */
  reset(i: number): void {
    this.total = Math.max(0, this.total - this.n[i]!);
    this.n[i] = 0;
    this.sum[i] = 0;
    this.m2[i] = 0;
    this.count[i] = 0;
    this.refresh(i);
  }

  setPrior(i: number, prior: PseudoPulls): void {
    this.baseN[i] = prior.weight;
    this.baseSum[i] = prior.sum;
    this.lend(i, { weight: 0, sum: 0 });
  }

  /** Adds pulls on trust to the prior, in place of those lent before. They are no part of the saved state. */
  lend(i: number, { weight, sum }: PseudoPulls): void {
    this.priorN[i] = this.baseN[i]! + weight;
    this.priorSum[i] = this.baseSum[i]! + sum;
    this.refresh(i);
  }

  /** Brings mean, scale and warmth of an arm up to date. */
  refresh(i: number): void {
    const weight = this.n[i]! + this.priorN[i]!;
    const known = weight > FORGOTTEN;
    this.mean[i] = known ? (this.sum[i]! + this.priorSum[i]!) / weight : 0;
    this.scale[i] = known ? 1 / Math.sqrt(weight) : 0;
    const warm = (known || this.#minPulls === 0) && this.count[i]! >= this.#minPulls ? 1 : 0;
    if (warm !== this.warm[i]) {
      this.warm[i] = warm;
      this.cold += 1 - 2 * warm;
    }
  }

  /** Adds an arm at the end. */
  insert(prior: PseudoPulls): void {
    const i = this.size;
    if (i === this.n.length) this.#grow(Math.max(4, 2 * i));
    this.size = i + 1;
    this.cold += 1;
    this.setPrior(i, prior);
  }

  /** Removes an arm; those after it move up. */
  remove(i: number): void {
    this.reset(i);
    if (this.warm[i] === 0) this.cold -= 1;
    for (const column of this.#arrays()) {
      column.copyWithin(i, i + 1, this.size);
      column[this.size - 1] = 0;
    }
    this.size -= 1;
  }

  /** Adds the observations of another process: counts and sums add, squared deviations by Chan's formula. */
  mergeArm(i: number, from: ArmColumns, j: number): void {
    const n1 = this.n[i]!;
    const n2 = from.n[j]!;
    if (n1 > 0 && n2 > 0) {
      const gap = from.sum[j]! / n2 - this.sum[i]! / n1;
      this.m2[i] = this.m2[i]! + from.m2[j]! + (gap * gap * n1 * n2) / (n1 + n2);
    } else if (n2 > 0) {
      this.m2[i] = from.m2[j]!;
    }
    for (const name of ['pulls', 'rewards', 'count', 'n', 'sum'] as const) {
      const column = this[name];
      column[i] = column[i]! + from[name][j]!;
    }
    this.total += n2;
    this.refresh(i);
  }

  columns(): ArmColumns {
    const entries = COLUMNS.map((name) => [name, Array.from(this[name].subarray(0, this.size))] as const);
    return Object.fromEntries(entries) as unknown as ArmColumns;
  }

  /** Takes over columns of `size` arms. */
  load(columns: ArmColumns, size: number, { total, updates }: { total: number; updates: number }): void {
    this.size = 0;
    this.cold = 0;
    this.#grow(size);
    for (const name of COLUMNS) this[name].set(columns[name]);
    this.warm.fill(0);
    this.cold = size;
    this.size = size;
    this.total = total;
    this.updates = updates;
    for (let i = 0; i < size; i += 1) this.lend(i, { weight: 0, sum: 0 });
  }

  #grow(capacity: number): void {
    for (const name of [...COLUMNS, ...DERIVED]) {
      const wider = new Float64Array(capacity);
      wider.set(this[name].subarray(0, this.size));
      this[name] = wider;
    }
    const warm = new Uint8Array(capacity);
    warm.set(this.warm.subarray(0, this.size));
    this.warm = warm;
  }

  #arrays(): (Float64Array | Uint8Array)[] {
    return [...[...COLUMNS, ...DERIVED].map((name) => this[name]), this.warm];
  }
}
