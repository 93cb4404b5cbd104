/** Fewer places given up at the front are not worth a copy. */
const SLACK = 1024;

/** First in, first out, over an array: the places given up at the front are let go of now and then, all at once. */
export class Queue<T> {
  #items: T[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  /** The item that has been here for longest. */
  peek(): T | undefined {
    return this.#items[this.#head];
  }

  /** Takes out the item that has been here for longest. */
  shift(): T | undefined {
    if (this.length === 0) return undefined;
    const item = this.#items[this.#head];
    this.#head += 1;
    if (this.#head >= SLACK && this.#head * 2 >= this.#items.length) this.#reset(this.#items.slice(this.#head));
    return item;
  }

  /** Takes out what need not be kept. */
  retain(keep: (item: T) => boolean): void {
    this.#reset(this.toArray().filter(keep));
  }

  /** The items, oldest first. */
  toArray(): T[] {
    return this.#items.slice(this.#head);
  }

  #reset(items: T[]): void {
    this.#items = items;
    this.#head = 0;
  }
}
