import { describe, expect, it } from 'vitest';
import { Holdout } from '../../src/bandits/Holdout.ts';
import { type BanditStrategy, RandomBandit, ThompsonSampling } from '../../src/bandits/index.ts';
import { ManualClock, type Snapshot } from '../../src/core/index.ts';
import { createRng, normal, type Rng, uniform } from '../../src/random/index.ts';

const arms = { first: { predict: () => 'first' }, second: { predict: () => 'second' } };
const options = {
  arms,
  holdout: { share: 0.3, by: 'baseline' },
  mode: 'frozen',
  clock: new ManualClock(0),
} as const;
/** Who is held out, by what the policy advised: the baseline answers where it did not want it. */
const heldOut = (bandit: BanditStrategy<typeof arms>, units: readonly string[]): readonly string[] =>
  units.filter((unit) =>
    Array.from({ length: 24 }, () => bandit.serve(0, { unit }).variant).every((v) => v === 'first'),
  );
const units = Array.from({ length: 400 }, (_, i) => `user-${i}`);

describe('a held-out share with units', () => {
  it('holds a unit out with all its requests, whatever the seed, and on every replica', () => {
    const held = heldOut(new RandomBandit({ ...options, seed: 1 }), units);
    expect(Math.abs(held.length / units.length - 0.3)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / units.length));
    expect(heldOut(new RandomBandit({ ...options, seed: 2, replica: 'b' }), units)).toEqual(held);
    const other = heldOut(new RandomBandit({ ...options, seed: 1, name: 'another' }), units);
    const both = other.filter((unit) => held.includes(unit)).length;
    expect(Math.abs(both / units.length - 0.09)).toBeLessThan(4 * Math.sqrt((0.09 * 0.91) / units.length));
  });

  it('keeps whoever is held out as the share grows', () => {
    const at = (share: number) => new Holdout({ share, by: 'random' }, 'grows', () => createRng(1));
    const [few, many] = [at(0.1), at(0.4)].map((holdout) => units.filter((unit) => holdout.holds(unit)));
    expect(few!.length).toBeGreaterThan(20);
    expect(many).toEqual(expect.arrayContaining(few!));
  });

  it('draws nothing for a unit, so that requests without one go on as they would have', () => {
    const [plain, mixed] = [1, 1].map((seed) => new Holdout({ share: 0.5, by: 'random' }, 'x', () => createRng(seed)));
    const draws = (holdout: Holdout, unit: boolean) =>
      Array.from({ length: 50 }, () => {
        if (unit) holdout.holds('somebody');
        return holdout.holds(undefined);
      });
    expect(draws(mixed!, true)).toEqual(draws(plain!, false));
  });

  it('refuses what is no unit before anything is counted', () => {
    const bandit = new RandomBandit({ ...options, seed: 1 });
    for (const unit of ['', Number.NaN]) {
      expect(() => bandit.serve(0, { unit })).toThrow(expect.objectContaining({ code: 'ERR_INVALID_OPTION' }));
      expect(() => bandit.serveSlots(0, 2, { unit })).toThrow('unit must be');
    }
    expect(bandit.counts.served).toBe(0);
  });
});

/** A world in which nobody is better, and whole units differ. @returns whether some look has seen a difference */
function falseAlarm(rng: Rng, clustered: boolean): boolean {
  const holdout = new Holdout({ share: 0.3, by: 'baseline' }, `run ${rng.next()}`, () => rng.fork('draws'));
  const levels = Array.from({ length: 120 }, () => normal(rng));
  for (let i = 1; i <= 2400; i += 1) {
    const u = Math.floor(uniform(rng, 0, levels.length));
    const reward = levels[u]! + 0.5 * normal(rng);
    holdout.push(holdout.holds(`${u}`), reward, clustered ? u * 2_654_435_761 : undefined);
    if (i % 150 > 0) continue;
    const { difference } = holdout.report();
    if (difference.status === 'ok' && (difference.interval[0] > 0 || difference.interval[1] < 0)) return true;
  }
  return false;
}

describe('the difference of bandit and control', () => {
  const runs = 300;
  const rate = (clustered: boolean): number => {
    const rng = createRng('holdout by unit');
    return Array.from({ length: runs }, (_, i) => falseAlarm(rng.fork(i), clustered)).filter(Boolean).length / runs;
  };

  it('errs in at most 5 % of worlds where whole units are held out, looked at all the while', () => {
    expect(rate(true)).toBeLessThanOrEqual(0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs));
    // Request by request it would err far more often: the test can fail.
    expect(rate(false)).toBeGreaterThan(0.3);
  });

  it('waits for enough units', () => {
    const holdout = new Holdout({ share: 0.5, by: 'random' }, 'few', () => createRng(1));
    for (let i = 0; i < 1000; i += 1) holdout.push(i % 2 > 0, i % 7, i % 19);
    expect(holdout.report().difference).toMatchObject({
      status: 'inconclusive',
      reason: '19 of 20 units have earned something',
    });
    holdout.push(true, 1, 19);
    expect(holdout.report().difference.status).toBe('ok');
  });

  it('is that of all requests where some have a unit and some have none', () => {
    const holdout = new Holdout({ share: 0.5, by: 'random' }, 'mixed', () => createRng(1));
    const rng = createRng(3);
    for (let i = 0; i < 4000; i += 1) {
      const held = rng.next() < 0.5;
      holdout.push(held, (held ? 1 : 2) + normal(rng), i % 2 ? i % 200 : undefined);
    }
    const { bandit, control, difference } = holdout.report();
    expect(bandit.n + control.n).toBe(4000);
    expect(difference.n).toEqual([4000]);
    const estimate = difference.status === 'ok' ? difference.estimate : Number.NaN;
    expect(Math.abs(estimate - (bandit.mean - control.mean))).toBeLessThan(0.05);
  });

  it('counts the slots of one request as one draw', () => {
    const bandit = new ThompsonSampling({ ...options, holdout: { share: 0.5, by: 'random' }, mode: 'online', seed: 4 });
    for (let i = 0; i < 15; i += 1) {
      for (const { requestId } of bandit.serveSlots(0, 2)) bandit.recordReward(requestId, i % 2);
    }
    const { difference } = bandit.holdout()!;
    expect(difference).toMatchObject({ reason: '15 of 20 units have earned something' });
  });
});

describe('clusters of a held-out share', () => {
  it('go into snapshots and deltas', () => {
    const create = (replica: string, seed: number) =>
      new ThompsonSampling({ ...options, mode: 'online', replica, seed, name: 'shared' });
    const serve = (bandit: ReturnType<typeof create>, from: number, to: number): void => {
      for (let i = from; i < to; i += 1) {
        bandit.recordReward(bandit.serve(0, { unit: `user-${i % 60}` }).requestId, Number(i % 3 === 0));
      }
    };
    const [a, b] = [create('a', 1), create('b', 2)];
    serve(a, 0, 300);
    serve(b, 300, 500);
    const restored = ThompsonSampling.restore(JSON.parse(JSON.stringify(a.snapshot())) as Snapshot, {
      ...options,
      mode: 'online',
      replica: 'a',
      seed: 1,
      name: 'shared',
    });
    expect(restored.holdout()).toEqual(a.holdout());
    expect(a.holdout()!.difference.status).toBe('ok');
    const before = a.holdout()!.bandit.n + b.holdout()!.bandit.n;
    const [fromA, fromB] = [a.takeDelta()!, b.takeDelta()!];
    a.mergeDelta(JSON.parse(JSON.stringify(fromB)));
    b.mergeDelta(JSON.parse(JSON.stringify(fromA)));
    expect(a.holdout()!.bandit.n).toBe(before);
    const [here, there] = [a.holdout()!.difference, b.holdout()!.difference];
    expect(here.n).toEqual([500]);
    const [x, y] = [here, there].map((d) => (d.status === 'ok' ? d.interval : [Number.NaN, Number.NaN]));
    expect(x![0]).toBeCloseTo(y![0]!, 9);
    expect(x![1]).toBeCloseTo(y![1]!, 9);
    expect(a.takeDelta()).toBeUndefined();
  });
});
