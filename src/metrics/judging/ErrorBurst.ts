import { checkInteger, checkOptions } from '../../core/check.ts';

/** The last so many outcomes of one model: how many of them failed. */
export class ErrorBurst {
  readonly #of: number;
  #window: number[] = [];
  #next = 0;
  #errors = 0;

  constructor(of: number) {
    this.#of = of;
  }

  push(failed: boolean): void {
    this.#errors += Number(failed) - (this.#window[this.#next] ?? 0);
    this.#window[this.#next] = Number(failed);
    this.#next = (this.#next + 1) % this.#of;
  }

  /** Failures in the window. */
  get errors(): number {
    return this.#errors;
  }

  /** Forgets everything. */
  clear(): void {
    this.#window = [];
    this.#next = 0;
    this.#errors = 0;
  }

  toJSON(): { readonly window: readonly number[]; readonly next: number } {
    return { window: this.#window, next: this.#next };
  }

  load({ window, next }: { readonly window: readonly number[]; readonly next: number }): void {
    this.#window = [...window];
    this.#next = next;
    this.#errors = window.reduce((sum, failed) => sum + failed, 0);
  }
}

/** The limit of a burst: so many failures among so many of the last requests. @throws InvalidOptionError @internal */
export function checkBurst(burst: { readonly errors: number; readonly of: number } = { errors: 8, of: 20 }): {
  readonly errors: number;
  readonly of: number;
} {
  checkOptions('burst', burst, ['errors', 'of']);
  const of = checkInteger('burst.of', burst.of, { ge: 1 });
  return { errors: checkInteger('burst.errors', burst.errors, { ge: 1, le: of }), of };
}
