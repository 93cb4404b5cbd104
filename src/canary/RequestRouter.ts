import { hashUnit, inShare } from '../assignment/index.ts';
import { SnapshotError } from '../core/errors.ts';
import type { Request } from '../core/Model.ts';
import type { Unit } from '../core/Unit.ts';
import type { Arm } from '../metrics/judging/Arm.ts';
import type { JudgedNote } from '../metrics/judging/OutcomeJudge.ts';
import type { Rng } from '../random/Rng.ts';
import type { CanaryOptions } from './CanaryOptions.ts';
import type { Usage } from './resourceMetrics.ts';

/** What is known of a canary's request until its truth comes. */
export interface CanaryNote extends JudgedNote {
  /** Readings of the probes before the request, on sampled requests. */
  before?: Usage;
  usage?: Usage;
}

/** Runs user code; what it throws is contained. */
type Guard = <R>(where: string, task: () => R) => R | undefined;

/** Decides which model gets a request, and reads the probes around it. */
export class RequestRouter {
  readonly #match: CanaryOptions['match'];
  readonly #probes: readonly (readonly [string, () => number])[];
  readonly #probeEvery: number;
  readonly #hash: number | undefined;
  readonly #guard: Guard;
  #served = { baseline: 0, canary: 0 };

  /** @param hash the seed of the sticky hash; undefined where requests are assigned one by one */
  constructor({ match, probes = {}, probeEvery = 10 }: CanaryOptions, hash: number | undefined, guard: Guard) {
    this.#match = match;
    this.#probes = Object.entries(probes);
    this.#probeEvery = probeEvery;
    this.#hash = hash;
    this.#guard = guard;
  }

  /** Requests that were sent to each model. */
  get served(): { readonly baseline: number; readonly canary: number } {
    return { ...this.#served };
  }

  /** @throws SnapshotError where they are no counts: sampling probes goes by them */
  set served({ baseline, canary }: { readonly baseline: number; readonly canary: number }) {
    if (![baseline, canary].every((count) => Number.isSafeInteger(count) && count >= 0)) {
      throw new SnapshotError('the snapshot of a rollout must count the requests of both models');
    }
    this.#served = { baseline, canary };
  }

  /** Whether the request may go to the canary at all. */
  matches(input: unknown, request: Request): boolean {
    const match = this.#match;
    return match === undefined || this.#guard('match', () => match(input as never, request)) === true;
  }

  /** The model for a request, counted. */
  route({ unit }: Request, share: number, matches: boolean, rng: Rng): Arm {
    const drawn =
      this.#hash !== undefined && unit !== undefined
        ? inShare(hashUnit(unit, this.#hash), share)
        : // One draw a request, also where it decides nothing: so a change of weight moves nobody else.
          rng.next() >= 1 - share;
    const arm: Arm = drawn && matches ? 'canary' : 'baseline';
    this.#served[arm] += 1;
    return arm;
  }

  /** The hash of the unit whose requests belong together; 0 where every request is on its own. */
  cluster(unit: Unit | undefined): number {
    if (this.#hash === undefined) return 0;
    return unit === undefined ? this.#served.baseline + this.#served.canary : hashUnit(unit, this.#hash);
  }

  /** Reads the probes before a request, where it is sampled. */
  before(note: CanaryNote, arm: Arm): void {
    if (this.#probes.length > 0 && this.#served[arm] % this.#probeEvery === 0) note.before = this.#read();
  }

  /** Reads them again after it. */
  after(note: CanaryNote): void {
    const { before } = note;
    if (before === undefined) return;
    const after = this.#read();
    note.usage = Object.fromEntries(this.#probes.map(([name]) => [name, Math.max(0, after[name]! - before[name]!)]));
  }

  #read(): Usage {
    return Object.fromEntries(this.#probes.map(([name, probe]) => [name, this.#guard('probe', probe) ?? Number.NaN]));
  }
}
