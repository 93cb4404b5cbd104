import type { Clock } from '../core/clock.ts';
import { SnapshotError, show } from '../core/errors.ts';
import type { EventSource } from '../core/events.ts';
import type { Json } from '../core/json.ts';
import { ArmMonitor } from './ArmMonitor.ts';
import type { BanditEvent } from './BanditEvent.ts';
import type { ArmHealth, Guard } from './guards.ts';
import type { ArmStatistics } from './policies/BanditPolicy.ts';

/** The monitors by arm, and the birth number of the next arm, as plain JSON. */
export interface RosterState {
  readonly monitors: readonly (readonly [string, Json])[];
  readonly births: number;
  readonly served: number;
  readonly closed: boolean;
}

/** What was counted of an arm. */
export interface ArmCounts {
  readonly arm: string;
  readonly served: number;
  readonly settled: number;
  readonly failed: number;
}

/** What a roster is made with. */
export interface RosterOptions {
  readonly guards: readonly Guard[];
  /** Outcomes of an arm that the guards look at. */
  readonly window: number;
  readonly clock: Clock;
  readonly events: EventSource<BanditEvent>;
}

/** What a guard sees. The policy is asked only where a guard reads what it knows: intervals cost too much. */
function armHealth(monitor: ArmMonitor, requests: number, learnt: () => ArmStatistics): ArmHealth {
  const { served, recent, errorRate } = monitor;
  let known: ArmStatistics | undefined;
  const ask = (): ArmStatistics => {
    known ??= learnt();
    return known;
  };
  return {
    served,
    recent,
    errorRate,
    trafficShare: served / requests,
    latencyQuantile: (p) => monitor.latencyQuantile(p),
    get arm() {
      return ask().arm;
    },
    get pulls() {
      return ask().pulls;
    },
    get totalReward() {
      return ask().totalReward;
    },
    get meanReward() {
      return ask().meanReward;
    },
    get selectionRate() {
      return ask().selectionRate;
    },
    get effectivePulls() {
      return ask().effectivePulls;
    },
    get alarms() {
      return ask().alarms;
    },
    get estimate() {
      return ask().estimate;
    },
    get variance() {
      return ask().variance;
    },
    get interval() {
      return ask().interval;
    },
    get intervalMethod() {
      return ask().intervalMethod;
    },
  };
}

/** The arms as services: how each behaves, and whether the guards let it be chosen. */
export class ArmRoster {
  readonly #options: RosterOptions;
  readonly #monitors: Map<string, ArmMonitor> = new Map();
  #births = 0;
  /** Whether the last request found every arm out. */
  #closed = false;
  /** Requests in all. */
  served = 0;

  constructor(names: readonly string[], options: RosterOptions) {
    this.#options = options;
    for (const name of names) this.add(name);
  }

  /** The monitor of an arm; undefined where there is none, or another one since. */
  get(name: string, born?: number): ArmMonitor | undefined {
    const monitor = this.#monitors.get(name);
    return born === undefined || monitor?.born === born ? monitor : undefined;
  }

  add(name: string): void {
    this.#monitors.set(name, new ArmMonitor(this.#options.window, this.#births));
    this.#births += 1;
  }

  remove(name: string): void {
    this.#monitors.delete(name);
  }

  /** Which arms the guards leave over; undefined where they leave all, or none: somebody must answer. */
  eligible(arms: readonly string[]): readonly boolean[] | undefined {
    const { guards, clock, events } = this.#options;
    if (guards.length === 0) return undefined;
    const now = clock.now();
    const eligible = arms.map((name) => this.#mayServe(name, now));
    const some = eligible.includes(true);
    // Told once for as long as it lasts: one event a request would push everything else out of the log.
    if (!some && !this.#closed) events.emit({ type: 'no-eligible-arm' });
    this.#closed = !some;
    return some ? eligible : undefined;
  }

  /** Asks the guards about an arm that has just answered or failed. */
  watch(name: string, monitor: ArmMonitor, learnt: () => ArmStatistics): void {
    const { guards, clock, events } = this.#options;
    if (guards.length === 0 || monitor.restUntil >= 0) return;
    const health = armHealth(monitor, this.served, learnt);
    const { errorRate } = health;
    const tripped = guards.find((guard) => events.guard(`guard:${guard.name}`, () => guard.check(health)) === false);
    if (tripped === undefined) return;
    monitor.restUntil = clock.now() + (tripped.coolDownMs ?? 60_000);
    monitor.tripped = tripped.name;
    events.emit({
      type: 'guard-tripped',
      arm: name,
      guard: tripped.name,
      until: monitor.restUntil,
      errorRate,
    });
  }

  /** What was counted of every arm, in order. */
  counts(): readonly ArmCounts[] {
    return [...this.#monitors].map(([arm, { served, settled, failed }]) => ({ arm, served, settled, failed }));
  }

  save(): RosterState {
    const monitors = [...this.#monitors].map(([name, monitor]) => [name, monitor.toJSON()] as const);
    return { monitors, births: this.#births, served: this.served, closed: this.#closed };
  }

  /** @throws SnapshotError if the arms are others, or a count is none */
  load({ monitors, births, served, closed }: RosterState): void {
    if (![births, served].every((count) => Number.isSafeInteger(count) && count >= 0)) {
      throw new SnapshotError('the snapshot must count the requests and the arms so far');
    }
    const [here, saved] = [[...this.#monitors.keys()], monitors.map(([name]) => name)];
    if (here.length !== saved.length || !here.every((name) => saved.includes(name))) {
      throw new SnapshotError(`the snapshot's arms must be ${show(here)}, got ${show(saved)}`);
    }
    for (const [name, json] of monitors) this.#monitors.get(name)?.load(json);
    this.#births = births;
    this.served = served;
    this.#closed = closed === true;
  }

  #mayServe(name: string, now: number): boolean {
    const monitor = this.#monitors.get(name)!;
    if (monitor.restUntil >= 0) {
      if (now < monitor.restUntil) return false;
      this.#options.events.emit({ type: 'guard-released', arm: name, guard: monitor.tripped });
      monitor.restUntil = -1;
      monitor.tripped = '';
      monitor.clearWindow();
    }
    return this.#options.guards.every(
      ({ cap }) => cap?.arm !== name || monitor.served + 1 <= cap.share * (this.served + 1),
    );
  }
}
