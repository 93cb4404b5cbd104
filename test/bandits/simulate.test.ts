import { describe, expect, it } from 'vitest';
import {
  bernoulliEnvironment,
  delayEnvironment,
  driftEnvironment,
  EpsilonGreedyPolicy,
  gaussianEnvironment,
  LinUcbPolicy,
  linearEnvironment,
  RandomPolicy,
  regretCsv,
  regretTable,
  regretVegaLite,
  simulate,
  ThompsonPolicy,
  UcbPolicy,
} from '../../src/bandits/index.ts';
import type { createRng } from '../../src/random/index.ts';
import { expectClose } from '../support/golden.ts';

const thompson = (setup: { arms: readonly string[]; rng: ReturnType<typeof createRng> }) => new ThompsonPolicy(setup);
const random = (setup: { arms: readonly string[]; rng: ReturnType<typeof createRng> }) => new RandomPolicy(setup);

describe('simulate', () => {
  const options = { environment: bernoulliEnvironment([0.8, 0.5]), horizon: 400, runs: 20, seed: 'sim' };

  it('measures pseudo-regret: linear for random choices, far less for Thompson sampling', () => {
    const report = simulate({ ...options, policies: { random, thompson } });
    const last = report.checkpoints.length - 1;
    expect(report.checkpoints[last]).toBe(400);
    const [r, t] = report.curves;
    expect(Math.abs(r!.mean[last]! - 60)).toBeLessThan(4.5 * r!.standardError[last]!);
    expectClose(r!.mean[last]!, 400 * 0.3 * (1 - r!.bestShare[last]!), 1e-9);
    expect(t!.mean[last]!).toBeLessThan(15);
    expect(t!.p50[last]!).toBeLessThanOrEqual(t!.p95[last]!);
    expect(r!.mean).toEqual(r!.mean.toSorted((a, b) => a - b));
  });

  it('is the same for the same seed, and a policy does not change another', () => {
    const both = simulate({ ...options, policies: { random, thompson } });
    const alone = simulate({ ...options, policies: { thompson } });
    expect(alone.curves[0]).toEqual(both.curves[1]);
    expect(simulate({ ...options, policies: { thompson }, seed: 'other' }).curves[0]).not.toEqual(alone.curves[0]);
  });

  it('delays rewards, and tells policies what is in flight', () => {
    const environment = delayEnvironment(options.environment, (t) => 49 - (t % 50)); // batches of 50
    const ucb = (setup: { arms: readonly string[]; rng: ReturnType<typeof createRng> }) =>
      new UcbPolicy({ ...setup, explorationParameter: 0.5, ties: 'first' });
    const blind = simulate({ ...options, environment, policies: { ucb }, pending: false });
    const told = simulate({ ...options, environment, policies: { ucb } });
    const now = simulate({ ...options, policies: { ucb } });
    const end = (report: typeof told): number => report.curves[0]!.mean.at(-1)!;
    expect(end(now)).toBeLessThan(end(told));
    expect(end(told)).toBeLessThan(end(blind));
  });

  it('knows Gaussian, linear and drifting problems', () => {
    const range = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;
    const greedy = (setup: { arms: readonly string[]; rng: ReturnType<typeof createRng> }) =>
      new EpsilonGreedyPolicy({ ...setup, rewardRange: range });
    const gaussian = simulate({ ...options, environment: gaussianEnvironment([5, 0], 0.5), policies: { greedy } });
    expect(gaussian.curves[0]!.bestShare.at(-1)!).toBeGreaterThan(0.9);
    const linear = simulate({
      ...options,
      environment: linearEnvironment({ arms: 3, dimension: 4 }),
      policies: {
        linUcb: (setup) => new LinUcbPolicy({ ...setup, dimension: 4 }),
        random: (setup) => new RandomPolicy({ ...setup, rewardRange: range }),
      },
    });
    expect(linear.curves[0]!.mean.at(-1)!).toBeLessThan(0.3 * linear.curves[1]!.mean.at(-1)!);
    const drift = simulate({
      ...options,
      environment: driftEnvironment([
        { from: 0, means: [0.9, 0.1] },
        { from: 200, means: [0.1, 0.9] },
      ]),
      policies: { thompson },
      checkpoints: [200, 400],
    });
    const [before, after] = drift.curves[0]!.mean;
    expect(after! - before!).toBeGreaterThan(5 * before!);
  });

  it('refuses bad options', () => {
    const run = (extra: object) => () => simulate({ ...options, policies: { thompson }, ...extra });
    expect(run({ runs: 1 })).toThrow('runs must be');
    expect(run({ horizon: 0 })).toThrow('horizon must be');
    expect(run({ policies: {} })).toThrow('policies must be');
    expect(run({ policies: { x: 1 } })).toThrow('policies.x must be a function');
    expect(run({ checkpoints: [10, 5] })).toThrow('checkpoints[1] must be');
    expect(run({ checkpoints: [500] })).toThrow('checkpoints[0] must be');
    expect(() => bernoulliEnvironment([1.2])).toThrow('means[0] must be');
    expect(() => bernoulliEnvironment([])).toThrow('means must be');
    expect(() => gaussianEnvironment([0], -1)).toThrow('sd must be');
    expect(() => linearEnvironment({ arms: 0, dimension: 1 })).toThrow('arms must be');
    expect(() => driftEnvironment([{ from: 1, means: [0.5] }])).toThrow('phases[0].from');
    expect(() =>
      driftEnvironment([
        { from: 0, means: [0.5] },
        { from: 9, means: [0.5, 0.4] },
      ]),
    ).toThrow('phases[1].means');
    expect(run({ environment: delayEnvironment(options.environment, -1) })).toThrow('delay must be');
  });
});

describe('reports of regret', () => {
  const report = simulate({
    environment: bernoulliEnvironment([0.9, 0.1]),
    policies: { 'a, "quoted"': thompson, random },
    horizon: 50,
    runs: 5,
    seed: 1,
    checkpoints: [10, 50],
  });

  it('as a table', () => {
    const lines = regretTable(report).split('\n');
    expect(lines[0]).toBe('Bernoulli(0.9, 0.1), 5 runs');
    expect(lines[1]).toMatch(/^policy\s+t = 10\s+t = 50\s+median\s+95 %\s+best arm$/);
    expect(lines).toHaveLength(4);
    expect(new Set(lines.slice(1).map((line) => line.length)).size).toBe(1);
  });

  it('as CSV, quoted where it must be', () => {
    const lines = regretCsv(report).trimEnd().split('\r\n');
    expect(lines[0]).toBe('policy,t,mean,standardError,p50,p95,bestShare');
    expect(lines).toHaveLength(5);
    expect(lines[1]!.startsWith('"a, ""quoted""",10,')).toBe(true);
    expect(Number(lines[4]!.split(',')[2])).toBe(report.curves[1]!.mean[1]);
  });

  it('as a Vega-Lite specification', () => {
    const spec = JSON.parse(JSON.stringify(regretVegaLite(report, { title: 'Regret', logX: true }))) as {
      readonly title: { readonly text: string };
      readonly data: { readonly values: readonly { readonly policy: string; readonly regret: number }[] };
      readonly layer: readonly { readonly encoding: { readonly x: { readonly scale: object } } }[];
    };
    expect(spec.title.text).toBe('Regret');
    expect(spec.data.values).toHaveLength(4);
    expect(spec.data.values[3]!.regret).toBe(report.curves[1]!.mean[1]);
    expect(spec.layer[1]!.encoding.x.scale).toEqual({ type: 'log' });
  });
});
