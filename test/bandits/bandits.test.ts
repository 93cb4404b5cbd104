import { describe, expect, it } from 'vitest';
import { maxErrorRate, maxLatency, trafficCap } from '../../src/bandits/guards.ts';
import { ThompsonSampling } from '../../src/bandits/strategies/ThompsonSampling.ts';
import { UCB } from '../../src/bandits/strategies/UCB.ts';
import { ManualClock } from '../../src/core/index.ts';
import { absoluteError, accuracy, closeness, errorRate } from '../../src/metrics/index.ts';

const reward = closeness({ scale: 10 });
const right = { predict: (x: number) => x };
const wrong = { predict: (x: number) => x + 9 };
const clock = () => new ManualClock(0);

describe('a bandit over models', () => {
  it.each([ThompsonSampling, UCB])('settles on the better model: %o', (Bandit) => {
    const bandit = new Bandit({ arms: { wrong, right }, reward, seed: 1, clock: clock() });
    for (let i = 0; i < 300; i += 1) bandit.record(bandit.serve(i).requestId, i);
    expect(bandit.bestArm()).toBe('right');
    const [bad, good] = bandit.statistics();
    expect(good!.selectionRate).toBeGreaterThan(0.75);
    expect(bad!.meanReward).toBeCloseTo(0.1, 12);
    expect(good!.pulls + bad!.pulls).toBe(300);
  });

  it('learns from rewards that are handed in as such', () => {
    const bandit = new ThompsonSampling({ arms: { wrong, right }, seed: 1, clock: clock() });
    for (let i = 0; i < 200; i += 1) {
      const { requestId, variant } = bandit.serve(i);
      expect(bandit.recordReward(requestId, variant === 'right' ? 1 : 0)).toBe('recorded');
    }
    expect(bandit.bestArm()).toBe('right');
    expect(bandit.recordReward('nobody', 1)).toBe('unknown');
  });

  it('counts a failing arm, falls back, and gives it the lowest reward', () => {
    const broken = {
      predict(): number {
        throw new Error('no');
      },
    };
    const bandit = new UCB({ arms: { broken, right }, reward, fallback: 'right', seed: 1, clock: clock() });
    const story = bandit.serve(3);
    const answers = Array.from({ length: 60 }, (_, i) => bandit.predict(i, { id: `r${i}`, truth: i }));
    expect(answers).toEqual(Array.from({ length: 60 }, (_, i) => i));
    expect([story.prediction, story.answeredBy]).toEqual([3, 'right']);
    const arm = bandit.statistics().find(({ arm }) => arm === 'broken')!;
    expect(arm.errorRate).toBe(1);
    expect(arm.meanReward).toBe(0);
    expect(bandit.bestArm()).toBe('right');
  });

  it('counts pulls in flight, and lets a default reward stand in for a truth that never comes', () => {
    const time = clock();
    const bandit = new UCB({
      arms: { a: right, b: right },
      reward,
      defaultReward: 0.5,
      truth: { windowMs: 100 },
      seed: 1,
      clock: time,
    });
    const chosen = Array.from({ length: 10 }, () => bandit.serve(1).variant);
    expect(new Set(chosen.slice(0, 2)).size).toBe(2);
    expect(bandit.statistics().map(({ pending }) => pending)).toEqual([5, 5]);
    time.advance(101);
    bandit.serve(1);
    const [a, b] = bandit.statistics();
    expect([a!.pulls + b!.pulls, a!.meanReward, b!.meanReward]).toEqual([10, 0.5, 0.5]);
  });

  it('refuses a reward outside its range, says so, and goes on', () => {
    const bandit = new UCB({ arms: { a: right }, seed: 1, clock: clock() });
    const refused: unknown[] = [];
    bandit.on('reward-refused', (event) => void refused.push(event.reward));
    for (const value of [2, Number.NaN, 1]) bandit.recordReward(bandit.serve(1).requestId, value);
    expect(refused).toEqual([2, Number.NaN]);
    expect(bandit.statistics()[0]).toMatchObject({ pulls: 1, totalReward: 1 });
  });

  it('frozen answers and learns nothing; an apprentice learns and does not act', () => {
    const frozen = new UCB({ arms: { a: right, b: wrong }, reward, mode: 'frozen', seed: 1, clock: clock() });
    for (let i = 0; i < 10; i += 1) frozen.record(frozen.serve(i).requestId, i);
    expect(frozen.statistics().map(({ pulls }) => pulls)).toEqual([0, 0]);
    const apprentice = new UCB({
      arms: { a: right, b: wrong },
      reward,
      mode: 'apprentice',
      baseline: 'b',
      seed: 1,
      clock: clock(),
    });
    const stories = Array.from({ length: 10 }, (_, i) => apprentice.serve(i));
    expect(new Set(stories.map(({ variant }) => variant))).toEqual(new Set(['b']));
    expect(stories.some(({ advised }) => advised === 'a')).toBe(true);
  });

  it('holds out a share for the baseline, and knows the propensities', () => {
    const bandit = new ThompsonSampling({
      arms: { a: right, b: wrong },
      reward,
      baseline: 'b',
      holdout: { share: 0.3, by: 'baseline' },
      logPropensities: true,
      seed: 1,
      clock: clock(),
    });
    const stories = Array.from({ length: 400 }, (_, i) => {
      const story = bandit.serve(i);
      bandit.record(story.requestId, i);
      return story;
    });
    const held = stories.filter(({ variant, advised }) => variant === 'b' && advised !== undefined).length;
    expect(held / 400).toBeGreaterThan(0.2);
    for (const { propensity } of stories) {
      expect(propensity).toBeGreaterThan(0);
      expect(propensity).toBeLessThanOrEqual(1);
    }
  });

  it('takes an arm out while it is slow or failing, and lets it come back', () => {
    const time = clock();
    let slow = true;
    const sluggish = {
      predict: (x: number) => {
        if (slow) time.advance(50);
        return x;
      },
    };
    const guards = [maxLatency(20, { minSamples: 5, coolDownMs: 10_000 })];
    const bandit = new UCB({ arms: { sluggish, right }, reward, guards, seed: 1, clock: time });
    const tripped: string[] = [];
    bandit.on('guard-tripped', ({ arm, guard }) => void tripped.push(`${arm}: ${guard}`));
    for (let i = 0; i < 60; i += 1) bandit.record(bandit.serve(i).requestId, i);
    expect(tripped).toEqual(['sluggish: maxLatency(20 ms)']);
    expect(bandit.statistics()[0]!.guardedBy).toBe('maxLatency(20 ms)');
    slow = false;
    time.advance(10_000);
    for (let i = 0; i < 60; i += 1) bandit.record(bandit.serve(i).requestId, i);
    expect(bandit.statistics()[0]!.served).toBeGreaterThan(20);
    expect(tripped.length).toBe(1);
  });

  it('answers even when every arm is out', () => {
    const broken = { predict: () => Number.NaN };
    const guards = [maxErrorRate(0.5, { minSamples: 2 })];
    const bandit = new UCB({ arms: { broken }, reward, guards, seed: 1, clock: clock() });
    const seen: string[] = [];
    bandit.on('no-eligible-arm', ({ type }) => void seen.push(type));
    for (let i = 0; i < 5; i += 1) expect(bandit.predict(i)).toBeNaN();
    expect(seen.length).toBe(1);
  });

  it('caps the traffic of an arm', () => {
    const guards = [trafficCap('right', 0.2)];
    const bandit = new UCB({ arms: { wrong, right }, reward, guards, seed: 1, clock: clock() });
    for (let i = 0; i < 100; i += 1) bandit.record(bandit.serve(i).requestId, i);
    expect(bandit.statistics()[1]!.served).toBe(20);
  });

  it.each([
    [{ arms: {} }, 'arms must be an object with at least one arm'],
    [{ arms: { a: {} } }, 'a must be a model'],
    [{ arms: { a: right }, reward: absoluteError() }, 'reward must be a metric of which more is better'],
    [{ arms: { a: right }, reward: 3 }, 'reward must be a metric or a function'],
    [{ arms: { a: right }, baseline: 'b' }, 'baseline must be one of "a", got "b"'],
    [{ arms: { a: right }, fallback: 'b' }, 'fallback must be one of "a", got "b"'],
    [{ arms: { a: right }, mode: 'on' }, 'mode must be one of'],
    [{ arms: { a: right }, holdout: { share: 2, by: 'random' } }, 'holdout.share must be within [0, 1], got 2'],
    [{ arms: { a: right }, seed: Number.NaN }, 'seed must be'],
    [{ arms: { a: right }, c: Number.POSITIVE_INFINITY }, 'c must be a finite number'],
    [{ arms: { a: right }, arm: { a: right } }, 'options.arm must be left out'],
  ])('refuses %j', (options, message) => {
    expect(() => new UCB(options as never)).toThrow(message);
  });

  it('answers with the baseline where a context cannot be had', () => {
    const contextOf = (): never => {
      throw new Error('no context');
    };
    const bandit = new UCB({ arms: { right, wrong }, reward, contextOf, seed: 1, clock: clock() });
    for (let i = 0; i < 5; i += 1) expect(bandit.predict(i, { id: `r${i}`, truth: i })).toBe(i);
    expect(bandit.history[0]).toMatchObject({ type: 'contained-error', where: 'choice' });
    expect(bandit.statistics().map(({ served, pulls }) => [served, pulls])).toEqual([
      [5, 0],
      [0, 0],
    ]);
  });

  it('takes rates and serve-time metrics as rewards', () => {
    expect(() => new UCB({ arms: { a: right }, reward: accuracy() })).not.toThrow();
    expect(() => new UCB({ arms: { a: right }, reward: errorRate() })).toThrow('more is better');
  });
});

describe('bandits, odd arms and restores', () => {
  it('takes a model that keeps another one under `model` for a model', () => {
    const tenfold = { model: right, predict: (x: number) => right.predict(x) * 10 };
    expect(new UCB({ arms: { tenfold }, seed: 1 }).predict(2)).toBe(20);
  });

  it('does not keep a request pending that was let go while its model worked', async () => {
    const slow = { predict: async (x: number) => x };
    const bandit = new UCB({ arms: { slow }, reward, seed: 1, truth: { capacity: 2 } });
    await Promise.all([1, 2, 3, 4, 5].map((i) => bandit.serve(i, { id: `r${i}` })));
    expect(bandit.statistics()[0]!.pending).toBe(2);
    for (let i = 1; i <= 5; i += 1) bandit.record(`r${i}`, i);
    expect(bandit.statistics()[0]!.pending).toBe(0);
  });

  it('does not keep a request under a reused id pending', () => {
    const bandit = new UCB({ arms: { right }, reward, seed: 1 });
    for (let i = 0; i < 5; i += 1) bandit.serve(1, { id: 'x' });
    bandit.record('x', 1);
    expect(bandit.statistics()[0]!.pending).toBe(0);
  });

  it('goes on with the held-out draws where the snapshot was taken', () => {
    const options = { arms: { right, wrong }, reward, seed: 7, holdout: { share: 0.5, by: 'random' } } as const;
    const run = (bandit: ThompsonSampling<typeof options.arms>) =>
      Array.from({ length: 40 }, () => bandit.serve(1)).map(({ variant, advised }) => `${variant}/${advised}`);
    const bandit = new ThompsonSampling(options);
    run(bandit);
    const restored = ThompsonSampling.restore(JSON.parse(JSON.stringify(bandit.snapshot())), options);
    expect(run(restored)).toEqual(run(bandit));
  });

  it('refuses the snapshot of other arms', () => {
    const snapshot = new UCB({ arms: { right, wrong }, seed: 1 }).snapshot();
    expect(() => UCB.restore(snapshot, { arms: { right }, seed: 1 })).toThrow(/snapshot's arms must be \["right"\]/);
  });
});

describe('bandits, constructors', () => {
  it('refuses guards and holdouts that are none, by name', () => {
    for (const [option, value] of [
      ['guards', 3],
      ['guards', [null]],
      ['holdout', null],
      ['holdout', { share: 0.1, by: 'random', of: 1 }],
    ] as const) {
      const options = { arms: { right }, [option]: value };
      expect(() => new UCB(options as never)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_OPTION' }));
    }
  });
});
