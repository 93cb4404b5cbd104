import { describe, expect, it } from 'vitest';
import type { BanditPolicy, PolicySnapshot } from '../../src/bandits/policies/index.ts';
import { InvalidDataError, InvalidOptionError, SnapshotError, UnknownVariantError } from '../../src/core/index.ts';
import { createRng } from '../../src/random/index.ts';
import { expectClose } from '../support/golden.ts';

/** How to make the policy under test, and which of the contract's clauses apply to it. */
export interface PolicyUnderTest<Context> {
  readonly create: (seed: number, arms: readonly string[]) => BanditPolicy<Context>;
  /** The context of request t; left out for policies without context. */
  readonly context?: (t: number) => Context;
  /** Lowest and highest reward; infinite ends where any finite number will do. */
  readonly range: readonly [number, number];
  /** Whether processes can be merged; undefined where they can, but what they learn depends on their own draws. */
  readonly mergeable: boolean | undefined;
  /** Rewards at the ends of the range only. */
  readonly binary?: boolean;
}

const ARMS = ['a', 'b', 'c'];

function throughJson(snapshot: PolicySnapshot): PolicySnapshot {
  return JSON.parse(JSON.stringify(snapshot)) as PolicySnapshot;
}

/** The clauses that every bandit policy keeps. */
export function policyContract<Context>(name: string, under: PolicyUnderTest<Context>): void {
  const { create, range, mergeable, binary = false } = under;
  const context = (t: number): Context | undefined => under.context?.(t);
  const low = Number.isFinite(range[0]) ? range[0] : -3;
  const high = Number.isFinite(range[1]) ? range[1] : 3;

  /** Rewards that depend on request and arm alone, so that the same choices earn the same. */
  function rewardOf(t: number, arm: string): number {
    const u = createRng(`reward ${t} ${arm}`).next() * (arm === 'a' ? 1 : 0.7);
    const share = binary ? Math.round(u) : Math.round(u * 64) / 64;
    return low + (high - low) * share;
  }

  function run(policy: BanditPolicy<Context>, from: number, to: number): string[] {
    const choices: string[] = [];
    for (let t = from; t < to; t += 1) {
      const arm = policy.select(context(t));
      choices.push(arm);
      policy.update(arm, rewardOf(t, arm), context(t));
    }
    return choices;
  }

  describe(name, () => {
    it('chooses the same for the same seed, and by position as by name', () => {
      const first = run(create(7, ARMS), 0, 80);
      expect(run(create(7, ARMS), 0, 80)).toEqual(first);
      const byPosition = create(7, ARMS);
      const choices = Array.from({ length: 80 }, (_, t) => {
        const i = byPosition.selectIndex(context(t));
        byPosition.update(i, rewardOf(t, ARMS[i]!), context(t));
        return ARMS[i];
      });
      expect(choices).toEqual(first);
      expect(new Set(first)).toEqual(new Set(ARMS));
    });

    it('goes on from a snapshot bit for bit, random stream and arms included', () => {
      const policy = create(7, ARMS);
      run(policy, 0, 60);
      policy.addArm('d');
      run(policy, 60, 90);
      const before = throughJson(policy.snapshot());
      const twin = create(1234, ['other']);
      twin.restore(before);
      expect(twin.snapshot()).toEqual(before);
      expect(twin.arms).toEqual(['a', 'b', 'c', 'd']);
      expect(run(twin, 90, 200)).toEqual(run(policy, 90, 200));
      expect(throughJson(twin.snapshot())).toEqual(throughJson(policy.snapshot()));
      expect(twin.statistics()).toEqual(policy.statistics());
    });

    it('states probabilities that sum to one, cover what it chooses, and change nothing', () => {
      const policy = create(3, ARMS);
      for (let t = 0; t < 60; t += 1) {
        const before = policy.snapshot();
        const p = policy.probabilities(context(t));
        expect(policy.snapshot()).toEqual(before);
        expect([...p.keys()]).toEqual(ARMS);
        for (const x of p.values()) expect(x >= 0 && x <= 1 + 1e-12).toBe(true);
        expectClose(
          [...p.values()].reduce((sum, x) => sum + x, 0),
          1,
          1e-9,
        );
        const arm = policy.select(context(t));
        expect(p.get(arm)).toBeGreaterThan(0);
        policy.update(arm, rewardOf(t, arm), context(t));
      }
    });

    it('draws from the probabilities that it states', () => {
      const policy = create(3, ARMS);
      run(policy, 0, 40);
      const p = [...policy.probabilities(context(40)).values()];
      const counts = ARMS.map(() => 0);
      const draws = 3_000;
      for (let k = 0; k < draws; k += 1) counts[policy.selectIndex(context(40))]! += 1;
      counts.forEach((n, i) => {
        expect(Math.abs(n / draws - p[i]!)).toBeLessThanOrEqual(4.5 * Math.sqrt((p[i]! * (1 - p[i]!)) / draws) + 1e-6);
      });
    });

    it('chooses eligible arms only, and says so', () => {
      const policy = create(5, ARMS);
      for (let t = 0; t < 60; t += 1) {
        const eligible = ARMS.map((_, i) => (t + i) % 3 !== 0);
        const p = [...policy.probabilities(context(t), { eligible }).values()];
        const i = policy.selectIndex(context(t), { eligible });
        expect(eligible[i]).toBe(true);
        p.forEach((x, k) => {
          if (!eligible[k]) expect(x).toBe(0);
        });
        policy.update(i, rewardOf(t, ARMS[i]!), context(t));
      }
      expect(() => policy.select(context(0), { eligible: [false, false, false] })).toThrow(InvalidOptionError);
      expect(() => policy.select(context(0), { eligible: [true] })).toThrow(InvalidOptionError);
    });

    it('takes pulls in flight, and refuses impossible ones', () => {
      const policy = create(5, ARMS);
      run(policy, 0, 30);
      expect(ARMS).toContain(policy.select(context(30), { pending: [3, 0, 1] }));
      for (const pending of [
        [-1, 0, 0],
        [Number.NaN, 0, 0],
        [0, 0],
      ]) {
        expect(() => policy.select(context(30), { pending })).toThrow(InvalidOptionError);
      }
    });

    it('ranks arms without repeating one', () => {
      const policy = create(5, ARMS);
      for (let t = 0; t < 40; t += 1) {
        const ranked = policy.rank((t % 3) + 1, context(t));
        expect(new Set(ranked).size).toBe((t % 3) + 1);
        policy.update(ranked[0]!, rewardOf(t, ranked[0]!), context(t));
      }
      expect(() => policy.rank(0, context(0))).toThrow(InvalidOptionError);
      expect(() => policy.rank(4, context(0))).toThrow(InvalidOptionError);
    });

    it('states the propensities of a ranking, each given the arms above', () => {
      const policy = create(5, ARMS);
      run(policy, 0, 40);
      const counts: Record<string, number> = {};
      const stated: Record<string, number> = {};
      const draws = 600;
      for (let k = 0; k < draws; k += 1) {
        const [first, second] = policy.rank(2, context(40)) as [string, string];
        const [p, q] = policy.rankPropensities([first, second], context(40));
        expect(p).toBeGreaterThan(0);
        counts[first] = (counts[first] ?? 0) + 1;
        stated[first] = p!;
        if (q === undefined) continue;
        expect(q).toBeGreaterThan(0);
        const both = `${first} ${second}`;
        counts[both] = (counts[both] ?? 0) + 1;
        stated[both] = p! * q;
      }
      for (const [what, p] of Object.entries(stated)) {
        const error = Math.sqrt((p * (1 - p)) / draws);
        expect(Math.abs(counts[what]! / draws - p), what).toBeLessThanOrEqual(4.5 * error + 3 / draws);
      }
      expect(policy.rankPropensities(['a', 'a'], context(40))[1]).toBe(0);
      expect(() => policy.rankPropensities(['nobody'], context(40))).toThrow(UnknownVariantError);
    });

    it('says how likely each arm is the best, and changes nothing', () => {
      const policy = create(5, ARMS);
      run(policy, 0, 60);
      const before = policy.snapshot();
      const p = policy.probabilityBest(context(60));
      expect(policy.snapshot()).toEqual(before);
      if (p === undefined) return;
      expect([...p.keys()]).toEqual(ARMS);
      expectClose(
        [...p.values()].reduce((sum, x) => sum + x, 0),
        1,
        1e-8,
      );
    });

    it('refuses bad rewards and unknown arms, and is as it was', () => {
      const policy = create(2, ARMS);
      run(policy, 0, 30);
      const before = policy.snapshot();
      const bad: unknown[] = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, '1', undefined];
      if (Number.isFinite(range[1])) bad.push(range[1] + 1e-9);
      if (Number.isFinite(range[0])) bad.push(range[0] - 1e-9);
      for (const reward of bad) {
        expect(() => policy.update('a', reward as number, context(0))).toThrow(InvalidDataError);
        expect(() => policy.checkReward(reward as number)).toThrow(InvalidDataError);
        const rows = [
          { arm: 'a', reward: high, context: context(0)! },
          { arm: 'b', reward: reward as number, context: context(0)! },
        ];
        expect(() => policy.updateBatch(rows)).toThrow(InvalidDataError);
      }
      for (const arm of ['nobody', -1, 3, 0.5, Number.NaN]) {
        expect(() => policy.update(arm, high, context(0))).toThrow(UnknownVariantError);
        expect(() => policy.removeArm(arm)).toThrow(UnknownVariantError);
      }
      for (const weight of [0, -1, Number.NaN]) {
        expect(() => policy.update('a', high, context(0), { weight })).toThrow(InvalidOptionError);
      }
      expect(() => policy.addArm('a')).toThrow(InvalidOptionError);
      expect(() => policy.addArm('')).toThrow(InvalidOptionError);
      expect(policy.snapshot()).toEqual(before);
    });

    it('learns from a batch as from its rows', () => {
      const rows = Array.from({ length: 40 }, (_, t) => {
        const arm = ARMS[(t * 7) % 3]!;
        return { arm, reward: rewardOf(t, arm), context: context(t)! };
      });
      const one = create(2, ARMS);
      for (const row of rows) one.update(row.arm, row.reward, row.context);
      const batch = create(2, ARMS);
      batch.updateBatch(rows);
      expect(batch.snapshot()).toEqual(one.snapshot());
    });

    it('tries an arm that is added, and forgets one that is removed', () => {
      const policy = create(4, ARMS);
      run(policy, 0, 150);
      policy.addArm('new');
      expect(run(policy, 150, 500)).toContain('new');
      policy.removeArm('b');
      expect(policy.arms).toEqual(['a', 'c', 'new']);
      expect(policy.statistics().map((s) => s.arm)).toEqual(['a', 'c', 'new']);
      expect(run(policy, 500, 560)).not.toContain('b');
      policy.removeArm('a');
      policy.removeArm('c');
      expect(policy.select(context(1))).toBe('new');
      expect(() => policy.removeArm('new')).toThrow(InvalidOptionError);
    });

    it('counts pulls and rewards, and names a best arm', () => {
      const policy = create(4, ARMS);
      expect(ARMS).toContain(policy.bestArm({ context: context(0)! }));
      const choices = run(policy, 0, 120);
      for (const s of policy.statistics()) {
        const own = choices
          .map((arm, t) => (arm === s.arm ? rewardOf(t, arm) : undefined))
          .filter((x) => x !== undefined);
        expect(s.pulls).toBe(own.length);
        expectClose(
          s.totalReward,
          own.reduce((sum, x) => sum + x, 0),
          1e-12,
        );
        expectClose(s.selectionRate, own.length / 120, 1e-12);
        expect(s.interval[0]).toBeLessThanOrEqual(s.interval[1]);
        for (const x of [s.estimate, s.variance, s.effectivePulls]) expect(Number.isFinite(x)).toBe(true);
      }
      for (const by of ['mean', 'lower-bound', 'pulls'] as const) {
        expect(ARMS).toContain(policy.bestArm({ by, context: context(0)! }));
      }
      expect(() => policy.bestArm({ by: 'luck' as never, context: context(0)! })).toThrow(InvalidOptionError);
    });

    it('refuses a snapshot of another kind, version or shape', () => {
      const policy = create(4, ARMS);
      run(policy, 0, 20);
      const good = policy.snapshot();
      for (const bad of [
        { ...good, kind: 'other' },
        { ...good, version: 2 },
        { ...good, arms: ['a'] },
        { ...good, state: null },
        { ...good, state: {} },
        { ...good, rng: { ...good.rng, version: 9 } },
        undefined,
      ]) {
        expect(() => policy.restore(bad as never)).toThrow(SnapshotError);
      }
      expect(policy.snapshot()).toEqual(good);
    });

    if (mergeable === true) mergeClauses();
    if (mergeable === false) {
      it('refuses to be merged, because it depends on the order of updates', () => {
        const policy = create(4, ARMS);
        run(policy, 0, 20);
        expect(() => policy.merge(policy.snapshot())).toThrow(SnapshotError);
        expect(() => policy.deltaSince(policy.snapshot())).toThrow(SnapshotError);
      });
    }
  });

  function mergeClauses(): void {
    const rows = Array.from({ length: 120 }, (_, t) => {
      const arm = ARMS[(t * 5) % 3]!;
      return { arm, reward: rewardOf(t, arm), context: context(t)! };
    });
    const expectSame = (got: BanditPolicy<Context>, want: BanditPolicy<Context>): void => {
      const expected = want.statistics();
      got.statistics().forEach((s, i) => {
        expect(s.pulls).toBe(expected[i]!.pulls);
        expectClose(s.effectivePulls, expected[i]!.effectivePulls, 1e-12);
        expectClose(s.totalReward, expected[i]!.totalReward, 1e-12, 'total', 1);
        expectClose(s.estimate, expected[i]!.estimate, 1e-10, 'estimate', 1);
        expectClose(s.variance, expected[i]!.variance, 1e-10, 'variance', 1);
      });
      const q = [...want.probabilities(context(1)).values()];
      [...got.probabilities(context(1)).values()].forEach((p, i) => {
        expect(Math.abs(p - q[i]!)).toBeLessThan(1e-8);
      });
    };

    it('merges four processes into what one would know', () => {
      const one = create(1, ARMS);
      one.updateBatch(rows);
      const merged = create(1, ARMS);
      for (let process = 0; process < 4; process += 1) {
        const worker = create(100 + process, ['c', 'a', 'b']);
        worker.updateBatch(rows.filter((_, t) => t % 4 === process));
        merged.merge(throughJson(worker.snapshot()));
      }
      expectSame(merged, one);
    });

    it('merges what workers have learnt since a common snapshot', () => {
      const one = create(1, ARMS);
      one.updateBatch(rows);
      const center = create(1, ARMS);
      center.updateBatch(rows.slice(0, 60));
      const base = throughJson(center.snapshot());
      for (let process = 0; process < 4; process += 1) {
        const worker = create(100 + process, ARMS);
        worker.restore(base);
        worker.updateBatch(rows.slice(60).filter((_, t) => t % 4 === process));
        center.merge(throughJson(worker.deltaSince(base)));
      }
      expectSame(center, one);
    });

    it('refuses to merge an arm that it does not have', () => {
      const worker = create(1, ['a', 'stranger']);
      const center = create(1, ARMS);
      const before = center.snapshot();
      expect(() => center.merge(worker.snapshot())).toThrow(UnknownVariantError);
      expect(center.snapshot()).toEqual(before);
    });
  }
}
