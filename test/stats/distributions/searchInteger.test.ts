import { describe, expect, it } from 'vitest';
import { searchInteger } from '../../../src/stats/distributions/searchInteger.ts';

describe('searchInteger', () => {
  it('finds the first integer that holds from any start, inside and outside of the range', () => {
    for (const [low, high] of [
      [0, 12],
      [-3, 9],
      [5, 5],
      [4, 5],
    ] as const) {
      for (let first = low; first <= high; first += 1) {
        for (const start of [-100, low, 1.4, 4, 4.5, 7.6, high, 100]) {
          const holds = (k: number): boolean => {
            expect(k >= low && k <= high, `${k} is outside of ${low} to ${high}`).toBe(true);
            return k >= first;
          };
          expect(searchInteger(start, low, high, holds), `${first} from ${start}`).toBe(first);
        }
      }
    }
  });

  it('asks about as often as the logarithm of the distance from its start says, whatever the range', () => {
    for (const high of [2 ** 50, Number.POSITIVE_INFINITY]) {
      for (const distance of [-1000, -60, -7, -1, 0, 1, 2, 9, 100, 5000]) {
        let asked = 0;
        const found = searchInteger(1e6, 0, high, (k) => {
          asked += 1;
          return k >= 1e6 + distance;
        });
        expect(found).toBe(1e6 + distance);
        expect(asked, `${distance}`).toBeLessThanOrEqual(2 * Math.log2(Math.abs(distance) + 1) + 4);
      }
    }
    // Near the ends of the range there is nowhere to double to.
    for (const first of [0, 1, 2 ** 40 - 1, 2 ** 40]) {
      let asked = 0;
      const start = first < 5 ? 1 : 2 ** 40 - 1;
      searchInteger(start, 0, 2 ** 40, (k) => {
        asked += 1;
        return k >= first;
      });
      expect(asked).toBeLessThanOrEqual(4);
    }
  });
});
