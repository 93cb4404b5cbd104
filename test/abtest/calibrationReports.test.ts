import { describe, expect, it } from 'vitest';
import { ABTest } from '../../src/abtest/index.ts';
import { InvalidOptionError, ManualClock } from '../../src/core/index.ts';
import {
  accuracy,
  brier,
  calibrationError,
  type Metric,
  MetricSummary,
  metricMoments,
} from '../../src/metrics/index.ts';
import { createRng } from '../../src/random/index.ts';
import { CalibrationBins, calibration } from '../../src/stats/quality/index.ts';

/** Says the chance as it is, or as further from even than it is. */
const honest = { predict: (p: number) => p };
const bold = { predict: (p: number) => Math.min(1, Math.max(0, 0.5 + 1.6 * (p - 0.5))) };

const options = (more: object = {}) =>
  ({
    ...{ name: 'risk', seed: 3, clock: new ManualClock(0), champion: honest, challenger: bold },
    ...{ metrics: [brier({ role: 'goal' }), calibrationError({ bins: 5 })] },
    ...more,
  }) as const;

/** Serves chances, of which the truths come about, and gives what each variant said. */
function feed(test: ABTest<typeof honest, typeof bold>, requests: number, seed = 'risk') {
  const rng = createRng(seed);
  const said = { champion: new CalibrationBins({ bins: 5 }), challenger: new CalibrationBins({ bins: 5 }) };
  for (let i = 0; i < requests; i += 1) {
    const p = rng.next();
    const { requestId, prediction, variant } = test.serve(p, { unit: `${seed}${i}` });
    const truth = rng.next() < p;
    test.record(requestId, truth);
    said[variant as 'champion' | 'challenger'].push(prediction as number, truth);
  }
  return said;
}

describe('calibration of the variants', () => {
  it('is reported bin by bin with intervals of every look, and tells the bold model from the honest one', () => {
    const test = new ABTest(options());
    const said = feed(test, 6000);
    const { calibrations, variants } = test.summary();
    for (const variant of ['champion', 'challenger'] as const) {
      const report = calibrations.find((one) => one.variant === variant)!;
      const expected = calibration(said[variant], { validity: 'anytime' });
      expect(report).toEqual({
        metric: 'calibrationError',
        variant,
        n: said[variant].n,
        invalid: 0,
        warnings: [],
        ...expected,
      });
      expect(variants.find((one) => one.variant === variant)!.metrics[1]!.value).toBe(expected.expectedError);
    }
    const [good, wrong] = calibrations as [(typeof calibrations)[0], (typeof calibrations)[0]];
    const off = ({ bins }: typeof good): number =>
      bins.filter(({ predicted, observed }) => {
        if (observed.status !== 'ok') return true;
        expect(observed.validity).toBe('anytime');
        return predicted < observed.interval[0] || predicted > observed.interval[1];
      }).length;
    expect([off(good), off(wrong)]).toEqual([0, 4]);
    expect(wrong.expectedError!).toBeGreaterThan(5 * wrong.noise!);
    expect(good.expectedError!).toBeLessThan(3 * good.noise!);
    for (const text of [test.toText(), test.toMarkdown()]) {
      expect(text).toContain('Calibration: calibrationError');
      expect(text).toContain('0.8-1');
    }
  });

  it('has the intervals of one look in a test of one look', () => {
    const test = new ABTest(options({ inference: 'fixed', alpha: 0.1 }));
    const said = feed(test as never, 500);
    const found = test.summary().calibrations[0]!;
    expect(found.bins).toEqual(calibration(said.champion, { level: 0.9 }).bins);
    expect(found.bins[0]!.observed.validity).toBe('fixed-n');
  });

  it('is no ground for a decision: it is not compared, and cannot be a goal or a guardrail', () => {
    const test = new ABTest(options());
    feed(test, 600);
    const found = test.statisticalTest('calibrationError');
    expect(found.status).toBe('inconclusive');
    expect(found.warnings.join()).toContain('reported and not compared');
    expect(found.n).toEqual(test.statisticalTest('brier').n);
    for (const role of ['goal', 'guardrail'] as const) {
      expect(() => calibrationError({ role } as never)).toThrow(InvalidOptionError);
    }
    for (const bins of [0, 1.5, 1001, Number.NaN]) expect(() => calibrationError({ bins })).toThrow(InvalidOptionError);
    expect(accuracy()).not.toHaveProperty('bins', 10);
  });

  it('goes on from a snapshot, and adds up over replicas', () => {
    const [whole, here, there] = [0, 1, 2].map((i) => new ABTest(options({ replica: `${i}` }))) as [
      ABTest<typeof honest, typeof bold>,
      ABTest<typeof honest, typeof bold>,
      ABTest<typeof honest, typeof bold>,
    ];
    for (const seed of ['a', 'b']) feed(whole, 300, seed);
    feed(here, 300, 'a');
    feed(there, 300, 'b');
    here.mergeDelta(there.takeDelta()!);
    const counts = (test: typeof whole) =>
      test.summary().calibrations.map(({ bins }) => bins.map(({ n, observed }) => [n, observed]));
    expect(counts(here)).toEqual(counts(whole));
    const twin = ABTest.restore(here.snapshot(), options({ replica: '1' }));
    expect(twin.summary().calibrations).toEqual(here.summary().calibrations);
    const other = new ABTest(options({ metrics: [brier({ role: 'goal' }), calibrationError({ bins: 4 })] }));
    expect(() => other.mergeDelta(whole.takeDelta()!)).toThrow('must be');
  });

  it('counts what is no probability or no label', () => {
    const summary = new MetricSummary(calibrationError() as Metric);
    for (const pair of [
      [0.5, 1],
      [1.2, 1],
      [Number.NaN, 0],
      [0.5, 0.5],
    ] as const)
      summary.push(pair);
    expect([summary.n, summary.invalid, summary.value]).toEqual([1, 3, 0.5]);
    expect(metricMoments(summary).moments.n).toBe(0);
    const empty = new MetricSummary(calibrationError() as Metric);
    expect([empty.value, empty.untouched]).toEqual([undefined, true]);
    empty.merge(summary);
    expect(MetricSummary.fromJSON(calibrationError() as Metric, empty.toJSON()).value).toBe(0.5);
  });
});

it('warns where units come more than once: the intervals take their requests as independent', () => {
  const test = new ABTest(options());
  for (let i = 0; i < 300; i += 1) test.serve(0.5, { unit: i % 30, truth: i % 2 === 0 });
  for (const { warnings } of test.summary().calibrations) {
    expect(warnings).toEqual([expect.stringContaining('units come more than once')]);
  }
});
