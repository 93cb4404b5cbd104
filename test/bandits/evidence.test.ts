import { describe, expect, it } from 'vitest';
import {
  evaluateOffPolicy,
  KLUCB,
  LinUCB,
  type LoggedDecision,
  RandomBandit,
  SegmentBandit,
  ThompsonSampling,
  UCB,
} from '../../src/bandits/index.ts';
import { ManualClock } from '../../src/core/index.ts';
import { closeness } from '../../src/metrics/index.ts';
import { createRng } from '../../src/random/index.ts';

const right = { predict: (x: number) => x };
const wrong = { predict: (x: number) => x + 9 };
const third = { predict: (x: number) => x + 5 };
const reward = closeness({ scale: 10 });
const clock = () => new ManualClock(0);

/** Serves and rewards with success rates by arm. */
function play(
  bandit: { serve(x: number): { requestId: string; variant: string }; recordReward(id: string, r: number): unknown },
  rates: Readonly<Record<string, number>>,
  n: number,
  seed = 1,
): void {
  const rng = createRng(seed);
  for (let i = 0; i < n; i += 1) {
    const { requestId, variant } = bandit.serve(i);
    bandit.recordReward(requestId, rng.next() < rates[variant]! ? 1 : 0);
  }
}

describe('rewards that are none', () => {
  it('are answered as invalid and counted, and do not use the id up', () => {
    const bandit = new UCB({ arms: { right, wrong }, seed: 1, clock: clock() });
    const { requestId } = bandit.serve(1);
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 1.5, -0.1, '1', null, undefined]) {
      expect(bandit.recordReward(requestId, value as number)).toBe('invalid');
    }
    expect(bandit.counts).toMatchObject({ refused: 7, rewards: 0, truths: { waiting: 1, recorded: 0 } });
    expect(bandit.recordReward(requestId, 1)).toBe('recorded');
    expect(bandit.recordReward(requestId, 1)).toBe('duplicate');
    expect(bandit.recordReward('nobody', 1)).toBe('unknown');
    expect(() => bandit.recordReward('', 1)).toThrow('requestId');
    expect(bandit.counts).toMatchObject({ refused: 7, rewards: 1 });
  });

  it('from a function of the outcome are refused and told; booleans are 0 and 1', () => {
    const bandit = new UCB({
      arms: { right },
      reward: ({ truth }: { readonly truth?: unknown }) => truth as boolean,
      seed: 1,
      clock: clock(),
    });
    for (const truth of [true, false, Number.NaN, 'yes', undefined]) {
      expect(bandit.record(bandit.serve(1).requestId, truth)).toBe('recorded');
    }
    expect(bandit.statistics()[0]).toMatchObject({ pulls: 2, totalReward: 1, pending: 0 });
    expect(bandit.counts).toMatchObject({ refused: 2, rewards: 2 });
  });

  it.each(['failureReward', 'defaultReward'])('are refused as %s', (option) => {
    for (const value of [2, Number.NaN, 'x']) {
      const options = { arms: { right }, [option]: value } as never;
      expect(() => new UCB(options)).toThrow(`${option} must be a reward: a finite number within [0, 1]`);
    }
  });

  it('truths without a reward option are counted and warned of', () => {
    const bandit = new UCB({ arms: { right, wrong, third }, seed: 1, clock: clock() });
    bandit.record(bandit.serve(1).requestId, 1);
    expect(bandit.summary().warnings.join()).toContain('1 truths taught nothing');
    expect(() =>
      new UCB({ arms: { right }, reward: { ...reward, due: 'serve' }, seed: 1 }).recordReward('x', 1),
    ).toThrow('left out: the reward of this bandit is known with the answer');
  });
});

describe('batches and looks', () => {
  it('a look does not change what is decided: the batch waits until it is full or flushed', () => {
    const bandit = new UCB({ arms: { right, wrong }, batchSize: 10, reward, seed: 1, clock: clock() });
    for (let i = 0; i < 9; i += 1) bandit.serve(i, { truth: i });
    expect(bandit.statistics().map(({ pulls }) => pulls)).toEqual([0, 0]);
    expect(bandit.counts.rewards).toBe(9);
    bandit.flush();
    const [a, b] = bandit.statistics();
    expect(a!.pulls + b!.pulls).toBe(9);
  });
});

describe('what a bandit concludes', () => {
  it('says which arm is best, how likely, what was lost, and writes it down', () => {
    const bandit = new ThompsonSampling({ arms: { right, wrong, third }, seed: 4, clock: clock() });
    expect(bandit.summary().regret.status).toBe('inconclusive');
    play(bandit, { right: 0.9, wrong: 0.4, third: 0.6 }, 600);
    const summary = bandit.summary();
    expect(summary.bestArm).toBe('right');
    expect(summary.probabilityBest!.right).toBeGreaterThan(0.99);
    expect(summary.regret).toMatchObject({ status: 'ok', bestArm: 'right' });
    expect(summary.warnings).toEqual([]);
    const text = bandit.toText();
    expect(text.split('\n')[0]).toBe('Bandit thompson-sampling (thompson-beta, online): best arm right');
    expect(text).toContain('estimated regret');
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('sends two arms that keep their law to an A/B test', () => {
    const two = new UCB({ arms: { right, wrong }, reward, seed: 1, clock: clock() });
    expect(two.summary().warnings[0]).toContain('an A/B test says with a known error rate');
    const drifting = new UCB({
      arms: { right, wrong },
      memory: { type: 'window', size: 50 },
      reward,
      seed: 1,
      clock: clock(),
    });
    expect(drifting.summary().warnings.join()).not.toContain('A/B test');
  });

  it('adds the regret of segments, and has none where rewards depend on a context', () => {
    const options = { arms: { right, wrong }, seed: 1, clock: clock() };
    const bySegment = new SegmentBandit({
      ...options,
      contextOf: (x: number) => (x % 2 ? 'odd' : 'even'),
      segmentOf: (name: string) => name,
    });
    const rng = createRng(1);
    for (let i = 0; i < 400; i += 1) {
      const { requestId, variant } = bySegment.serve(i);
      bySegment.recordReward(requestId, rng.next() < ((variant === 'right') === (i % 2 === 1) ? 0.8 : 0.3) ? 1 : 0);
    }
    expect(bySegment.segments).toEqual(['even', 'odd']);
    const [even, odd] = ['even', 'odd'].map((name) => bySegment.segment(name)!.bestArm());
    expect([even, odd]).toEqual(['wrong', 'right']);
    const regret = bySegment.estimateRegret();
    expect(regret.status === 'ok' && regret.regret > 0 && regret.regret < 80).toBe(true);
    const linear = new LinUCB({ ...options, dimension: 1, contextOf: () => [1] });
    linear.serve(1);
    expect(linear.estimateRegret()).toMatchObject({ status: 'inconclusive' });
  });

  it('counts pulls in flight by segment', () => {
    const seen: (readonly number[])[] = [];
    const bandit = new SegmentBandit({
      arms: { right, wrong },
      contextOf: (x: number) => `s${x % 2}`,
      segmentOf: (name: string) => name,
      seed: 1,
      clock: clock(),
    });
    const select = bandit.policy.select.bind(bandit.policy);
    bandit.policy.select = (context, options) => {
      seen.push([...((options?.pending as number[]) ?? [])]);
      return select(context, options);
    };
    for (let i = 0; i < 6; i += 1) bandit.serve(0);
    bandit.serve(1);
    expect(seen.at(-2)!.reduce((sum, n) => sum + n, 0)).toBe(5);
    expect(seen.at(-1)).toEqual([]);
    expect(bandit.statistics().reduce((sum, { pending }) => sum + pending, 0)).toBe(7);
  });
});

describe('a held-out share', () => {
  const run = (rates: Readonly<Record<string, number>>, by: 'random' | 'baseline') => {
    const arms = { wrong, right, third };
    const bandit = new KLUCB({ arms, holdout: { share: 0.2, by }, seed: 11, clock: clock() });
    play(bandit, rates, 6000, 5);
    return bandit.holdout()!;
  };

  it.each(['random', 'baseline'] as const)('shows what the bandit earns beside %s', (by) => {
    const { bandit, control, lift, difference } = run({ wrong: 0.2, right: 0.4, third: 0.2 }, by);
    expect(bandit.n + control.n).toBe(6000);
    expect(Math.abs(control.n / 6000 - 0.2)).toBeLessThan(0.02);
    expect(lift).toBeGreaterThan(0.2);
    expect(difference.status === 'ok' && difference.interval[0] > 0).toBe(true);
    expect(difference.status === 'ok' && Math.abs(difference.estimate - (bandit.mean - control.mean)) < 0.02).toBe(
      true,
    );
  });

  it('shows nothing where no arm is better', () => {
    const { difference } = run({ wrong: 0.3, right: 0.3, third: 0.3 }, 'random');
    expect(difference.status === 'ok' && difference.interval[0] <= 0 && difference.interval[1] >= 0).toBe(true);
  });
});

describe('a log of decisions', () => {
  it('comes from the rewarded events, ready for off-policy evaluation', () => {
    const bandit = new RandomBandit({ arms: { right, wrong }, logPropensities: true, seed: 2, clock: clock() });
    const log: LoggedDecision[] = [];
    bandit.on('rewarded', ({ arm, reward: earned, propensity }) => {
      log.push({ arm, reward: earned, propensity: propensity! });
    });
    play(bandit, { right: 0.7, wrong: 0.3 }, 2000);
    expect(log.length).toBe(2000);
    const result = evaluateOffPolicy(log, { arms: ['right', 'wrong'], target: () => [1, 0] });
    const ips = result.status === 'ok' ? result.estimates.ips : { value: Number.NaN, standardError: 0 };
    expect(Math.abs(ips.value - 0.7)).toBeLessThan(4 * ips.standardError);
    expect(bandit.history.some(({ type }) => type === 'rewarded')).toBe(false);
    const greedy = new UCB({ arms: { right, wrong, third }, logPropensities: true, seed: 2, clock: clock() });
    play(greedy, { right: 0.7, wrong: 0.3, third: 0.1 }, 50);
    expect(greedy.summary().warnings.join()).toContain('propensity of 0');
  });
});
