import { describe, expect, it } from 'vitest';
import { ThompsonPolicy, UcbPolicy } from '../../../../src/bandits/policies/index.ts';
import { Cusum } from '../../../../src/bandits/policies/memory/Cusum.ts';
import { Glr } from '../../../../src/bandits/policies/memory/Glr.ts';
import { expectClose, readGolden } from '../../../support/golden.ts';

interface Nonstationary {
  readonly gamma: number;
  readonly window: number;
  readonly c: number;
  readonly arms: number[];
  readonly rewards: number[];
  readonly expected: Readonly<Record<string, number[]>>;
}
interface Detection {
  readonly series: number[];
  readonly delta: number;
  readonly threshold: number;
  readonly refSamples: number;
  readonly expected: {
    readonly cusumAlarmIndex: number;
    readonly cusumRef: number;
    readonly pageHinkleyAlarmIndex: number;
  };
}
const golden = readGolden<{ nonstationary: Nonstationary[]; change_detection: Detection[] }>('bandits.json');

describe.each(golden.nonstationary)('gamma $gamma, window $window', ({ gamma, window, c, arms, rewards, expected }) => {
  const names = Array.from({ length: Math.max(...arms) + 1 }, (_, i) => `arm ${i}`);
  const rows = arms.map((arm, t) => ({ arm, reward: rewards[t]! }));
  /** mean + c sqrt(ln N / n) from what the policy says of its memory. */
  const ucb = (policy: UcbPolicy): number[] => {
    const statistics = policy.statistics();
    const total = statistics.reduce((sum, s) => sum + s.effectivePulls, 0);
    return statistics.map((s) => s.estimate + c * Math.sqrt(Math.log(total) / s.effectivePulls));
  };

  it('discounts every arm at every reward', () => {
    const policy = new UcbPolicy({ arms: names, seed: 1, memory: { type: 'discounted', gamma } });
    policy.updateBatch(rows);
    policy.statistics().forEach((s, i) => {
      expectClose(s.effectivePulls, expected.discountedPulls![i]!, 1e-12);
      expectClose(s.estimate, expected.discountedMean![i]!, 1e-12);
    });
    ucb(policy).forEach((index, i) => {
      expectClose(index, expected.dUcb![i]!, 1e-12);
    });
    const best = expected.dUcb!.indexOf(Math.max(...expected.dUcb!));
    const asked = new UcbPolicy({
      arms: names,
      seed: 1,
      explorationParameter: c,
      memory: { type: 'discounted', gamma },
    });
    asked.updateBatch(rows);
    expect(asked.selectIndex()).toBe(best);
  });

  it('discounts the posterior of Thompson sampling, not its prior', () => {
    const policy = new ThompsonPolicy({ arms: names, seed: 1, memory: { type: 'discounted', gamma } });
    policy.updateBatch(rows);
    policy.statistics().forEach((s, i) => {
      const [a, b] = [expected.dtsAlpha![i]!, expected.dtsBeta![i]!];
      expectClose(s.estimate, a / (a + b), 1e-12);
      expectClose(s.effectivePulls + 2, a + b, 1e-12);
    });
  });

  it('keeps the last rewards only', () => {
    const policy = new UcbPolicy({ arms: names, seed: 1, memory: { type: 'window', size: window } });
    policy.updateBatch(rows);
    policy.statistics().forEach((s, i) => {
      expect(s.effectivePulls).toBe(expected.windowPulls![i]!);
      expectClose(s.estimate * s.effectivePulls, expected.windowReward![i]!, 1e-12);
    });
    ucb(policy).forEach((index, i) => {
      expectClose(index, expected.swUcb![i]!, 1e-12);
    });
  });
});

describe.each(golden.change_detection)('detectors on the reference series (slack $delta)', (reference) => {
  const { series, delta, threshold, refSamples, expected } = reference;
  it('CUSUM with a frozen reference', () => {
    const cusum = new Cusum({ threshold, slack: delta, warmUp: refSamples, reference: 'frozen' });
    expect(series.findIndex((x) => cusum.push(x))).toBe(expected.cusumAlarmIndex);
    expectClose(cusum.reference, expected.cusumRef, 1e-12);
  });

  it('Page-Hinkley (the fall of CUSUM with a running reference)', () => {
    const cusum = new Cusum({ threshold: Number.POSITIVE_INFINITY, slack: delta, warmUp: 0, reference: 'running' });
    const alarm = series.findIndex((x) => {
      cusum.push(x);
      return cusum.sums[1] > threshold;
    });
    expect(alarm).toBe(expected.pageHinkleyAlarmIndex);
  });
});

describe('Glr', () => {
  it('is the largest log likelihood ratio over all splits', () => {
    const glr = new Glr(1e9, 100);
    const xs = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0.5];
    for (const x of xs) glr.push(x);
    const kl = (p: number, q: number): number =>
      (p > 0 ? p * Math.log(p / q) : 0) + (p < 1 ? (1 - p) * Math.log((1 - p) / (1 - q)) : 0);
    const mean = (list: number[]): number => list.reduce((a, b) => a + b, 0) / list.length;
    const all = mean(xs);
    const best = Math.max(
      ...xs.slice(1).map((_, k) => {
        const [left, right] = [xs.slice(0, k + 1), xs.slice(k + 1)];
        return left.length * kl(mean(left), all) + right.length * kl(mean(right), all);
      }),
    );
    expectClose(glr.statistic(), best, 1e-12);
  });

  it('keeps old rewards as one block', () => {
    const glr = new Glr(7, 10);
    for (let k = 0; k < 500; k += 1) expect(glr.push(1)).toBe(false);
    let delay = 0;
    do delay += 1;
    while (!glr.push(0));
    expect(delay).toBeLessThan(4); // 500 ones, then zeros: each zero costs about ln(500 / k)
    glr.reset();
    expect(glr.statistic()).toBe(0);
  });
});

describe('change detection in a policy', () => {
  it.each(['cusum', 'glr'] as const)('%s forgets the arm that has changed, and only that', (method) => {
    const policy = new ThompsonPolicy({ arms: ['a', 'b'], seed: 1, memory: { type: 'changeDetection', method } });
    for (let k = 0; k < 200; k += 1) {
      policy.update('a', k % 5 === 0 ? 0 : 1);
      policy.update('b', k % 2);
    }
    expect(policy.statistics().map((s) => s.alarms)).toEqual([0, 0]);
    for (let k = 0; policy.statistics()[0]!.alarms === 0; k += 1) {
      expect(k).toBeLessThan(40);
      policy.update('a', 0);
    }
    const [a, b] = policy.statistics();
    expect(a!.effectivePulls).toBe(0);
    expect(a!.pulls).toBeGreaterThan(200);
    expect(b!.effectivePulls).toBe(200);
  });

  it('explores a share of the time, and says so in its propensities', () => {
    const memory = { type: 'changeDetection', method: 'cusum', exploration: 0.2 } as const;
    const policy = new UcbPolicy({ arms: ['a', 'b'], seed: 1, memory });
    policy.updateBatch([
      { arm: 'a', reward: 1 },
      { arm: 'b', reward: 0 },
    ]);
    expect([...policy.probabilities().values()]).toEqual([0.9, 0.1]);
    let other = 0;
    for (let k = 0; k < 5_000; k += 1) other += policy.selectIndex();
    expect(Math.abs(other / 5_000 - 0.1)).toBeLessThan(4.5 * Math.sqrt((0.1 * 0.9) / 5_000));
  });

  it('can forget all arms, and pulls them anew', () => {
    const memory = { type: 'changeDetection', method: 'cusum', reset: 'all', exploration: 0 } as const;
    const policy = new UcbPolicy({ arms: ['a', 'b'], seed: 1, memory });
    for (let k = 0; k < 60; k += 1) for (const arm of ['a', 'b']) policy.update(arm, 1);
    while (policy.statistics()[0]!.alarms === 0) policy.update('a', 0);
    expect(policy.statistics().map((s) => s.effectivePulls)).toEqual([0, 0]);
    const first = policy.select();
    policy.update(first, 1);
    expect(policy.select()).not.toBe(first);
  });
});

describe('forgetting', () => {
  it('makes an arm unknown again that has faded away, and pulls it', () => {
    const policy = new UcbPolicy({ arms: ['a', 'b'], seed: 1, memory: { type: 'discounted', gamma: 0.9 } });
    policy.update('b', 1);
    for (let k = 0; k < 300; k += 1) policy.update('a', 1);
    expect(policy.statistics()[1]!.effectivePulls).toBe(0);
    expect(policy.select()).toBe('b');
    const thompson = new ThompsonPolicy({ arms: ['a', 'b'], seed: 1, memory: { type: 'discounted', gamma: 0.9 } });
    for (let k = 0; k < 900; k += 1) thompson.update('a', 1);
    expect(thompson.statistics()[1]!.estimate).toBe(0.5);
  });

  it('leaves no rounding errors in a long window, arms removed included', () => {
    const policy = new ThompsonPolicy({ arms: ['a', 'b', 'c'], seed: 1, memory: { type: 'window', size: 50 } });
    for (let k = 0; k < 10_000; k += 1) policy.update(k % 3, ((k * 37) % 100) / 100);
    policy.removeArm('b');
    for (let k = 0; k < 20; k += 1) policy.update('c', 0.25);
    const statistics = policy.statistics();
    expect(statistics.reduce((sum, s) => sum + s.effectivePulls, 0)).toBe(50);
    for (let k = 0; k < 50; k += 1) policy.update('a', 0.1);
    const [a, c] = policy.statistics();
    expectClose(a!.variance, 0, 1e-15);
    expectClose((a!.estimate * 52 - 1) / 50, 0.1, 1e-13);
    expect(c!.effectivePulls).toBe(0);
  });

  it('refuses bad options', () => {
    const arms = ['a'];
    const make = (memory: unknown) => () => new UcbPolicy({ arms, memory: memory as never });
    expect(make({ type: 'forgetful' })).toThrow('memory.type must be one of');
    expect(make({ type: 'discounted', gamma: 1 })).toThrow('memory.gamma must be');
    expect(make({ type: 'discounted' })).toThrow('memory.gamma must be');
    expect(make({ type: 'window', size: 0 })).toThrow('memory.size must be');
    expect(make({ type: 'window', size: 5, gamma: 0.9 })).toThrow('memory.gamma must be left out');
    expect(make({ type: 'changeDetection', method: 'adwin' })).toThrow('memory.method must be one of');
    expect(make({ type: 'changeDetection', method: 'cusum', threshold: 0 })).toThrow('memory.threshold must be');
    expect(make({ type: 'changeDetection', method: 'glr', slack: 1 })).toThrow('memory.slack must be left out');
    const open = { model: 'gaussian', memory: { type: 'changeDetection', method: 'glr' } } as const;
    expect(() => new ThompsonPolicy({ arms, ...open })).toThrow("memory.method must be 'cusum'");
  });
});
