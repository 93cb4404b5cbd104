import { expect, it } from 'vitest';
import { RequestIds } from '../../src/core/requestIds.ts';

it('knows the numbers of the ids that it gave, and of no others', () => {
  const ids = new RequestIds('t', '1', 'a');
  const given = Array.from({ length: 1500 }, () => ids.next());
  expect(given.map((id) => ids.numberOf(id))).toEqual(given.map((_, i) => i + 1));
  expect(given.map((_, i) => ids.text(i + 1))).toEqual(given);
  const prefix = given[0]!.slice(0, -1);
  expect(given).toEqual(given.map((_, i) => prefix + (i + 1).toString(36)));
  for (const tail of ['', '0', '01', '1 ', '-1', '1.', 'A', '/', ':', '`', '{', '15p', 'zzzzzzzzzz', '1zzzzzzzzzzzz']) {
    expect(ids.numberOf(prefix + tail)).toBe(0);
  }
  expect(ids.numberOf(`${prefix}15o`)).toBe(1500);
  expect(ids.numberOf(given[0]!.replace('t', 'u'))).toBe(0);
  expect(ids.numberOf(new RequestIds('t', '2', 'a').next())).toBe(0);
  expect(ids.numberOf('')).toBe(0);
});

it('goes on from a count, and knows what was given before', () => {
  const ids = new RequestIds('t', '1', '', 40);
  expect(ids.numberOf(ids.text(40))).toBe(40);
  expect(ids.numberOf(ids.text(41))).toBe(0);
  expect(ids.numberOf(ids.next())).toBe(41);
  ids.count = 2 ** 40;
  expect(ids.next().endsWith(`.${(2 ** 40 + 1).toString(36)}`)).toBe(true);
  expect(ids.numberOf(ids.text(2 ** 40 + 1))).toBe(2 ** 40 + 1);
  for (const count of [36 ** 10 - 1, 36 ** 10, Number.MAX_SAFE_INTEGER]) {
    ids.count = count;
    expect(ids.numberOf(ids.text(count))).toBe(count);
    expect(ids.numberOf(`${ids.text(count).slice(0, -11)}zzzzzzzzzzz`)).toBe(0);
  }
});
