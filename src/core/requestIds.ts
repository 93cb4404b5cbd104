import { checkName } from './check.ts';

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz';

/** Numbers that differ in their last digit alone: what they have in common is written once. */
interface Row {
  tens: number;
  text: string;
}

/** Of a number in base 36 that a double holds exactly. */
const MOST_DIGITS = 11;

/**
 * The ids that an outermost strategy gives to requests without one: from its name, seed, replica label and a counter,
 * so that replicas never collide and a restored strategy goes on counting.
 */
export class RequestIds {
  readonly #prefix: string;
  /** Where ids are being given, and where older ones are being told. */
  readonly #given: Row = { tens: -1, text: '' };
  readonly #told: Row = { tens: -1, text: '' };
  #count: number;

  constructor(name: string, seed: string, replica: string, count = 0) {
    this.#prefix = `${checkName('name', name)}.${fingerprint(`${name.length}:${name}/${seed}`)}${replica === '' ? '' : `.${replica}`}.`;
    this.#count = count;
  }

  /** The next id. */
  next(): string {
    this.#count += 1;
    return this.#write(this.#count, this.#given);
  }

  /** The id of a number. */
  text(number: number): string {
    return this.#write(number, this.#told);
  }

  /** The number of an id: the first is 1. 0 for what was not given here. */
  numberOf(id: string): number {
    const prefix = this.#prefix;
    const digits = id.length - prefix.length;
    if (digits < 1 || digits > MOST_DIGITS || !id.startsWith(prefix)) return 0;
    let number = 0;
    for (let i = prefix.length; i < id.length; i += 1) {
      const digit = digitOf(id.charCodeAt(i));
      // A zero in front makes another text of the same number.
      if (digit < 0 || (digit === 0 && number === 0)) return 0;
      number = number * 36 + digit;
    }
    return number <= this.#count ? number : 0;
  }

  /** How many ids were given. */
  get count(): number {
    return this.#count;
  }

  /** Goes on counting from a snapshot. */
  set count(count: number) {
    this.#count = count;
  }

  #write(number: number, row: Row): string {
    const tens = Math.floor(number / 36);
    if (tens !== row.tens) {
      row.tens = tens;
      row.text = tens === 0 ? this.#prefix : this.#prefix + tens.toString(36);
    }
    return row.text + DIGITS[number - 36 * tens]!;
  }
}

/** The value of a digit in base 36; -1 for what is none. */
function digitOf(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  return code >= 97 && code <= 122 ? code - 87 : -1;
}

/** FNV-1a over UTF-16 units in base 36: short, and only there to keep differently seeded runs apart. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(36);
}
