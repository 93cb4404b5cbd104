import type { BlueGreenPhase } from './BlueGreenEvent.ts';

/** Where a blue-green deployment stands, for people and dashboards. */
export interface BlueGreenStatus {
  readonly phase: BlueGreenPhase;
  /** The model that answers. */
  readonly active: 'blue' | 'green';
  /** Why it stands there, or what it waits for. */
  readonly waitingFor: string;
  /** When green took over, milliseconds since the epoch; undefined before. */
  readonly switchedAt: number | undefined;
  /** Requests that each model answered. */
  readonly served: { readonly blue: number; readonly green: number };
}
