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
