import { checkInteger } from '../core/check.ts';

/** Plain data. */
export interface SavedLooks {
  readonly seen: number;
  readonly since: number;
  readonly lookedAt: number;
}

const FIRST = 50;
const GROWTH = 0.1;
const AT_LEAST_EVERY_MS = 60_000;

/**
 * When the step that serves is judged. A look costs as much as hundreds of requests: by default they come after fifty
 * outcomes and truths at first, later after a tenth of all so far or, where traffic is slow, after a minute. When that is
 * depends on counts and the clock alone, so that a restored rollout looks when the other one would have.
 */
export class LookSchedule {
  readonly #every: number;
  readonly #fixed: boolean;
  #seen = 0;
  #since = 0;
  #lookedAt = 0;

  /** @param every after so many, always; undefined for the schedule @throws InvalidOptionError */
  constructor(every: number | undefined) {
    this.#every = checkInteger('judgeEvery', every ?? FIRST, { ge: 1 });
    this.#fixed = every !== undefined;
  }

  /** Another step begins. */
  begin(at: number): void {
    this.#seen = 0;
    this.looked(at);
  }

  /** It was judged, whoever asked for it. */
  looked(at: number): void {
    this.#since = 0;
    this.#lookedAt = at;
  }

  /** Outcomes or truths came. @returns whether it is time to look */
  count(clock: { now(): number }, times = 1): boolean {
    this.#seen += times;
    this.#since += times;
    if (this.#since < this.#every) return false;
    return this.#fixed || this.#since >= GROWTH * this.#seen || clock.now() - this.#lookedAt >= AT_LEAST_EVERY_MS;
  }

  toJSON(): SavedLooks {
    return { seen: this.#seen, since: this.#since, lookedAt: this.#lookedAt };
  }

  load({ seen, since, lookedAt }: SavedLooks): void {
    [this.#seen, this.#since, this.#lookedAt] = [seen, since, lookedAt];
  }
}
