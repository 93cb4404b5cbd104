import { describe, expect, it } from 'vitest';
import { type LoggedDecision, replay } from '../../../src/bandits/evidence/index.ts';
import { type BanditPolicy, RandomPolicy, ThompsonPolicy, UcbPolicy } from '../../../src/bandits/policies/index.ts';
import { createRng } from '../../../src/random/index.ts';
import { expectClose, readGolden } from '../../support/golden.ts';

interface ReplayCase {
  readonly K: number;
  readonly actions: number[];
  readonly propensity: number[];
  readonly rewards: number[];
  readonly detTargetArm: number[];
  readonly expected: { readonly replay: { readonly value: number; readonly matched: number } };
}
const cases = readGolden<{ ope: ReplayCase[] }>('bandits.json').ope;
const ARMS = ['a', 'b', 'c', 'd'];

describe('replay', () => {
  it.each(cases)('matches the reference (case %#)', ({ K, actions, propensity, rewards, detTargetArm, expected }) => {
    const inner = new RandomPolicy({ arms: ARMS.slice(0, K), seed: 1 });
    let t = 0;
    const fixed = new Proxy(inner, {
      get: (target, key) => {
        if (key === 'select') return () => ARMS[detTargetArm[t++]!];
        const value = Reflect.get(target, key, target) as unknown;
        return typeof value === 'function' ? value.bind(target) : value;
      },
    }) as BanditPolicy;
    const log = actions.map((arm, i) => ({ arm: ARMS[arm]!, propensity: propensity[i]!, reward: rewards[i]! }));
    const result = replay(log, fixed);
    expectClose(result.value, expected.replay.value, 1e-12);
    expect(result.matched).toBe(expected.replay.matched);
    expect(result.warnings[0]).toContain('biased unless an rng evens them out');
    expect(inner.statistics().reduce((sum, s) => sum + s.pulls, 0)).toBe(result.matched);
  });

  function logged(n: number, shareOfA: number, seed: string): LoggedDecision[] {
    const rng = createRng(seed);
    return Array.from({ length: n }, () => {
      const arm = rng.next() < shareOfA ? 'a' : 'b';
      const propensity = arm === 'a' ? shareOfA : 1 - shareOfA;
      return { arm, propensity, reward: rng.next() < (arm === 'a' ? 0.2 : 0.7) ? 1 : 0 };
    });
  }

  it('lets a policy learn what it would have learnt online', () => {
    const policy = new ThompsonPolicy({ arms: ['a', 'b'], seed: 3 });
    const result = replay(logged(4_000, 0.5, 'uniform'), policy);
    expect(Math.abs(result.matched - 2_000)).toBeLessThan(150);
    expect(policy.bestArm()).toBe('b');
    expect(result.value).toBeGreaterThan(0.65);
    expect(result.warnings).toEqual([]);
  });

  it('evens out unequal propensities with an rng', () => {
    const random = (): RandomPolicy => new RandomPolicy({ arms: ['a', 'b'], seed: 5 });
    const log = logged(20_000, 0.9, 'skewed');
    const even = replay(log, random(), { rng: createRng('even') });
    expect(Math.abs(even.value - 0.45)).toBeLessThan(4.5 * even.standardError);
    const plain = replay(log, random());
    expect(plain.value).toBeLessThan(0.35); // nine in ten of its matches are arm a
  });

  it('says so where nothing matches, and refuses a bad log before it changes the policy', () => {
    const policy = new UcbPolicy({ arms: ['a', 'b'], seed: 1, ties: 'first' });
    const none = replay([{ arm: 'b', propensity: 1, reward: 1 }], policy);
    expect(none).toMatchObject({ value: Number.NaN, matched: 0, n: 1 });
    const bad = [
      { arm: 'a', propensity: 1, reward: 1 },
      { arm: 'a', propensity: 2, reward: 1 },
    ];
    expect(() => replay(bad, policy)).toThrow('log[1].propensity');
    expect(policy.statistics()[0]!.pulls).toBe(0);
  });
});
