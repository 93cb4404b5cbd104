import { expect, it } from 'vitest';
import { SeenUnits } from '../../src/abtest/SeenUnits.ts';

it.each([
  ['numbers that follow one another', (i: number) => i],
  ['long names that differ at the end', (i: number) => `wafer-${String(i).padStart(30, '0')}`],
  ['names beyond ASCII', (i: number) => `плита-${i}`],
])('takes no known unit for a new one, and as few new ones for known as a filter of its size can: %s', (_, unit) => {
  const units = new SeenUnits();
  const taken = (from: number, to: number): number => {
    let known = 0;
    for (let i = from; i < to; i += 1) known += units.add(unit(i)) ? 0 : 1;
    return known / (to - from);
  };
  expect(taken(0, 1000)).toBe(0);
  taken(1000, 20_000);
  // (1 - exp(-3 n / 2^18))^3 of Bloom's analysis: 0.0098 over these, and 0.110 over the later ones.
  expect(Math.abs(taken(20_000, 22_000) - 0.0098)).toBeLessThan(0.007);
  taken(22_000, 55_000);
  expect(Math.abs(taken(55_000, 60_000) - 0.11)).toBeLessThan(0.015);
  for (let i = 0; i < 60_000; i += 7) expect(units.add(unit(i))).toBe(false);
});

it('goes on from where it was', () => {
  const [one, two] = [new SeenUnits(), new SeenUnits()];
  expect(one.toJSON()).toEqual([]);
  for (let i = 0; i < 3000; i += 1) one.add(i);
  two.load(JSON.parse(JSON.stringify(one.toJSON())));
  for (let i = 1000; i < 6000; i += 1) expect(two.add(i)).toBe(one.add(i));
  expect(two.toJSON()).toEqual(one.toJSON());
});
