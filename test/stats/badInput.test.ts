import { describe, expect, it } from 'vitest';
import { CoronateError, InvalidDataError, InvalidOptionError } from '../../src/core/index.ts';
import * as stats from '../../src/stats/index.ts';
import { anyNumber, type Call, callsOf, classes, distributions, functions, type Kind, share } from './calls.ts';

/**
 * Where a NaN lies in what a caller would read or store, or a text that says nothing: a method, reason or warning.
 * Moments say themselves that they have none below two observations.
 */
function nanPath(value: unknown, path = ''): string | undefined {
  if (typeof value === 'number') return Number.isNaN(value) ? `NaN at ${path || 'value'}` : undefined;
  if (value === '') return `no text at ${path || 'value'}`;
  if (typeof value !== 'object' || value === null) return undefined;
  const plain = 'toJSON' in value && typeof value.toJSON === 'function' ? (value.toJSON() as object) : value;
  const few = 'n' in plain && typeof plain.n === 'number' && plain.n < 2;
  for (const [key, entry] of Object.entries(plain)) {
    if (few && (key === 'mean' || key === 'variance')) continue;
    const found = nanPath(entry, `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether an error names what is wrong, and the rule that it breaks. */
function telling(error: CoronateError): boolean {
  if (error instanceof InvalidOptionError) return error.option !== '' && error.rule !== '';
  return error instanceof InvalidDataError ? error.argument !== '' && error.rule !== '' : error.message !== '';
}

/** The complaint about one call, if there is one: every way to fail but a typed error is one, and so is a NaN in the answer. */
function complaint(call: () => unknown, kind: Call['kind']): string | undefined {
  try {
    const path = nanPath(call());
    if (kind === 'wrong') return 'no error';
    return path;
  } catch (error) {
    return error instanceof CoronateError && kind !== 'good' && telling(error) ? undefined : `threw ${String(error)}`;
  }
}

const text = (value: unknown) =>
  JSON.stringify(value, (_key, entry: unknown) =>
    typeof entry === 'number' && !Number.isFinite(entry) ? String(entry) : entry,
  )?.slice(0, 200);

/** The complaints about all calls. */
function complaints(call: (...values: readonly unknown[]) => unknown, kinds: readonly Kind[]): readonly string[] {
  return callsOf(kinds).flatMap(({ args, kind }) => {
    const found = complaint(() => call(...args), kind);
    return found === undefined ? [] : [`${kind} (${args.map(text).join(', ')}): ${found}`];
  });
}

type AnyFunction = (...values: readonly unknown[]) => unknown;
const exported = stats as unknown as Readonly<Record<string, unknown>>;

describe('bad input', () => {
  it('is tried on every export of coronate/stats: a new one belongs in the tables above', () => {
    const tried = [...Object.keys(functions), ...Object.keys(distributions), ...Object.keys(classes)];
    expect(tried.sort()).toEqual(Object.keys(stats).sort());
  });

  for (const [name, kinds] of Object.entries(functions)) {
    it(`${name}: a typed error or an honest answer, never NaN`, () => {
      expect(complaints(exported[name] as AnyFunction, kinds)).toEqual([]);
    });
  }

  for (const [name, kinds] of Object.entries(distributions)) {
    it(`${name}: wrong parameters, points and probabilities throw`, () => {
      for (const [method, of] of Object.entries(exported[name] as Readonly<Record<string, AnyFunction>>)) {
        const first = method === 'quantile' || method === 'isf' ? share(0.3) : anyNumber;
        expect(
          complaints((...args) => of(...args), [first, ...kinds]),
          method,
        ).toEqual([]);
      }
    });
  }

  for (const [name, { input, rubbish }] of Object.entries(classes)) {
    const Class = exported[name] as new (
      ...values: readonly unknown[]
    ) => { push: AnyFunction; n: unknown; invalid: number };
    it(`${name}: wrong options throw, and rubbish is counted as invalid`, () => {
      expect(complaints((...args) => new Class(...args), input)).toEqual([]);
      for (const args of rubbish) {
        const summary = new Class(...input.map((kind) => kind.good));
        const empty = JSON.stringify(summary.n);
        summary.push(...args);
        expect(summary.invalid, text(args)).toBe(1);
        expect(JSON.stringify(summary.n), text(args)).toBe(empty);
        expect(nanPath(summary), text(args)).toBeUndefined();
      }
    });
  }
});
