import { checkFinite } from '../../core/check.ts';

/**
 * A token bucket in milliseconds of computing: shadows in this loop may use a share of one core, and no more than a
 * short burst at once. What a shadow costs is known only afterwards, so the bucket may go into debt; nothing runs
 * until the debt is paid.
 */
export class CpuGovernor {
  readonly #share: number;
  readonly #burstMs: number;
  #tokens: number;
  #at: number;

  /**
   * @param share of one core, within (0, 1]
   * @param burstMs how much may be saved up
   * @param now a monotonic reading in milliseconds
   */
  constructor(share: number, burstMs: number, now: number) {
    this.#share = checkFinite('cpuShare', share, { gt: 0, le: 1 });
    this.#burstMs = checkFinite('burstMs', burstMs, { gt: 0 });
    this.#tokens = burstMs;
    this.#at = now;
  }

  /** Milliseconds until something may run again; 0 where it may now. */
  waitMs(now: number): number {
    this.#accrue(now);
    return this.#tokens > 0 ? 0 : -this.#tokens / this.#share;
  }

  /** Pays for what has run. */
  spend(costMs: number, now: number): void {
    this.#accrue(now);
    this.#tokens -= costMs;
  }

  #accrue(now: number): void {
    this.#tokens = Math.min(this.#burstMs, this.#tokens + Math.max(0, now - this.#at) * this.#share);
    this.#at = now;
  }
}
