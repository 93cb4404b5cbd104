import { checkName } from '../core/check.ts';
import { createSlot, type Slot } from '../core/dispatch.ts';
import { InvalidOptionError } from '../core/errors.ts';
import { type AnyStrategy, adoptChild, adoptChildren } from '../core/strategy.ts';

/** The models of a strategy by variant name, ready to be called, and the strategies among them. */
export class VariantSlots {
  /** Every model. */
  readonly all: Readonly<Record<string, Slot>>;
  /** The models that are strategies themselves. */
  readonly children: Readonly<Record<string, AnyStrategy>>;
  readonly #slots: Record<string, Slot>;
  readonly #children: Record<string, AnyStrategy>;
  #leaves: boolean;

  /**
   * @param path where the strategy stands in its tree
   * @throws InvalidOptionError for what is no model, and for one strategy object that stands in the tree twice
   */
  constructor(path: string, models: Readonly<Record<string, unknown>>) {
    this.#slots = Object.fromEntries(
      Object.entries(models).map(([name, model]) => [name, createSlot(name, name, model)]),
    );
    this.#children = adoptChildren(path, models);
    this.all = this.#slots;
    this.children = this.#children;
    this.#leaves = this.#childless;
  }

  /** Whether no model is a strategy. */
  get leaves(): boolean {
    return this.#leaves;
  }

  /** Adds a model. @throws InvalidOptionError if the name is taken, or it is no model */
  add(path: string, name: string, model: unknown): void {
    if (Object.hasOwn(this.#slots, checkName('name', name))) {
      throw new InvalidOptionError('name', name, 'a name that no other variant has');
    }
    const slot = createSlot(name, name, model);
    adoptChild(path, name, model, this.#children);
    this.#slots[name] = slot;
    this.#leaves = this.#childless;
  }

  /** Takes a model out. What it has under way it still finishes. */
  remove(name: string): void {
    delete this.#slots[name];
    delete this.#children[name];
    this.#leaves = this.#childless;
  }

  get #childless(): boolean {
    return Object.keys(this.#children).length === 0;
  }
}
