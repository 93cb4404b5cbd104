import { describe, expect, it } from 'vitest';
import {
  asymptoticDifferenceSequence,
  type DifferenceStage,
  stagedDifferenceSequence,
} from '../../../src/stats/sequential/index.ts';
import { stratifiedDifferenceTest, welchTest } from '../../../src/stats/tests/index.ts';
import type { SampleMoments } from '../../../src/stats/types.ts';
import { expectClose } from '../../support/golden.ts';

const sure = <T extends { status: string }>(result: T): Extract<T, { status: 'ok' }> => {
  if (result.status !== 'ok') throw new Error('inconclusive');
  return result as Extract<T, { status: 'ok' }>;
};
const of = (n: number, mean: number, variance = 1): SampleMoments => ({ n, mean, variance });

describe('stagedDifferenceSequence', () => {
  it('is the plain sequence where there is one stage', () => {
    const stage: DifferenceStage = [of(400, 1.2, 2), of(300, 1, 1)];
    const plain = sure(asymptoticDifferenceSequence(...stage, { horizon: 900 }));
    const staged = sure(stagedDifferenceSequence([stage], { horizon: 900 }));
    for (const key of ['estimate', 'pValue', 'standardError'] as const)
      expectClose(staged[key]!, plain[key]!, 1e-12, key);
    expectClose(staged.interval[0], plain.interval[0], 1e-12);
  });

  it('compares within stages: drift with changing shares is no difference', () => {
    // Pooled, the first sample would seem 4 higher.
    const stages: DifferenceStage[] = [
      [of(100, 0), of(900, 0)],
      [of(900, 5), of(100, 5)],
    ];
    const result = sure(stagedDifferenceSequence(stages));
    expect(result.estimate).toBe(0);
    expect(result.pValue).toBe(1);
    expect(result.n).toEqual([1000, 1000]);
  });

  it('says the same for a stage and for its two equal halves', () => {
    const whole = sure(stagedDifferenceSequence([[of(2000, 1.1), of(2000, 1)]]));
    const half: DifferenceStage = [of(1000, 1.1), of(1000, 1)];
    const halves = sure(stagedDifferenceSequence([half, half]));
    expectClose(halves.standardError!, whole.standardError!, 1e-12);
    expectClose(halves.pValue, whole.pValue, 1e-12);
  });

  it('gives a small stage that does not vary no weight beyond its size', () => {
    const stages: DifferenceStage[] = [
      [of(1000, 0.3), of(1000, 0)],
      [of(10, 9, 0), of(10, 0, 0)],
    ];
    const { estimate } = sure(stagedDifferenceSequence(stages));
    expectClose(estimate, (1000 * 0.3 + 10 * 9) / 1010, 1e-9);
  });

  it('is held against the null value that it is told', () => {
    const stages: DifferenceStage[] = [
      [of(1000, 1.3), of(1000, 1)],
      [of(900, 5.3), of(300, 5)],
    ];
    const shifted = stages.map(([a, b]): DifferenceStage => [of(a.n, a.mean - 0.2), b]);
    const told = sure(stagedDifferenceSequence(stages, { nullValue: 0.2 }));
    const plain = sure(stagedDifferenceSequence(shifted));
    expectClose(told.pValue, plain.pValue, 1e-9);
    expectClose(told.interval[0], plain.interval[0] + 0.2, 1e-9);
    expectClose(told.interval[1], plain.interval[1] + 0.2, 1e-9);
  });

  it('counts only stages where both samples have enough, unless there is one, and says which method it is', () => {
    const good: DifferenceStage = [of(1000, 1.3), of(1000, 1)];
    for (const poor of [
      [of(500, 9), of(9, 0)],
      [of(9, 9), of(500, 0)],
    ] as DifferenceStage[]) {
      const result = sure(stagedDifferenceSequence([good, poor]));
      expect(result).toMatchObject({ n: [1000, 1000], method: 'staged-difference-sequence' });
      expectClose(result.estimate, 0.3, 1e-12);
    }
    const one = sure(stagedDifferenceSequence([good], { stageBurnIn: 2000 }));
    expect(one.method).toBe('asymptotic-difference-sequence');
    expect(stagedDifferenceSequence([], { burnIn: 2 }).status).toBe('inconclusive');
    const bad = { n: 10, mean: 0, variance: -1 };
    expect(() => stagedDifferenceSequence([good, [of(10, 0), bad]])).toThrow('stages[1][1]');
  });

  it('is inconclusive during the burn-in and where nothing varies', () => {
    expect(stagedDifferenceSequence([[of(50, 1), of(50, 0)]]).status).toBe('inconclusive');
    const still: DifferenceStage = [of(500, 1, 0), of(500, 0, 0)];
    for (const stages of [[still], [still, still]]) {
      expect(stagedDifferenceSequence(stages)).toMatchObject({ status: 'inconclusive', validity: 'anytime' });
    }
    const short: DifferenceStage[] = [
      [of(500, 1), of(5, 0)],
      [of(5, 1), of(500, 0)],
    ];
    expect(stagedDifferenceSequence(short).status).toBe('inconclusive');
    expect(() => stagedDifferenceSequence(short, { stageBurnIn: 1 })).toThrow('stageBurnIn');
  });
});

describe('stratifiedDifferenceTest', () => {
  it('is Welch within one stratum', () => {
    const [a, b] = [of(40, 1.2, 2), of(30, 1, 1)];
    const one = sure(stratifiedDifferenceTest([[a, b]]));
    const welch = sure(welchTest(a, b));
    for (const key of ['estimate', 'pValue', 'statistic', 'df'] as const)
      expectClose(one[key]!, welch[key]!, 1e-12, key);
  });

  it('compares within strata', () => {
    const strata = [
      [of(10, 0), of(90, 0)],
      [of(90, 5), of(10, 5)],
    ] as const;
    expect(sure(stratifiedDifferenceTest(strata))).toMatchObject({ estimate: 0, pValue: 1 });
    expect(stratifiedDifferenceTest([[of(1, 0), of(1, 0)]]).status).toBe('inconclusive');
    expect(stratifiedDifferenceTest([[of(9, 0, 0), of(9, 1, 0)]]).status).toBe('inconclusive');
    expect(() => stratifiedDifferenceTest([])).toThrow('at least one stratum');
  });
});
