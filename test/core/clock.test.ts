import { expect, it, vi } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';

it('does not fire a timer at once that is longer than the platform can count', () => {
  const timer = vi.spyOn(globalThis, 'setTimeout');
  systemClock.schedule(() => undefined, 1e12)();
  expect(timer.mock.calls[0]![1]).toBe(2 ** 31 - 1);
  timer.mockRestore();
});
