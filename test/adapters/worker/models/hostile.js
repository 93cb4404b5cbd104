// @ts-check
// A model that does to its thread what it is asked to. JavaScript, because Node itself loads it.

/** @import { Ask } from './Ask.ts' */

/**
 * Waits without giving anything else a turn.
 * @param {number} ms
 */
function busy(ms) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/**
 * @param {Ask} ask
 * @returns {unknown}
 */
function predict(ask) {
  if (typeof ask === 'number') return ask * 2;
  if (typeof ask === 'object') {
    if ('later' in ask) return Promise.resolve(ask.later * 2);
    if ('busyMs' in ask) {
      busy(ask.busyMs);
      return 'done';
    }
    if ('loop' in ask) {
      Atomics.store(ask.loop, 0, 1);
      for (;;);
    }
    ask.fill.fill(-1);
    return ask.fill.length;
  }
  if (ask === 'exit') process.exit(7);
  if (ask === 'memory') {
    const all = [];
    for (;;) all.push(Array.from({ length: 10_000 }, (_, i) => i));
  }
  if (ask === 'throw') throw new RangeError('out of range');
  if (ask === 'throw-undefined') throw undefined;
  if (ask === 'unhandled') void Promise.reject(new Error('nobody caught me'));
  if (ask === 'never') return new Promise(() => undefined);
  if (ask === 'function') return () => 1;
  return undefined;
}

/** @param {{ readonly version?: string }} [options] */
export function createModel(options) {
  return { predict, version: options?.version };
}

/** A plain one. */
export const model = { predict: (/** @type {number} */ x) => x + 1, version: 'plain' };

export const nothing = 42;

export function failing() {
  throw new TypeError('no weights');
}

export async function slow() {
  busy(300);
  await Promise.resolve();
  return { predict: (/** @type {number} */ x) => x };
}

export function endless() {
  for (;;);
}
