import { describe, expect, it } from 'vitest';
import { ABTest } from '../../src/abtest/index.ts';
import { checkLabels, checkSampleRatio } from '../../src/abtest/SampleRatioCheck.ts';
import { ManualClock, type Snapshot } from '../../src/core/index.ts';
import { absoluteError } from '../../src/metrics/index.ts';

const shares = [0.5, 0.5];
const limits = { alpha: 0.001, tolerance: 0.01 };

describe('checkSampleRatio', () => {
  it('is healthy, warns of what is proven but small, and fails what is proven to be more', () => {
    const told = (champion: number, challenger: number) => {
      const { healthy, mismatch } = checkSampleRatio([{ exposures: [champion, challenger], shares }], limits);
      return { healthy, mismatch };
    };
    expect(told(50_000, 50_100)).toEqual({ healthy: true, mismatch: false });
    // 0.5 % of the challenger's units are lost.
    expect(told(5_000_000, 4_975_000)).toEqual({ healthy: true, mismatch: true });
    expect(told(5_000_000, 4_925_000)).toEqual({ healthy: false, mismatch: true });
    expect(told(52_000, 48_000)).toEqual({ healthy: false, mismatch: true });
  });

  it('fails any mismatch where none is tolerated', () => {
    const epochs = [{ exposures: [5_000_000, 4_975_000], shares }];
    expect(checkSampleRatio(epochs, { ...limits, tolerance: 0 })).toMatchObject({ healthy: false, mismatch: true });
  });

  it('holds truths against the same tolerance', () => {
    const healthy = (labels: number[], tolerance: number) =>
      checkLabels([{ labels, shares }], { ...limits, tolerance }).healthy;
    expect([healthy([5e6, 4.975e6], 0.01), healthy([5e6, 4.975e6], 0), healthy([5e6, 4.9e6], 0.01)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('a test with a small mismatch', () => {
  const model = { predict: (x: number) => x };
  /** A test that has seen so many units of either. */
  const seen = (exposures: readonly number[], more: object = {}) => {
    const options = { champion: model, challenger: model, seed: 1, clock: new ManualClock(0), ...more };
    const test = new ABTest({ ...options, metrics: [absoluteError({ role: 'goal' })] });
    const snapshot = JSON.parse(JSON.stringify(test.snapshot())) as Snapshot;
    const { own } = snapshot.state as {
      own: { observed: { total: { epochs: { epochs: { exposures: unknown }[] } } } };
    };
    own.observed.total.epochs.epochs[0]!.exposures = exposures;
    return ABTest.restore(snapshot, { ...options, metrics: [absoluteError({ role: 'goal' })] });
  };

  it('goes on, and says so', () => {
    const test = seen([5_000_000, 4_975_000]);
    const { decision, warnings } = test.summary();
    expect(decision.decision).toBe('CONTINUE');
    expect(decision.reasons.find(({ rule }) => rule === 'sample-ratio')!.message).toContain('too small to matter');
    expect(warnings.join()).toContain("not proven to be more than 1.0% of a variant's units");
    expect(test.toText()).toContain('sample ratio mismatch');
  });

  it('is invalid once it is proven to be more, or where nothing is tolerated', () => {
    const invalid = seen([5_000_000, 4_900_000]).summary();
    expect(invalid.decision).toMatchObject({ decision: 'INVALID', reasons: [{ rule: 'sample-ratio' }] });
    expect(invalid.warnings).toEqual([]);
    expect(seen([5_000_000, 4_975_000], { sampleRatioTolerance: 0 }).decide().decision).toBe('INVALID');
    expect(() => seen([1, 1], { sampleRatioTolerance: 1 })).toThrow('sampleRatioTolerance');
  });
});
