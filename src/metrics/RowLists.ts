/**
 * Rows of a table, each in one of a few lists, in the order in which they came to it: two numbers a row, nothing is
 * allocated per move, and a row leaves from anywhere at once. Lists have the first numbers, rows those that follow.
 */
export class RowLists {
  readonly #lists: number;
  readonly #lengths: number[];
  #next: Int32Array;
  #previous: Int32Array;

  /** @param lists how many; all rows start in the last one */
  constructor(lists: number) {
    this.#lists = lists;
    this.#lengths = new Array<number>(lists).fill(0);
    this.#next = Int32Array.from({ length: lists }, (_, list) => list);
    this.#previous = this.#next.slice();
  }

  /** The numbers that lists and rows have, in all. */
  get size(): number {
    return this.#next.length;
  }

  /** How many rows a list has. */
  lengthOf(list: number): number {
    return this.#lengths[list]!;
  }

  /** The row that came first; -1 where there is none. */
  first(list: number): number {
    const row = this.#next[list]!;
    return row === list ? -1 : row;
  }

  /** The rows of a list in their order. */
  rows(list: number): number[] {
    const rows: number[] = [];
    for (let row = this.#next[list]!; row !== list; row = this.#next[row]!) rows.push(row);
    return rows;
  }

  /** Takes a row out of the list that it is in, and puts it at the end of another. */
  move(row: number, from: number, to: number): void {
    const [next, previous] = [this.#next, this.#previous];
    next[previous[row]!] = next[row]!;
    previous[next[row]!] = previous[row]!;
    this.#lengths[from]! -= 1;
    this.#append(row, to);
  }

  /** Makes rows up to a number; new ones are in the last list. */
  grow(size: number): void {
    const before = this.size;
    this.#next = enlarged(this.#next, size);
    this.#previous = enlarged(this.#previous, size);
    for (let row = before; row < size; row += 1) this.#append(row, this.#lists - 1);
  }

  #append(row: number, list: number): void {
    const last = this.#previous[list]!;
    this.#next[last] = row;
    this.#previous[row] = last;
    this.#next[row] = list;
    this.#previous[list] = row;
    this.#lengths[list]! += 1;
  }
}

/** The same numbers in an array that has room for more. */
export function enlarged<A extends Int32Array | Float64Array | Uint8Array>(array: A, length: number): A {
  const larger = new (array.constructor as new (length: number) => A)(length);
  larger.set(array);
  return larger;
}
