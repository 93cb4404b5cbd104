import type { RequestIds } from '../core/requestIds.ts';
import { enlarged } from './RowLists.ts';

/**
 * Finds the row of a request id. Ids that the strategy gave itself are numbered, and looked up by their number: no text is
 * kept or hashed, and neighbours in time are neighbours in memory. A map has all others: ids that came with a request, or
 * were given under another label.
 */
export class TruthIndex {
  #named: Map<string, number> = new Map();
  #ids: RequestIds | undefined;
  /** By row: its name, where it has one. */
  readonly #names: (string | undefined)[] = [];
  /** By row: its number; 0 where it has a name. */
  #numbers: Float64Array = new Float64Array(0);
  /** By the low bits of a number: the last row that has it, and by row the one before; 0 ends the chain. */
  #heads: Int32Array = new Int32Array(1);
  #chain: Int32Array = new Int32Array(0);

  /** The row of an id; 0 where there is none. */
  find(id: string): number {
    const number = this.#ids?.numberOf(id) ?? 0;
    let row = number === 0 ? 0 : this.#heads[this.#bucket(number)]!;
    while (row !== 0 && this.#numbers[row] !== number) row = this.#chain[row]!;
    return row === 0 ? (this.#named.get(id) ?? 0) : row;
  }

  /** Whether an id that `ids` gave is in use all the same: a caller has made it up, or numbers have begun anew. */
  taken(id: string, ids: RequestIds): boolean {
    if (ids !== this.#ids) this.#follow(ids);
    return this.#named.size > 0 && this.#named.has(id);
  }

  /** The id of a row. */
  idOf(row: number): string {
    return this.#names[row] ?? this.#ids!.text(this.#numbers[row]!);
  }

  /** Adds a row. @param ids who gave the id, as which number; left out: it came with the request */
  add(row: number, id: string, ids?: RequestIds, number = 0): void {
    if (ids === undefined) {
      this.#named.set(id, row);
      this.#names[row] = id;
      return;
    }
    if (ids !== this.#ids) this.#follow(ids);
    this.#numbers[row] = number;
    this.#link(row);
  }

  delete(row: number): void {
    const number = this.#numbers[row]!;
    if (number === 0) {
      this.#named.delete(this.#names[row]!);
      this.#names[row] = undefined;
      return;
    }
    const bucket = this.#bucket(number);
    let later = 0;
    for (let at = this.#heads[bucket]!; at !== row; at = this.#chain[at]!) later = at;
    if (later === 0) this.#heads[bucket] = this.#chain[row]!;
    else this.#chain[later] = this.#chain[row]!;
    this.#numbers[row] = 0;
  }

  /** Makes room for rows up to a number. */
  grow(size: number): void {
    this.#numbers = enlarged(this.#numbers, size);
    this.#chain = new Int32Array(size);
    // A power of two: the low bits of a number are its place.
    this.#heads = new Int32Array(2 ** Math.ceil(Math.log2(size)));
    for (let row = this.#names.length; row < size; row += 1) this.#names.push(undefined);
    for (let row = 0; row < size; row += 1) if (this.#numbers[row] !== 0) this.#link(row);
  }

  /** Numbers begin anew: what has one is found by its name from here on. */
  #follow(ids: RequestIds): void {
    for (let row = 0; row < this.#numbers.length; row += 1) {
      if (this.#numbers[row] === 0) continue;
      this.#names[row] = this.idOf(row);
      this.#named.set(this.#names[row]!, row);
    }
    this.#numbers.fill(0);
    this.#heads.fill(0);
    this.#ids = ids;
  }

  #link(row: number): void {
    const bucket = this.#bucket(this.#numbers[row]!);
    this.#chain[row] = this.#heads[bucket]!;
    this.#heads[bucket] = row;
  }

  #bucket(number: number): number {
    return number & (this.#heads.length - 1);
  }
}
