import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../src/core/index.ts';
import { absoluteError } from '../../src/metrics/index.ts';
import { createRng, type Rng } from '../../src/random/index.ts';
import { type PromotionCriteria, type ShadowOptions, ShadowRunner } from '../../src/shadow/index.ts';

interface Case {
  readonly primary: number;
  readonly shadow: number;
  readonly truth: number;
  readonly group?: string;
}
type Leaf = { predict(input: Case): unknown };
const models = {
  primary: { predict: (input: Case) => input.primary },
  shadows: { next: { predict: (input: Case): unknown => input.shadow } },
};
const DAY = 86_400_000;

function start(promotion: PromotionCriteria, more: Partial<ShadowOptions<Leaf>> = {}) {
  const clock = new ManualClock(0);
  const options = { ...models, promotion, classification: {}, seed: 1, clock, cpuShare: 1 };
  const runner = new ShadowRunner<Leaf>({ ...options, ...more });
  const serve = (cases: Iterable<Case>): void => {
    for (const one of cases) {
      runner.predict(one, { truth: one.truth });
      clock.advance(1);
    }
  };
  return { runner, clock, serve };
}

/** Positives that are right with this precision. */
function flagged(rng: Rng, n: number, precision: number): Case[] {
  return Array.from({ length: n }, () => ({ primary: 1, shadow: 1, truth: Number(rng.next() < precision) }));
}
const open = { minSamples: 0, minDurationMs: 0 };
const gate = (verdict: { gates: readonly { name: string }[] }, name: string): unknown =>
  verdict.gates.find((one) => one.name === name);

describe('promotion', () => {
  it('holds a bound against the limit, not the estimate', () => {
    const { runner, serve } = start({ ...open, precision: { above: 0.95 } });
    const hit = { primary: 1, shadow: 1, truth: 1 };
    serve([...Array.from({ length: 955 }, () => hit), ...Array.from({ length: 45 }, () => ({ ...hit, truth: 0 }))]);
    const verdict = runner.promotion('next');
    expect(verdict.decision).toBe('hold');
    expect(gate(verdict, 'precision')).toMatchObject({ verdict: 'inconclusive', observed: 0.955, n: 1000 });
    expect(verdict.reasons).toEqual([expect.stringContaining('precision 95.50%')]);
  });

  it('promotes what has shown everything, with every gate’s figures', () => {
    const { runner, serve, clock } = start({
      minSamples: 2000,
      minDurationMs: DAY,
      minLabelled: 2000,
      precision: { above: 0.95 },
      errorRate: { below: 0.01 },
      agreement: { above: 0.9 },
    });
    serve(flagged(createRng(1), 2000, 0.99));
    expect(runner.promotion('next')).toMatchObject({
      decision: 'hold',
      reasons: [expect.stringContaining('duration')],
    });
    clock.advance(DAY);
    const verdict = runner.promotion('next');
    expect(verdict).toMatchObject({ decision: 'promote', reasons: [], look: 2, at: clock.now() });
    expect(verdict.gates.map(({ name, verdict: said }) => `${name} ${said}`)).toEqual([
      'samples pass',
      'duration pass',
      'labelled pass',
      'dropRate pass',
      'lostRecords pass',
      'agreement pass',
      'errorRate pass',
      'precision pass',
    ]);
    const { bound, observed } = gate(verdict, 'precision') as { bound: number; observed: number };
    expect(bound).toBeGreaterThan(0.95);
    expect(bound).toBeLessThan(observed);
    expect(runner.looks('next').map(({ decision }) => decision)).toEqual(['hold', 'promote']);
  });

  it('rejects what the data speak against', () => {
    const { runner, serve } = start({ ...open, precision: { above: 0.95 } });
    serve(flagged(createRng(2), 3000, 0.88));
    expect(runner.promotion('next')).toMatchObject({ decision: 'reject' });
  });

  it('expires where what is missing will not come, and holds where truths may', () => {
    const { runner, serve, clock } = start({ minSamples: 100, minDurationMs: 0 }, { expiresAt: 5000 });
    serve(flagged(createRng(3), 50, 1));
    clock.advance(5000);
    expect(runner.promotion('next').decision).toBe('expired');
    const waiting = start({ minSamples: 1, minDurationMs: 0, precision: { above: 0.5 } }, { expiresAt: 5000 });
    waiting.runner.predict({ primary: 1, shadow: 1, truth: 1 }, { id: 'late' });
    waiting.clock.advance(5000);
    expect(waiting.runner.promotion('next').decision).toBe('hold');
    waiting.runner.record('late', 1);
    expect(waiting.runner.promotion('next').decision).toBe('expired');
  });

  it('counts the days of shadowing, not those of waiting for truths', () => {
    const { runner, serve, clock } = start({ minSamples: 0, minDurationMs: 5 * DAY });
    serve(flagged(createRng(9), 10, 1));
    clock.advance(2 * DAY);
    runner.stop();
    clock.advance(9 * DAY);
    const { observed, verdict } = gate(runner.promotion('next'), 'duration') as { observed: number; verdict: string };
    expect([Math.round(observed / DAY), verdict]).toEqual([2, 'inconclusive']);
  });

  it('is blocked by drops, and by records that a sink has lost', async () => {
    const dropping = start({ ...open, maxDropRate: 0.2 }, { queue: { capacity: 2 } });
    for (let i = 0; i < 10; i += 1) dropping.runner.predict({ primary: 1, shadow: 1, truth: 1 });
    dropping.clock.advance(1);
    expect(gate(dropping.runner.promotion('next'), 'dropRate')).toMatchObject({
      verdict: 'inconclusive',
      observed: 0.8,
    });
    const sink = { name: 'full disk', write: () => Promise.reject(new Error('no space')) };
    const lossy = start(open, { sinks: [sink] });
    lossy.serve(flagged(createRng(4), 20, 1));
    await lossy.runner.drain();
    expect(lossy.runner.logStatus.dropped.sink).toBeGreaterThan(20);
    const verdict = lossy.runner.promotion('next');
    expect(verdict.decision).toBe('hold');
    expect(gate(verdict, 'lostRecords')).toMatchObject({ verdict: 'inconclusive' });
    expect(lossy.runner.history.some(({ type }) => type === 'sink-error')).toBe(true);
  });

  it('asks for non-inferiority on the same requests', () => {
    const rng = createRng(5);
    const pair = (p: number): Case => {
      const truth = Number(rng.next() < 0.5);
      const say = (right: boolean): number => (right ? truth : 1 - truth);
      const easy = rng.next();
      return { primary: say(easy < 0.9), shadow: say(easy < p), truth };
    };
    const judge = (p: number, n: number) => {
      const { runner, serve } = start({ ...open, nonInferiority: { accuracy: 0.01 }, superiority: { recall: 0 } });
      serve(Array.from({ length: n }, () => pair(p)));
      const verdict = runner.promotion('next');
      return ['nonInferiority accuracy', 'superiority recall'].map(
        (name) => (gate(verdict, name) as { verdict: string }).verdict,
      );
    };
    expect(judge(0.93, 4000)).toEqual(['pass', 'pass']);
    expect(judge(0.8, 4000)).toEqual(['fail', 'fail']);
  });

  it('looks at curves no more often than once a day, each time with a smaller part of alpha', () => {
    const rng = createRng(6);
    const { runner, serve, clock } = start({
      ...open,
      rocAuc: { above: 0.8 },
      f1: { above: 0.5 },
      scoreDistance: { below: 0.9 },
    });
    const some = (n: number): Case[] =>
      Array.from({ length: n }, () => {
        const truth = Number(rng.next() < 0.5);
        const score = Math.min(1, Math.max(0, 0.5 + 0.2 * (truth - 0.5) + 0.2 * (rng.next() - 0.5)));
        return { primary: score, shadow: score, truth };
      });
    serve(some(500));
    const first = gate(runner.promotion('next'), 'rocAuc');
    serve(some(500));
    expect(gate(runner.promotion('next'), 'rocAuc')).toBe(first);
    clock.advance(DAY);
    const second = gate(runner.promotion('next'), 'rocAuc') as { n: number; validity: string; verdict: string };
    expect(second).not.toBe(first);
    expect(second).toMatchObject({ validity: 'alpha-spending', verdict: 'pass' });
  });

  it('holds groups against each other', () => {
    const judge = (worse: number, n: number, maxGap: number) => {
      const rng = createRng(7);
      const subgroup = ({ group }: Case) => ({ site: group! });
      const criteria = { ...open, subgroups: [{ metric: 'recall' as const, minEach: 200, maxGap }] };
      const { runner, serve } = start(criteria, { subgroup });
      serve(
        Array.from({ length: n }, (_, i) => {
          const group = i % 2 === 0 ? 'a' : 'b';
          return { primary: 1, shadow: Number(rng.next() < (group === 'a' ? 0.95 : worse)), truth: 1, group };
        }),
      );
      return gate(runner.promotion('next'), 'subgroup gap of recall');
    };
    expect(judge(0.95, 6000, 0.06)).toMatchObject({ verdict: 'pass' });
    expect(judge(0.7, 6000, 0.06)).toMatchObject({ verdict: 'fail' });
    expect(judge(0.95, 300, 0.06)).toMatchObject({ verdict: 'inconclusive', observed: undefined });
  });

  it('takes limits of numbers, latencies and drift as well', () => {
    const clock = new ManualClock(0);
    const takes =
      (ms: number, read: (x: Case) => number) =>
      (x: Case): number => {
        clock.advance(ms);
        return read(x);
      };
    const { runner } = start(
      {
        ...open,
        meanAbsoluteError: { below: 0.5 },
        rmse: { below: 0.5 },
        latencyRatio: { below: 3, quantile: 0.5 },
        stabilityIndex: { below: 0.2 },
        metrics: { absoluteError: { below: 0.5 } },
        nonInferiority: { absoluteError: 0.1, rmse: 0.1 },
      },
      {
        clock,
        regression: {},
        metrics: [absoluteError()],
        primary: { predict: takes(2, (x) => x.primary) },
        shadows: { next: { predict: takes(3, (x) => x.shadow) } },
      },
    );
    const rng = createRng(8);
    for (let i = 0; i < 3000; i += 1) {
      const truth = rng.next();
      runner.predict(
        { primary: truth + 0.3 * (rng.next() - 0.5), shadow: truth + 0.2 * (rng.next() - 0.5), truth },
        { truth },
      );
      clock.advance(1);
    }
    const verdict = runner.promotion('next');
    expect(verdict.reasons).toEqual([]);
    expect(verdict.decision).toBe('promote');
    expect(gate(verdict, 'latencyRatio')).toMatchObject({ observed: 1.5 });
  });

  it.each([
    [{ precison: { above: 0.9 } }, 'promotion.precison must be left out'],
    [{ precision: { above: 1.2 } }, 'promotion.precision.above must be a finite number within (0, 1)'],
    [{ precision: { below: 0.5 } }, 'promotion.precision.below must be left out'],
    [{ rmse: { below: 1 } }, 'promotion.rmse must be given with the option regression'],
    [{ beyondNoise: { below: 0.1 } }, 'promotion.beyondNoise must be given with the option noise'],
    [{ subgroups: [{ maxGap: 0.1 }] }, 'given with the option subgroup'],
    [{ nonInferiority: { revenue: 1 } }, 'promotion.nonInferiority must be the name of'],
    [{ metrics: { revenue: { above: 1 } } }, 'promotion.metrics.revenue must be the name of'],
    [{ minSamples: -1 }, 'promotion.minSamples must be an integer'],
    [{ alpha: 0 }, 'promotion.alpha must be strictly between 0 and 1'],
  ])('refuses %j', (criteria, message) => {
    expect(() => start(criteria as never)).toThrow(message);
  });
});
