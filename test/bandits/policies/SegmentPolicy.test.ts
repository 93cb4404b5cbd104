import { describe, expect, it } from 'vitest';
import {
  Exp3Policy,
  LinUcbPolicy,
  SegmentPolicy,
  type SegmentSetup,
  ThompsonPolicy,
} from '../../../src/bandits/policies/index.ts';
import { createRng } from '../../../src/random/index.ts';
import { expectClose } from '../../support/golden.ts';

const arms = ['a', 'b'];
const thompson = ({ arms: list, rng }: SegmentSetup): ThompsonPolicy => new ThompsonPolicy({ arms: list, rng });
const segmentOf = (context: string): string => context;

describe('SegmentPolicy', () => {
  it('learns another best arm for each segment, and the whole in the pool', () => {
    const policy = new SegmentPolicy({ arms, seed: 1, segmentOf, create: thompson });
    const rng = createRng(2);
    const mean: Record<string, Record<string, number>> = { x: { a: 0.8, b: 0.2 }, y: { a: 0.3, b: 0.6 } };
    for (let t = 0; t < 1_000; t += 1) {
      const segment = t % 2 === 0 ? 'x' : 'y';
      const arm = policy.select(segment);
      policy.update(arm, rng.next() < mean[segment]![arm]! ? 1 : 0, segment);
    }
    expect(policy.bestArm({ context: 'x' })).toBe('a');
    expect(policy.bestArm({ context: 'y' })).toBe('b');
    expect(policy.segments).toEqual(['x', 'y']);
    expect(policy.statistics().reduce((sum, s) => sum + s.pulls, 0)).toBe(1_000);
    expect(
      policy
        .segment('x')!
        .statistics()
        .reduce((sum, s) => sum + s.pulls, 0),
    ).toBe(500);
    expect(policy.segment('z')).toBeUndefined();
  });

  it('serves segments beyond the bound from the pool', () => {
    const policy = new SegmentPolicy({ arms, seed: 1, segmentOf, create: thompson, maxSegments: 1 });
    for (let t = 0; t < 300; t += 1) {
      policy.update('a', 1, 'first');
      policy.update('b', 0, 'second');
    }
    expect(policy.segments).toEqual(['first']);
    expect(policy.overflow).toBe(300);
    expect(policy.select('third')).toBe('a');
    expect(policy.probabilities('third')).toEqual(policy.probabilities('fourth'));
  });

  it('asking for probabilities makes no segment; choosing does, with a stream of its own', () => {
    const policy = new SegmentPolicy({ arms, seed: 1, segmentOf, create: thompson });
    policy.probabilities('new');
    policy.bestArm({ context: 'new' });
    expect(policy.segments).toEqual([]);
    const choices = Array.from({ length: 40 }, () => policy.select('new'));
    expect(new Set(choices).size).toBe(2);
    const twin = new SegmentPolicy({ arms, seed: 1, segmentOf, create: thompson });
    for (let k = 0; k < 7; k += 1) twin.select('another');
    expect(Array.from({ length: 40 }, () => twin.select('new'))).toEqual(choices);
  });

  it('shrinkage counts what the other segments know as so many pulls of the prior, never its own', () => {
    const make = (shrinkage: number) => new SegmentPolicy({ arms, seed: 1, segmentOf, create: thompson, shrinkage });
    const policy = make(20);
    for (let k = 0; k < 100; k += 1) {
      policy.update('a', k < 80 ? 1 : 0, 'big');
      policy.update('b', k < 10 ? 1 : 0, 'big');
    }
    policy.update('a', 0, 'small');
    // beta(1 + 16, 1 + 4 + 1) against beta(1 + 2, 1 + 18): a is best almost surely; without shrinkage b is.
    expect(policy.probabilities('small').get('a')).toBeGreaterThan(0.999);
    const alone = make(0);
    alone.update('a', 0, 'small');
    expectClose(alone.probabilities('small').get('a')!, 1 / 3, 1e-9);
    // The big segment borrows only the small one's single pull.
    const big = policy.segment('big')!;
    policy.select('big');
    expectClose(big.statistics()[0]!.estimate, 81 / 103, 1e-12);
  });

  it('refuses what it cannot do', () => {
    const create = ({ arms: list, rng }: SegmentSetup) => new Exp3Policy({ arms: list, rng });
    expect(() => new SegmentPolicy({ arms, segmentOf, create, shrinkage: 1 })).toThrow('shrinkage must be 0 for exp3');
    const linear = ({ arms: list, rng }: SegmentSetup) => new LinUcbPolicy({ arms: list, rng, dimension: 1 });
    expect(() => new SegmentPolicy({ arms, segmentOf: () => 'x', create: linear, shrinkage: 1 })).toThrow(
      'for lin-ucb',
    );
    expect(() => new SegmentPolicy({ arms, segmentOf, create: thompson, maxSegments: 0 })).toThrow(
      'maxSegments must be',
    );
    expect(() => new SegmentPolicy({ arms, segmentOf: 'x' as never, create: thompson })).toThrow('segmentOf must be');
    const policy = new SegmentPolicy({ arms, segmentOf: (x: string) => x, create: thompson });
    expect(() => policy.select('')).toThrow('segmentOf(context) must be a non-empty string');
    expect(() => policy.update('a', 1, undefined)).toThrow('segmentOf(context) must be a non-empty string');
  });

  it('merges segments that only one side has', () => {
    const make = (seed: number) => new SegmentPolicy({ arms, seed, segmentOf, create: thompson });
    const [center, worker] = [make(1), make(2)];
    center.update('a', 1, 'x');
    worker.update('b', 1, 'y');
    center.merge(JSON.parse(JSON.stringify(worker.snapshot())));
    expect(center.segments).toEqual(['x', 'y']);
    expect(center.segment('y')!.statistics()[1]!.pulls).toBe(1);
    expect(center.statistics().map((s) => s.pulls)).toEqual([1, 1]);
  });
});
