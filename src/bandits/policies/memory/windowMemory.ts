import { checkInteger, checkOptions } from '../../../core/check.ts';
import { SnapshotError } from '../../../core/errors.ts';
import type { ArmTable } from '../ArmTable.ts';
import type { ArmMemory } from './Memory.ts';

interface WindowState {
  readonly arm: readonly number[];
  readonly x: readonly number[];
  readonly weight: readonly number[];
  readonly next: number;
}

/** The last `size` rewards over all arms, in a ring. */
class WindowMemory implements ArmMemory {
  readonly kind = 'window';
  readonly exploration = 0;
  readonly mergeable = false;
  readonly #size: number;
  #arm: number[] = [];
  #x: number[] = [];
  #weight: number[] = [];
  /** Where the next reward goes once the ring is full. */
  #next = 0;

  constructor(size: number) {
    this.#size = size;
  }

  observe(table: ArmTable, i: number, x: number, weight: number): void {
    const at = this.#next;
    if (this.#arm.length === this.#size) table.subtract(this.#arm[at]!, this.#x[at]!, this.#weight[at]!);
    this.#arm[at] = i;
    this.#x[at] = x;
    this.#weight[at] = weight;
    table.add(i, x, weight);
    this.#next = (at + 1) % this.#size;
    // Once a round the sums are formed anew, so that adding and subtracting leaves no trail of rounding errors.
    if (this.#next === 0) this.#rebuild(table);
  }

  inserted(): void {}

  removed(_table: ArmTable, i: number): void {
    // Oldest first, without the arm's rewards; those of later arms move up with their arm.
    const order = [...this.#arm.keys()].map((k) => (this.#next + k) % this.#arm.length);
    const kept = (this.#arm.length === this.#size ? order : [...this.#arm.keys()]).filter((k) => this.#arm[k] !== i);
    const arm = this.#arm;
    this.#arm = kept.map((k) => (arm[k]! > i ? arm[k]! - 1 : arm[k]!));
    this.#x = kept.map((k) => this.#x[k]!);
    this.#weight = kept.map((k) => this.#weight[k]!);
    this.#next = kept.length % this.#size;
  }

  save(): WindowState {
    return { arm: this.#arm.slice(), x: this.#x.slice(), weight: this.#weight.slice(), next: this.#next };
  }

  load(state: unknown, size: number): void {
    const { arm, x, weight, next } = (state ?? {}) as Partial<WindowState>;
    const columns = [arm, x, weight];
    const sound =
      columns.every(
        (column) => Array.isArray(column) && column.length === arm?.length && column.every(Number.isFinite),
      ) &&
      arm!.every((i) => Number.isInteger(i) && i >= 0 && i < size) &&
      Number.isInteger(next) &&
      next! >= 0 &&
      next! < this.#size &&
      (arm!.length === next || arm!.length === this.#size);
    if (!sound) throw new SnapshotError(`the snapshot has no window of at most ${this.#size} rewards`);
    this.#arm = arm!.slice();
    this.#x = x!.slice();
    this.#weight = weight!.slice();
    this.#next = next!;
  }

  #rebuild(table: ArmTable): void {
    for (let i = 0; i < table.size; i += 1) table.reset(i);
    table.total = 0;
    for (let k = 0; k < this.#arm.length; k += 1) table.add(this.#arm[k]!, this.#x[k]!, this.#weight[k]!);
  }
}

/**
 * Only the last `size` rewards count, over all arms. An arm with none of them is pulled again.
 *
 * Source: Garivier & Moulines (2011), doi:10.1007/978-3-642-24412-4_16.
 */
export function windowMemory(options: { readonly size: number }): ArmMemory {
  checkOptions('memory', options, ['type', 'size']);
  return new WindowMemory(checkInteger('memory.size', options.size, { ge: 1, le: 1e7 }));
}
