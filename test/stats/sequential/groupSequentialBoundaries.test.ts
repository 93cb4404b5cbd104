import { describe, expect, it } from 'vitest';
import {
  type AlphaSpending,
  classicalBoundaries,
  type GroupSequentialBoundaries,
  groupSequentialBoundaries,
  hwangShihDeCaniSpending,
  obrienFlemingSpending,
  pocockSpending,
  powerSpending,
} from '../../../src/stats/sequential/index.ts';
import { crossingProbability, startScore, stayUncrossed } from '../../../src/stats/sequential/uncrossedScore.ts';
import { expectClose, type GoldenFile, readGolden } from '../../support/golden.ts';

interface Input {
  method: 'pocock' | 'obrienFleming' | 'lanDeMets';
  alpha: number;
  sides: 1 | 2;
  looks: number;
  spending: string;
  informationFractions: number[];
  z: number;
}
type Expected = Record<keyof GroupSequentialBoundaries, number[]> & { typeIError: number };
const golden = readGolden<GoldenFile<Input, Expected>>('sequential.json');

function spendingOf(name: string, alpha: number, sides: 1 | 2): AlphaSpending {
  if (name === 'obrienFleming') return obrienFlemingSpending({ alpha, sides });
  if (name === 'pocock') return pocockSpending({ alpha });
  if (name === 'power3') return powerSpending({ alpha, power: 3 });
  return name === 'linear' ? powerSpending({ alpha }) : hwangShihDeCaniSpending({ alpha, gamma: -4 });
}

function boundaries({ method, alpha, sides, looks, spending, informationFractions }: Input): GroupSequentialBoundaries {
  if (method === 'lanDeMets') {
    return groupSequentialBoundaries({ informationFractions, sides, spending: spendingOf(spending, alpha, sides) });
  }
  return classicalBoundaries({ looks, alpha, sides, shape: method === 'pocock' ? 'pocock' : 'obrien-fleming' });
}

describe('groupSequentialBoundaries', () => {
  for (const { id, kind, input, expected } of golden.cases) {
    if (kind !== 'groupSequential') continue;
    it(`agrees with the reference: ${id}`, () => {
      const got = boundaries(input);
      for (const [i, z] of expected.zBoundaries.entries()) {
        // The reference is good to about 1e-10.
        expect(Math.abs(got.zBoundaries[i]! - z), `z ${i}: ${got.zBoundaries[i]} against ${z}`).toBeLessThan(1e-8);
        expectClose(got.nominalP[i]!, expected.nominalP[i]!, 1e-6, `p ${i}`);
        expectClose(got.cumulativeAlpha[i]!, expected.cumulativeAlpha[i]!, 1e-6, `alpha ${i}`);
        expectClose(got.incrementalAlpha[i]!, expected.incrementalAlpha[i]!, 1e-6, `increment ${i}`);
        expectClose(got.informationFractions[i]!, expected.informationFractions[i]!, 1e-12);
      }
    });
  }

  it('finds the error of naive peeking, the reason for all this', () => {
    for (const { kind, input, expected } of golden.cases) {
      if (kind !== 'naivePeekingTypeI') continue;
      let score = startScore(2);
      let error = 0;
      for (let look = 1; look <= input.looks; look += 1) {
        error += crossingProbability(score, look, input.z);
        score = stayUncrossed(score, look, input.z, look + 1);
      }
      expectClose(error, expected.typeIError, 1e-9, `${input.looks} looks`);
    }
  });

  it('takes names of spending functions, and is a fixed-n test with one look', () => {
    const informationFractions = [0.3, 0.7, 1];
    const named = groupSequentialBoundaries({ informationFractions, alpha: 0.02, spending: 'pocock', sides: 1 });
    const own = groupSequentialBoundaries({
      informationFractions,
      spending: pocockSpending({ alpha: 0.02 }),
      sides: 1,
    });
    expect(named).toEqual(own);
    const usual = groupSequentialBoundaries({ informationFractions });
    expectClose(usual.cumulativeAlpha.at(-1)!, 0.05, 1e-10);
    expectClose(groupSequentialBoundaries({ informationFractions: [1] }).zBoundaries[0]!, 1.959963984540054, 1e-11);
    expectClose(classicalBoundaries({ looks: 1, shape: 'pocock', sides: 1 }).zBoundaries[0]!, 1.6448536269514722, 1e-9);
  });

  it('survives looks that spend nothing, next to nothing, or come one upon the other', () => {
    const late: AlphaSpending = (t) => (t < 0.5 ? 0 : 0.05 * t);
    const got = groupSequentialBoundaries({ informationFractions: [0.25, 0.5, 1], spending: late });
    expect(got.zBoundaries[0]).toBe(Number.POSITIVE_INFINITY);
    expectClose(got.cumulativeAlpha[2]!, 0.05, 1e-10);
    const early = groupSequentialBoundaries({ informationFractions: [0.01, 0.5, 1] });
    expect(early.zBoundaries[0]).toBeGreaterThan(20);
    const close = groupSequentialBoundaries({ informationFractions: [0.5, 0.5001, 1], spending: powerSpending() });
    expectClose(close.cumulativeAlpha[2]!, 0.05, 1e-9);
    const plain = groupSequentialBoundaries({ informationFractions: [0.5, 1], spending: powerSpending() });
    expect(Math.abs(close.zBoundaries[2]! - plain.zBoundaries[1]!)).toBeLessThan(1e-3);
  });

  it('spends the alpha of its sides by default', () => {
    const informationFractions = [0.4, 1];
    for (const sides of [1, 2] as const) {
      const named = groupSequentialBoundaries({ informationFractions, alpha: 0.01, sides });
      expect(named).toEqual(
        groupSequentialBoundaries({
          informationFractions,
          sides,
          spending: obrienFlemingSpending({ alpha: 0.01, sides }),
        }),
      );
    }
  });

  it('knows boundaries below 0: one side that is crossed more often than not', () => {
    const [z] = classicalBoundaries({ looks: 1, shape: 'pocock', sides: 1, alpha: 0.7 }).zBoundaries;
    expectClose(z!, -0.5244005127080407, 1e-9);
  });

  it('refuses what cannot be', () => {
    expect(() => classicalBoundaries({ looks: 2, shape: 'pocock', sides: 3 as never })).toThrow('sides must be 1 or 2');
    expect(() => groupSequentialBoundaries({ informationFractions: [] })).toThrow('informationFractions');
    expect(() => groupSequentialBoundaries({ informationFractions: [1], looks: 2 } as never)).toThrow('options.looks');
    expect(() => groupSequentialBoundaries({ informationFractions: [0.5, 0.5] })).toThrow('informationFractions[1]');
    expect(() => groupSequentialBoundaries({ informationFractions: [0.5, 1.1] })).toThrow('informationFractions[1]');
    expect(() => groupSequentialBoundaries({ informationFractions: [1], sides: 3 as never })).toThrow('sides');
    expect(() => groupSequentialBoundaries({ informationFractions: [1], spending: 'none' as never })).toThrow(
      'spending',
    );
    expect(() => groupSequentialBoundaries({ informationFractions: [0.5, 1], spending: (t) => 1 - t })).toThrow(
      'spending(fraction)',
    );
    expect(() => classicalBoundaries({ looks: 0, shape: 'pocock' })).toThrow('looks');
    expect(() => classicalBoundaries({ looks: 2, shape: 'pocock', alpha: 2 })).toThrow('alpha');
    expect(() => classicalBoundaries({ looks: 2, shape: 'haybittle' as never })).toThrow('shape');
  });
});
