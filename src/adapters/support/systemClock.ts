import type { Clock } from '../../core/clock.ts';

/** Timers beyond this fire at once (a signed 32-bit integer of milliseconds, 24.8 days). */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The default clock of every adapter: the platform's. The core's own is a value, and adapters load nothing of the core. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  schedule: (task, ms, keepAlive = false) => {
    const timer = setTimeout(task, Math.min(ms, LONGEST_TIMER_MS));
    if (!keepAlive) timer.unref();
    return () => clearTimeout(timer);
  },
};
