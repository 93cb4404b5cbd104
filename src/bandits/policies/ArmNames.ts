import { checkDistinct, checkName } from '../../core/check.ts';
import { InvalidOptionError, UnknownVariantError } from '../../core/errors.ts';

/** The names of the arms and their positions. */
export class ArmNames {
  #names: string[] = [];
  #positions = new Map<string, number>();

  constructor(names: readonly string[]) {
    this.replace(names);
  }

  get list(): readonly string[] {
    return this.#names;
  }

  /** Takes over a whole list. @throws InvalidOptionError if it is empty or has a bad or repeated name */
  replace(names: readonly string[]): void {
    if (!Array.isArray(names) || names.length === 0) throw new InvalidOptionError('arms', names, 'a list of names');
    names.forEach((name, i) => {
      checkName(`arms[${i}]`, name);
    });
    checkDistinct('arms', names);
    this.#names = names.slice();
    this.#index();
  }

  add(name: string): void {
    checkName('arm', name);
    if (this.#positions.has(name)) throw new InvalidOptionError('arm', name, 'a name that no other arm has');
    // A new list, so that one handed out before does not change under its reader.
    this.#names = [...this.#names, name];
    this.#positions.set(name, this.#names.length - 1);
  }

  remove(index: number): void {
    if (this.#names.length === 1) {
      throw new InvalidOptionError('arm', this.#names[0], 'one of several: the last arm cannot be removed');
    }
    this.#names = this.#names.filter((_, i) => i !== index);
    this.#index();
  }

  /** Position of an arm given by name or position. @throws UnknownVariantError */
  indexOf(arm: string | number): number {
    const index = typeof arm === 'string' ? this.#positions.get(arm) : arm;
    if (index !== undefined && this.#names[index] !== undefined) return index;
    throw new UnknownVariantError('arm', String(arm), this.#names);
  }

  #index(): void {
    this.#positions = new Map(this.#names.map((name, i) => [name, i]));
  }
}
