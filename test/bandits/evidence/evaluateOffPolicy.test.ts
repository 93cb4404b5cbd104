import { describe, expect, it } from 'vitest';
import { evaluateOffPolicy, type LoggedDecision, type OffPolicyResult } from '../../../src/bandits/evidence/index.ts';
import { ThompsonPolicy } from '../../../src/bandits/policies/index.ts';
import { createRng } from '../../../src/random/index.ts';
import { expectClose, readGolden } from '../../support/golden.ts';

interface OpeCase {
  readonly n: number;
  readonly K: number;
  readonly actions: number[];
  readonly propensity: number[];
  readonly rewards: number[];
  readonly targetProbs: number[][];
  readonly qHat: number[][];
  readonly clip: number;
  readonly sgLambda: number;
  readonly expected: Readonly<
    Record<string, { readonly value: number; readonly stderr: number; readonly stderr_delta?: number }>
  > & {
    readonly effectiveSampleSize: number;
    readonly maxWeight: number;
    readonly meanWeight: number;
  };
}
const cases = readGolden<{ ope: OpeCase[] }>('bandits.json').ope;
const NAMES = ['a', 'b', 'c', 'd'];

function logOf({ actions, propensity, rewards }: OpeCase): LoggedDecision[] {
  return actions.map((arm, t) => ({ arm: NAMES[arm]!, propensity: propensity[t]!, reward: rewards[t]! }));
}

function evaluated(reference: OpeCase, extra: object = {}): OffPolicyResult {
  const result = evaluateOffPolicy(logOf(reference), {
    arms: NAMES.slice(0, reference.K),
    target: (_decision, t) => reference.targetProbs[t]!,
    predictedReward: (_decision, t) => reference.qHat[t]!,
    clip: reference.clip,
    subGaussian: reference.sgLambda,
    shrinkage: reference.clip,
    ...extra,
  });
  if (result.status !== 'ok') return expect.unreachable(result.reason);
  return result;
}

describe('evaluateOffPolicy', () => {
  it.each(cases)('agrees with the reference estimators on $n decisions of $K arms', (reference) => {
    const result = evaluated(reference);
    const names = {
      ips: 'ips',
      clippedIps: 'clipped_ips',
      subGaussianIps: 'sg_ips',
      dm: 'dm',
      dr: 'dr',
      switchDr: 'switch_dr',
      optimisticDr: 'dr_os',
      snips: 'snips',
      sndr: 'sndr',
    } as const;
    for (const [ours, theirs] of Object.entries(names)) {
      const got = result.estimates[ours as keyof typeof names]!;
      const want = reference.expected[theirs]!;
      expectClose(got.value, want.value, 1e-12, ours);
      // A ratio of sums has the error of a ratio; the reference takes that of the normalised terms, but for SNIPS gives both.
      const error = ours === 'sndr' ? undefined : (want.stderr_delta ?? want.stderr);
      if (error !== undefined) expectClose(got.standardError, error, 1e-12, `${ours} error`);
      expectClose(got.interval[1] - got.value, 1.959963984540054 * got.standardError, 1e-9);
    }
    expectClose(result.effectiveSampleSize, reference.expected.effectiveSampleSize, 1e-12);
    expectClose(result.maxWeight, reference.expected.maxWeight, 1e-12);
    expectClose(result.meanWeight, reference.expected.meanWeight, 1e-12);
  });

  it('has the error of a ratio for normalised doubly robust: the jackknife agrees', () => {
    const reference = cases[1]!;
    const whole = evaluated(reference).estimates.sndr!;
    const n = reference.n;
    const without = Array.from({ length: n }, (_, out) => {
      const keep = <T>(list: T[]): T[] => list.filter((_x, t) => t !== out);
      const part = {
        ...reference,
        actions: keep(reference.actions),
        propensity: keep(reference.propensity),
        rewards: keep(reference.rewards),
        targetProbs: keep(reference.targetProbs),
        qHat: keep(reference.qHat),
      };
      return evaluated(part).estimates.sndr!.value;
    });
    const mean = without.reduce((sum, x) => sum + x, 0) / n;
    const jackknife = Math.sqrt(((n - 1) / n) * without.reduce((sum, x) => sum + (x - mean) ** 2, 0));
    expect(Math.abs(whole.standardError / jackknife - 1)).toBeLessThan(0.05);
  });

  it('gives no model estimates without predictions, and covers the truth with right propensities', () => {
    const rng = createRng('ope');
    const rate = { a: 0.3, b: 0.6 } as const;
    let covered = 0;
    for (let run = 0; run < 200; run += 1) {
      const log = Array.from({ length: 300 }, () => {
        const arm = rng.next() < 0.8 ? 'a' : 'b';
        return { arm, propensity: arm === 'a' ? 0.8 : 0.2, reward: rng.next() < rate[arm] ? 1 : 0 };
      });
      const result = evaluateOffPolicy(log, {
        arms: ['a', 'b'],
        target: () =>
          new Map([
            ['b', 0.7],
            ['a', 0.3],
          ]),
      });
      if (result.status !== 'ok') return expect.unreachable();
      expect(result.estimates.dm).toBeUndefined();
      const [low, high] = result.estimates.snips.interval;
      covered += low <= 0.51 && high >= 0.51 ? 1 : 0;
    }
    // 95 % of 200 is 190, standard deviation 3.1; the normal interval is a little short.
    expect(covered).toBeGreaterThan(176);
  });

  it('evaluates a bandit policy by its propensities', () => {
    const policy = new ThompsonPolicy({ arms: ['a', 'b'], seed: 1 });
    for (let k = 0; k < 30; k += 1) policy.update('b', 1);
    const log = Array.from({ length: 100 }, (_, t) => ({ arm: t % 2 ? 'b' : 'a', propensity: 0.5, reward: t % 2 }));
    const result = evaluateOffPolicy(log, { arms: ['a', 'b'], target: () => policy.probabilities() });
    if (result.status !== 'ok') return expect.unreachable();
    expectClose(result.estimates.ips.value, policy.probabilities().get('b')!, 1e-12);
  });

  it('warns where few decisions carry the weight, and where weights do not average to one', () => {
    const log = Array.from({ length: 400 }, (_, t) => ({
      arm: t === 0 ? 'b' : 'a',
      propensity: t === 0 ? 0.001 : 0.999,
      reward: 1,
    }));
    const result = evaluateOffPolicy(log, { arms: ['a', 'b'], target: () => [0, 1] });
    if (result.status !== 'ok') return expect.unreachable();
    expect(result.warnings[0]).toContain('weigh like 1.0 of');
    const wrong = log.map((decision) => ({ ...decision, arm: 'a', propensity: 0.5 }));
    const biased = evaluateOffPolicy(wrong, { arms: ['a', 'b'], target: () => [1, 0] });
    expect(biased.status === 'ok' && biased.warnings.join()).toContain('the mean weight is 2.00, not 1');
  });

  it('is inconclusive where the log cannot say', () => {
    const target = (): number[] => [1, 0];
    const arms = ['a', 'b'];
    expect(evaluateOffPolicy([], { arms, target })).toMatchObject({ status: 'inconclusive', n: 0 });
    const never = [1, 2].map(() => ({ arm: 'b', propensity: 0.5, reward: 1 }));
    expect(evaluateOffPolicy(never, { arms, target })).toMatchObject({
      status: 'inconclusive',
      reason: 'the policy would have made none of these decisions',
    });
  });

  it('refuses bad logs and options, naming the entry', () => {
    const good = { arm: 'a', propensity: 0.5, reward: 1 };
    const target = (): number[] => [0.5, 0.5];
    const arms = ['a', 'b'];
    const run =
      (bad: object, extra: object = {}) =>
      () =>
        evaluateOffPolicy([good, { ...good, ...bad }], { arms, target, ...extra });
    expect(run({ propensity: 0 })).toThrow('log[1].propensity must be within (0, 1]');
    expect(run({ propensity: undefined })).toThrow('log[1].propensity');
    expect(run({ reward: Number.NaN })).toThrow('log[1].reward must be a finite number');
    expect(run({ arm: 'z' })).toThrow('log[1].arm must be one of a, b');
    expect(run({}, { target: () => [0.5, 0.4] })).toThrow('target of log[0] must be probabilities that sum to 1');
    expect(run({}, { target: () => [1] })).toThrow('target of log[0] must be 2 finite numbers');
    expect(run({}, { predictedReward: () => [1, Number.NaN] })).toThrow('predictedReward of log[0] must be 2 finite');
    expect(run({}, { clip: 0 })).toThrow('clip must be');
    expect(run({}, { level: 1 })).toThrow('level must be');
    expect(run({}, { qHat: 1 })).toThrow('options.qHat must be left out');
    expect(run({}, { arms: [] })).toThrow('arms must be a list of names');
  });
});
