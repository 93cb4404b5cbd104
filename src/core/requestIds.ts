import { checkName } from './check.ts';

/**
 * The ids that an outermost strategy gives to requests without one: from its name, seed, replica label and a counter,
 * so that replicas never collide and a restored strategy goes on counting.
 */
export class RequestIds {
  readonly #prefix: string;
  #count: number;

  constructor(name: string, seed: string, replica: string, count = 0) {
    this.#prefix = `${checkName('name', name)}.${fingerprint(`${name.length}:${name}/${seed}`)}${replica === '' ? '' : `.${replica}`}.`;
    this.#count = count;
  }

  /** The next id. */
  next(): string {
    this.#count += 1;
    return this.#prefix + this.#count.toString(36);
  }

  /** How many ids were given. */
  get count(): number {
    return this.#count;
  }

  /** Goes on counting from a snapshot. */
  set count(count: number) {
    this.#count = count;
  }
}

/** FNV-1a over UTF-16 units in base 36: short, and only there to keep differently seeded runs apart. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(36);
}
