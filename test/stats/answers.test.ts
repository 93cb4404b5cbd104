import { describe, expect, it } from 'vitest';
import { readGolden, relativeError } from '../support/goldenFile.ts';
import { answers } from './answers.ts';

// The numbers are proven by the golden files of each topic; this file holds whole answers, words included, as they were
// then. `npx tsx --conditions=@coronate/source scripts/answers.ts` writes it anew after a change that is meant.
const golden = readGolden<Readonly<Record<string, readonly unknown[]>>>('stats-answers.json');

/** Where two answers differ: words exactly, numbers by more than one part in 1e9. */
function difference(got: unknown, want: unknown, path: string): string | undefined {
  if (typeof got === 'number' && typeof want === 'number') {
    return relativeError(got, want) <= 1e-9 || Math.abs(got - want) <= 1e-15
      ? undefined
      : `${path}: ${got}, not ${want}`;
  }
  if (typeof got !== 'object' || typeof want !== 'object' || got === null || want === null) {
    return got === want || String(got) === String(want) ? undefined : `${path}: ${String(got)}, not ${String(want)}`;
  }
  const keys = Object.keys(got);
  if (keys.join() !== Object.keys(want).join()) return `${path}: ${keys.join()}, not ${Object.keys(want).join()}`;
  for (const key of keys) {
    const found = difference(got[key as keyof typeof got], want[key as keyof typeof want], `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

describe('answers in full', () => {
  it('are written down for everything that is called', () => {
    expect(Object.keys(answers).sort()).toEqual(Object.keys(golden).sort());
  });

  for (const [name, of] of Object.entries(answers)) {
    it(name, () => {
      expect(difference(of(), golden[name], name)).toBeUndefined();
    });
  }
});
