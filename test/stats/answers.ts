// What everything in coronate/stats answers to the calls of calls.ts, in full: the numbers, the method, its validity, warnings,
// reasons, and the messages of errors.
import * as stats from '../../src/stats/index.ts';
import { anyNumber, callsOf, classes, distributions, functions, type Kind, share } from './calls.ts';

/** A value as the golden file has it: numbers that JSON has not become their names, functions and instances their state. */
export function plain(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value === undefined) return 'undefined';
  if (typeof value === 'function') return 'function';
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return Array.from(value as ArrayLike<unknown>, plain);
  const state = 'toJSON' in value && typeof value.toJSON === 'function' ? (value.toJSON() as object) : value;
  return Object.fromEntries(Object.entries(state).map(([key, entry]) => [key, plain(entry)]));
}

function answer(call: () => unknown): unknown {
  try {
    return plain(call());
  } catch (error) {
    return String(error);
  }
}

type AnyFunction = (...values: readonly unknown[]) => unknown;
const exported = stats as unknown as Readonly<Record<string, unknown>>;

const answersOf = (of: AnyFunction, kinds: readonly Kind[]) =>
  callsOf(kinds).map(({ args }) => answer(() => of(...args)));

/** Everything that is called, by name, with the function that asks for its answers. */
export const answers: Readonly<Record<string, () => readonly unknown[]>> = {
  ...Object.fromEntries(
    Object.entries(functions).map(([name, kinds]) => [name, () => answersOf(exported[name] as AnyFunction, kinds)]),
  ),
  ...Object.fromEntries(
    Object.entries(distributions).flatMap(([name, kinds]) =>
      Object.entries(exported[name] as Readonly<Record<string, AnyFunction>>).map(([method, of]) => {
        const first = method === 'quantile' || method === 'isf' ? share(0.3) : anyNumber;
        return [`${name}.${method}`, () => answersOf((...args) => of(...args), [first, ...kinds])];
      }),
    ),
  ),
  ...Object.fromEntries(
    Object.entries(classes).map(([name, { input }]) => {
      const Class = exported[name] as new (...values: readonly unknown[]) => object;
      return [name, () => answersOf((...args) => new Class(...args), input)];
    }),
  ),
};
