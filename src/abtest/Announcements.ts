import { SnapshotError } from '../core/errors.ts';
import type { EventSource } from '../core/events.ts';
import type { Json } from '../core/json.ts';
import type { MetricComparison } from '../metrics/inference/index.ts';
import type { ABTestEvent } from './ABTestEvent.ts';
import type { Decision } from './decision/Decision.ts';

interface Saved {
  readonly looked: readonly (readonly [string, string])[];
  readonly concluded: string;
}

/** Tells of looks and decisions, once for the same data. */
export class Announcements {
  readonly #events: EventSource<ABTestEvent>;
  #looked: Map<string, string> = new Map();
  #concluded = '';

  constructor(events: EventSource<ABTestEvent>) {
    this.#events = events;
  }

  /** Somebody has looked at a metric. */
  look(metric: string, variant: string, result: MetricComparison): void {
    const { method, validity, n } = result;
    const key = `${metric}\n${variant}\n${method}`;
    const seen = JSON.stringify(n);
    if (this.#looked.get(key) === seen) return;
    this.#looked.set(key, seen);
    const found = result.status === 'ok' ? result : undefined;
    const [estimate, pValue] = [found?.estimate ?? null, found?.pValue ?? null];
    this.#events.emit({ type: 'look', metric, variant, method, validity, n, estimate, pValue });
  }

  /** Somebody has asked for a decision. */
  decision({ decision, variant, rule, reasons }: Decision, requests: number): void {
    const key = JSON.stringify([decision, variant, reasons.map((r) => [r.rule, r.verdict])]);
    if (key === this.#concluded) return;
    this.#concluded = key;
    this.#events.emit({ type: 'decision', decision, variant: variant ?? null, rule, requests, reasons });
  }

  toJSON(): Json {
    const saved: Saved = { looked: [...this.#looked], concluded: this.#concluded };
    return saved as unknown as Json;
  }

  /** Takes over what `toJSON` returned. @throws SnapshotError */
  load(json: Json): void {
    const { looked, concluded } = json as unknown as Saved;
    if (typeof concluded !== 'string') throw new SnapshotError('the last decision of a snapshot must be text');
    this.#looked = new Map(looked);
    this.#concluded = concluded;
  }
}
