import { describe, expect, it } from 'vitest';
import { sequentialJudge } from '../../../src/canary/index.ts';
import type { Json } from '../../../src/core/index.ts';
import { defineMetric, latency, type Metric, rmse } from '../../../src/metrics/index.ts';
import { combineStages } from '../../../src/metrics/judging/combineStages.ts';
import { StageEvidence, type StageEvidenceOptions } from '../../../src/metrics/judging/StageEvidence.ts';
import { createRng, normal, type Rng } from '../../../src/random/index.ts';

const rules = { alpha: 0.01, passAlpha: 0.05, minSamples: 30, passSamples: 100 };
const plain = { rng: createRng(1), sampleSize: 0, clustered: false, alpha: 0.001, share: 0.1 } as const;

const score = (limit: object, direction: 'lower' | 'higher' = 'higher', range: readonly [number, number] = [0, 1]) =>
  defineMetric({ name: 'score', kind: 'mean', direction, range, limit: limit as never, value: () => 0 }) as Metric;

function stage(metric: Metric, more: Partial<StageEvidenceOptions> = {}): StageEvidence {
  return new StageEvidence(metric, { ...plain, ...more });
}

function judge(metric: Metric, stages: readonly StageEvidence[]) {
  return sequentialJudge.check({ metric, stages, stage: stages.length - 1, guard: false }, rules);
}

/** A rollout at a share of 10 %: values of the canary and the baseline, judged at every one. Canary values until the end. */
function until(
  metric: Metric,
  canary: (rng: Rng) => number,
  baseline: (rng: Rng) => number,
  seed: number,
  most = 4000,
) {
  const rng = createRng(seed);
  const evidence = stage(metric);
  const watch = sequentialJudge.watch!({ metric, stages: [evidence], stage: 0, guard: false }, rules);
  for (let i = 0; i < most; i += 1) {
    const first = rng.next() < 0.1;
    evidence.push(first ? 'canary' : 'baseline', first ? canary(rng) : baseline(rng), 0);
    const verdict = first ? watch() : 'inconclusive';
    if (verdict === 'pass' || verdict === 'fail') return { verdict, n: evidence.canary.n };
  }
  return { verdict: 'open', n: evidence.canary.n };
}

describe('values within a known range', () => {
  const near = (mean: number) => (rng: Rng) => Math.min(1, Math.max(0, mean + 0.1 * normal(rng)));

  it('are bet on against the baseline: worse ones fail, equal ones pass, in either direction', () => {
    const higher = score({ relative: 0.05 });
    const lower = score({ relative: 0.2 }, 'lower');
    for (let seed = 1; seed <= 5; seed += 1) {
      const bad = until(higher, near(0.6), near(0.8), seed);
      expect(bad.verdict).toBe('fail');
      expect(bad.n).toBeLessThan(120);
      expect(until(higher, near(0.8), near(0.8), seed).verdict).toBe('pass');
      expect(until(lower, near(0.5), near(0.3), seed).verdict).toBe('fail');
      expect(until(lower, near(0.3), near(0.3), seed).verdict).toBe('pass');
    }
  });

  it('are held against an absolute limit exactly, from the first value on', () => {
    const most = score({ max: 0.2 }, 'lower');
    const evidence = stage(most);
    for (let i = 0; i < 6; i += 1) evidence.push('canary', 1, 0);
    expect(judge(most, [evidence])).toMatchObject({ verdict: 'fail', estimate: 1, nCanary: 6, limit: 0.2 });
    const least = score({ min: 0.5 });
    const good = stage(least);
    for (let i = 0; i < 200; i += 1) good.push('canary', 0.7 + 0.1 * Math.sin(i), 0);
    const check = judge(least, [good]);
    expect(check).toMatchObject({ verdict: 'pass' });
    expect(check.lower).toBeGreaterThan(0.5);
    expect(check.upper).toBeLessThan(0.75);
  });

  it('where both answered the same requests, are bet on by differences', () => {
    const metric = score({ relative: 0.05 });
    const evidence = stage(metric, { paired: true });
    const rng = createRng(5);
    for (let i = 0; i < 120; i += 1) {
      const hard = 0.5 + 0.3 * rng.next();
      evidence.push('canary', hard - 0.1, 0);
      evidence.push('baseline', hard, 0);
      evidence.pushPair(hard - 0.1, hard);
    }
    expect(judge(metric, [evidence]).verdict).toBe('fail');
  });

  it('use asymptotics where there is nothing to bet on: negative ranges, sticky units, limits outside the range', () => {
    expect(stage(score({ relative: 0.05 }, 'higher', [-1, 1])).bets).toBeUndefined();
    expect(stage(score({ relative: 0.05 }), { clustered: true }).bets).toBeUndefined();
    expect(stage(score({ max: 2 }, 'lower')).bets).toBeUndefined();
    expect(stage(score({ relative: 0.05 })).bets).toBeDefined();
  });
});

describe('sticky units over stages', () => {
  it('count once: what a unit has in common in several stages does not look like evidence', () => {
    const metric = rmse({ role: 'goal' }) as unknown as Metric;
    const fill = (sizes: readonly number[]): StageEvidence[] => {
      const rng = createRng(11);
      const stages = [0.2, 0.5].map((share) => stage(metric, { clustered: true, share }));
      for (const [k, share] of [0.2, 0.5].entries()) {
        for (let i = 0; i < 4000; i += 1) {
          const unit = Math.floor(rng.next() * sizes.length);
          stages[k]!.push(unit / sizes.length < share ? 'canary' : 'baseline', sizes[unit]! * normal(rng), unit);
        }
      }
      return stages;
    };
    const rng = createRng(3);
    const parts = (stages: readonly StageEvidence[]) => stages.reduce((sum, { part }) => sum + part.information, 0);
    const unlike = fill(Array.from({ length: 200 }, () => Math.exp(0.5 * normal(rng))));
    expect(combineStages(unlike).information).toBeLessThan(0.85 * parts(unlike));
    const alike = fill(Array.from({ length: 200 }, () => 1));
    const ratio = combineStages(alike).information / parts(alike);
    expect(ratio).toBeGreaterThan(0.7);
    expect(ratio).toBeLessThanOrEqual(1);
  });

  it('make a rate worth fewer requests than it has, and as many where units are alike', () => {
    const metric = defineMetric({
      name: 'wrong',
      kind: 'rate',
      direction: 'lower',
      limit: { max: 0.1 },
      value: () => 0,
    }) as Metric;
    const fill = (rateOf: (unit: number) => number): StageEvidence => {
      const rng = createRng(7);
      const evidence = stage(metric, { clustered: true });
      for (let i = 0; i < 2000; i += 1) {
        const unit = i % 40;
        evidence.push('canary', Number(rng.next() < rateOf(unit)), unit);
      }
      return evidence;
    };
    // Eight of forty units are always wrong: 20 % of the requests, but only a handful of units say so.
    expect(judge(metric, [fill((unit) => Number(unit % 5 === 0))]).verdict).toBe('inconclusive');
    expect(judge(metric, [fill(() => 0.2)]).verdict).toBe('fail');
    const few = stage(metric, { clustered: true });
    for (let i = 0; i < 500; i += 1) few.push('canary', 1, i % 3);
    expect(judge(metric, [few])).toMatchObject({ verdict: 'inconclusive', reason: 'waiting: too few units yet' });
  });
});

describe('evidence of replicas', () => {
  const metrics = {
    rmse: rmse({ role: 'goal' }) as unknown as Metric,
    latency: latency({ quantile: 0.95 }) as unknown as Metric,
    bounded: score({ relative: 0.05 }),
    absolute: score({ min: 0.3 }),
  };

  it.each(Object.entries(metrics))('adds up to that of one process that had seen everything (%s)', (_, metric) => {
    for (const clustered of [false, true]) {
      const make = () => stage(metric, { clustered, sampleSize: 10 });
      const copy = (json: Json) => StageEvidence.fromJSON(metric, { ...plain, clustered, sampleSize: 10 }, json);
      const [whole, here, there] = [make(), make(), make()];
      const rng = createRng(9);
      const exchange = () => {
        const [mine, theirs] = [here.takeOwn(), there.takeOwn()];
        if (mine !== undefined) there.merge(copy(JSON.parse(JSON.stringify(mine))));
        if (theirs !== undefined) here.merge(copy(JSON.parse(JSON.stringify(theirs))));
      };
      for (let i = 0; i < 1200; i += 1) {
        const arm = rng.next() < 0.3 ? 'canary' : 'baseline';
        const value = 0.4 + 0.4 * rng.next();
        const unit = Math.floor(rng.next() * 60);
        whole.push(arm, value, unit);
        (i % 3 === 0 ? here : there).push(arm, value, unit);
        if (i % 250 === 40) exchange();
      }
      exchange();
      expect(here.takeOwn()).toBeUndefined();
      for (const side of [here, there]) {
        expect([side.canary.n, side.baseline.n]).toEqual([whole.canary.n, whole.baseline.n]);
        if (metric.kind === 'quantile') expect(side.exceedance!.trials).toBeGreaterThan(150);
        else {
          expect(side.part.estimate).toBeCloseTo(whole.part.estimate, 10);
          expect(side.part.information / whole.part.information).toBeCloseTo(1, 8);
        }
        if (whole.bets?.alone !== undefined)
          expect(side.bets!.alone!.logEValue()).toBeCloseTo(whole.bets.alone.logEValue(), 8);
      }
      expect(JSON.stringify(copy(JSON.parse(JSON.stringify(here.toJSON()))).toJSON())).toBe(
        JSON.stringify(here.toJSON()),
      );
    }
  });

  it('has nothing to tell where nothing was seen, and tells nothing on', () => {
    const [here, there] = [stage(metrics.rmse), stage(metrics.rmse)];
    expect(here.takeOwn()).toBeUndefined();
    there.push('canary', 1, 0);
    here.merge(StageEvidence.fromJSON(metrics.rmse, plain, there.takeOwn()!));
    expect(here.takeOwn()).toBeUndefined();
    here.push('baseline', 2, 0);
    expect(StageEvidence.fromJSON(metrics.rmse, plain, here.takeOwn()!).canary.n).toBe(0);
  });
});
