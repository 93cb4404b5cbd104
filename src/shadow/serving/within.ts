import type { Clock } from '../../core/clock.ts';

/** Resolves with a task that does not reject, or when time is up. The process stays alive meanwhile. */
export function within(clock: Clock, task: Promise<unknown>, ms: number): Promise<unknown> {
  if (ms === Number.POSITIVE_INFINITY) return task;
  return new Promise((resolve) => {
    const cancel = clock.schedule(() => resolve(undefined), Math.max(0, ms), true);
    task.then(() => {
      cancel();
      resolve(undefined);
    });
  });
}
