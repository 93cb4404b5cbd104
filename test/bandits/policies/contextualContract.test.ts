import { describe, expect, it } from 'vitest';
import {
  type BanditPolicy,
  KlUcbPolicy,
  LinGreedyPolicy,
  LinThompsonPolicy,
  LinUcbPolicy,
  LogisticThompsonPolicy,
  type PolicyOptions,
  SegmentPolicy,
  ThompsonPolicy,
} from '../../../src/bandits/policies/index.ts';
import { InvalidDataError } from '../../../src/core/index.ts';
import { policyContract } from '../../contracts/policy.contract.ts';

type Vector = readonly number[];

const shared = {
  dimension: 2,
  features: (x: ArrayLike<number>, arm: string) => [x[1]!, arm.length + arm.charCodeAt(0) / 100],
};

const linear: Readonly<Record<string, (options: PolicyOptions) => BanditPolicy<Vector>>> = {
  LinUCB: (o) => new LinUcbPolicy({ ...o, dimension: 3 }),
  'LinUCB with a floor and lambda 5': (o) =>
    new LinUcbPolicy({ ...o, dimension: 3, lambda: 5, alpha: 2, explorationFloor: 0.2 }),
  'LinUCB hybrid': (o) => new LinUcbPolicy({ ...o, dimension: 3, hybrid: shared }),
  LinTS: (o) => new LinThompsonPolicy({ ...o, dimension: 3, v: 0.5 }),
  LinGreedy: (o) => new LinGreedyPolicy({ ...o, dimension: 3, epsilon: 0.1, minPulls: 2 }),
};

const context = (t: number): Vector => [1, Math.sin(t), Math.cos(3 * t)];

for (const [name, make] of Object.entries(linear)) {
  policyContract<Vector>(name, {
    create: (seed, arms) => make({ seed, arms }),
    context,
    range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    mergeable: true,
  });
}

policyContract<Vector>('logistic Thompson', {
  create: (seed, arms) => new LogisticThompsonPolicy({ seed, arms, dimension: 3 }),
  context,
  range: [0, 1],
  mergeable: false,
});

policyContract<string>('segments of Thompson', {
  create: (seed, arms) =>
    new SegmentPolicy<string>({ seed, arms, segmentOf: (s) => s, create: (setup) => new ThompsonPolicy(only(setup)) }),
  context: (t) => `segment ${t % 2}`,
  range: [0, 1],
  mergeable: true,
});

policyContract<string>('segments of KL-UCB, one too many, with shrinkage', {
  create: (seed, arms) =>
    new SegmentPolicy<string>({
      seed,
      arms,
      segmentOf: (s) => s,
      create: (setup) => new KlUcbPolicy(only(setup)),
      maxSegments: 2,
      shrinkage: 10,
    }),
  context: (t) => `segment ${t % 3}`,
  range: [0, 1],
  mergeable: true,
});

function only({ arms, rng }: { arms: readonly string[]; rng: PolicyOptions['rng'] }): PolicyOptions {
  return { arms, rng: rng! };
}

describe('contexts', () => {
  const all = { ...linear, logistic: (o: PolicyOptions) => new LogisticThompsonPolicy({ ...o, dimension: 3 }) };
  it.each(Object.keys(all))(
    '%s refuses a context of another length or that is not finite, and is as it was',
    (name) => {
      const policy = all[name as keyof typeof all]!({ arms: ['a', 'b'], seed: 1 });
      policy.update('a', 1, [1, 2, 3]);
      const before = policy.snapshot();
      for (const bad of [
        [1, 2],
        [1, 2, 3, 4],
        [1, Number.NaN, 3],
        [1, 2, Number.POSITIVE_INFINITY],
        undefined,
        null,
        'abc',
        ['1', 2, 3],
      ]) {
        expect(() => policy.select(bad as never)).toThrow(InvalidDataError);
        expect(() => policy.probabilities(bad as never)).toThrow(InvalidDataError);
        expect(() => policy.update('a', 1, bad as never)).toThrow(InvalidDataError);
        const rows = [
          { arm: 'a', reward: 1, context: [1, 2, 3] },
          { arm: 'a', reward: 1, context: bad as never },
        ];
        expect(() => policy.updateBatch(rows)).toThrow(InvalidDataError);
      }
      expect(policy.snapshot()).toEqual(before);
    },
  );

  it('the shared features of a hybrid model are checked too, with the name of the arm', () => {
    const features = (_x: ArrayLike<number>, arm: string): number[] => (arm === 'b' ? [1] : [1, 2]);
    const policy = new LinUcbPolicy({ arms: ['a', 'b'], seed: 1, dimension: 1, hybrid: { dimension: 2, features } });
    const before = policy.snapshot();
    expect(() => policy.update('b', 1, [1])).toThrow('features of b must be a list of 2 numbers');
    expect(() =>
      policy.updateBatch([
        { arm: 'a', reward: 1, context: [1] },
        { arm: 'b', reward: 1, context: [1] },
      ]),
    ).toThrow('features of b');
    expect(policy.snapshot()).toEqual(before);
  });

  it('typed arrays are contexts as well', () => {
    const policy = new LinUcbPolicy({ arms: ['a', 'b'], seed: 1, dimension: 2 });
    policy.update('a', 1, Float32Array.of(1, 0.5));
    expect(policy.select(Float64Array.of(1, 0.5))).toBeDefined();
  });
});
