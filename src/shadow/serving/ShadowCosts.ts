/** So many synchronous calls tell what a shadow costs. */
const COSTING_CALLS = 20;

interface Cost {
  calls: number;
  ms: number;
  told: boolean;
}

/** What the synchronous calls of each shadow cost this loop. */
export class ShadowCosts {
  readonly #costs: ReadonlyMap<string, Cost>;
  readonly #mostMs: number;
  readonly #expensive: (shadow: string, meanMs: number) => void;

  /**
   * @param mostMs what a call may cost on average
   * @param expensive told once of a shadow that costs more
   */
  constructor(names: readonly string[], mostMs: number, expensive: (shadow: string, meanMs: number) => void) {
    this.#costs = new Map(names.map((name) => [name, { calls: 0, ms: 0, told: false }]));
    this.#mostMs = mostMs;
    this.#expensive = expensive;
  }

  /** A call has held the loop for so long. */
  push(shadow: string, ms: number): void {
    const cost = this.#costs.get(shadow);
    if (cost === undefined || cost.told) return;
    cost.calls += 1;
    cost.ms += ms;
    if (cost.calls < COSTING_CALLS || cost.ms / cost.calls <= this.#mostMs) return;
    cost.told = true;
    this.#expensive(shadow, cost.ms / cost.calls);
  }
}
