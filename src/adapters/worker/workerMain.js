// @ts-check
// The thread's side: loads the model, answers request after request. JavaScript, because a thread begins with a file that
// Node itself must be able to run, in the sources as in the package; its types are checked all the same.
import { setPriority } from 'node:os';
import { scheduler } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';

/** @import { FromThread, PlainError, Task, TaskResult, ThreadSetup, ToThread } from './protocol.ts' */
/** @typedef {{ predict(input: unknown): unknown, readonly version?: unknown }} AnyModel */

/** How long results are collected, and requests are worked on without a look at what has come in, in milliseconds. */
const TURN_MS = 1;

const port = /** @type {NonNullable<typeof parentPort>} */ (parentPort);
const setup = /** @type {ThreadSetup} */ (workerData);
/** @type {Task[]} */
let waiting = [];
/** @type {TaskResult[]} */
let results = [];
let working = false;

/** @param {FromThread} message */
const say = (message) => port.postMessage(message);

/**
 * Name and message of whatever was thrown; never throws itself.
 * @param {unknown} thrown
 * @returns {PlainError}
 */
function plainError(thrown) {
  try {
    if (typeof thrown !== 'object' || thrown === null)
      return { name: 'Error', message: `threw ${String(thrown)}`.slice(0, 1000) };
    const { name, message } = /** @type {{ name?: unknown, message?: unknown }} */ (thrown);
    return {
      name: typeof name === 'string' && name !== '' ? name.slice(0, 100) : 'Error',
      message: typeof message === 'string' ? message.slice(0, 1000) : '',
    };
  } catch {
    return { name: 'Error', message: 'threw something that cannot be read' };
  }
}

function flush() {
  if (results.length === 0) return;
  const all = results;
  results = [];
  try {
    say({ type: 'results', results: all });
  } catch {
    // An answer among them cannot be copied to another thread: that one request has failed.
    for (const result of all) {
      try {
        say({ type: 'results', results: [result] });
      } catch (error) {
        say({ type: 'results', results: [{ id: result.id, ok: false, error: plainError(error) }] });
      }
    }
  }
}

/** @param {TaskResult} result */
function finishLater(result) {
  if (results.length === 0) queueMicrotask(flush);
  results.push(result);
}

/**
 * @param {unknown} value
 * @returns {value is PromiseLike<unknown>}
 */
function isThenable(value) {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

/**
 * @param {AnyModel} model
 * @param {Task} task
 */
function answer(model, { id, input }) {
  // First say that it is begun, then look whether anybody still waits for it; who gives it up does both the other way round.
  Atomics.add(setup.begun, 0, 1);
  if (Atomics.exchange(setup.givenUp, id % setup.givenUp.length, 0) === 1) {
    results.push({ id, ok: false, error: { name: 'AbortError', message: 'it was given up before it was begun' } });
    return;
  }
  try {
    const value = model.predict(input);
    if (isThenable(value)) {
      Promise.resolve(value).then(
        (prediction) => finishLater({ id, ok: true, value: prediction }),
        (error) => finishLater({ id, ok: false, error: plainError(error) }),
      );
    } else results.push({ id, ok: true, value });
  } catch (error) {
    results.push({ id, ok: false, error: plainError(error) });
  }
}

/** @param {AnyModel} model */
async function work(model) {
  working = true;
  let turn = performance.now();
  while (waiting.length > 0) {
    const tasks = waiting;
    waiting = [];
    for (const task of tasks) {
      answer(model, task);
      if (performance.now() - turn < TURN_MS) continue;
      flush();
      await scheduler.yield();
      turn = performance.now();
    }
  }
  flush();
  working = false;
}

/**
 * @param {unknown} value
 * @returns {value is AnyModel}
 */
function isModel(value) {
  return (
    ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
    'predict' in value &&
    typeof value.predict === 'function'
  );
}

/** @returns {Promise<AnyModel>} */
async function load() {
  const module = /** @type {Readonly<Record<string, unknown>>} */ (await import(setup.module));
  const names = setup.exportName === undefined ? ['createModel', 'model', 'default'] : [setup.exportName];
  const name = names.find((candidate) => candidate in module);
  if (name === undefined) throw new Error(`the module exports no ${names.join(', no ')}`);
  const exported = module[name];
  const model = typeof exported === 'function' && !isModel(exported) ? await exported(setup.options) : exported;
  if (!isModel(model)) throw new Error(`${name} of the module is no model, and makes none: an object with predict()`);
  return model;
}

async function main() {
  // On Linux a thread has a niceness of its own; elsewhere this would slow down production.
  if (setup.nice !== undefined && process.platform === 'linux') setPriority(0, setup.nice);
  const model = await load();
  port.on('message', (/** @type {ToThread} */ message) => {
    if (typeof message === 'number') {
      say({ type: 'alive', number: message });
      return;
    }
    waiting.push(...message);
    if (!working) void work(model);
  });
  say({ type: 'ready', version: typeof model.version === 'string' ? model.version : undefined });
}

main().catch((error) => {
  say({ type: 'failed', error: plainError(error) });
  port.close();
});
