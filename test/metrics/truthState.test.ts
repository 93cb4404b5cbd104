import { describe, expect, it } from 'vitest';
import { SnapshotError } from '../../src/core/index.ts';
import type { Json } from '../../src/core/json.ts';
import type { Outcome } from '../../src/metrics/index.ts';
import { noTruths } from '../../src/metrics/TruthCounts.ts';
import { isOutcome, readTruths, truthsToJson } from '../../src/metrics/truthState.ts';

const outcome: Outcome = {
  requestId: 'a',
  variant: 'v',
  unit: 3n,
  input: Number.NaN,
  context: undefined,
  status: 'error',
  prediction: undefined,
  error: new Error('no'),
  latencyMs: 2,
  at: 1,
  truth: undefined,
  note: null,
};
const entry = { id: 'a', at: 1, outcome, early: undefined, state: 'waiting' } as const;
const done = { id: 'b', at: 0, outcome: undefined, early: undefined, state: 'expired' } as const;
const good = (): { waiting: unknown; done: unknown; counts: Record<string, unknown> } =>
  JSON.parse(JSON.stringify(truthsToJson({ waiting: [entry], done: [done], counts: noTruths() })));

describe('the truths of a snapshot', () => {
  it('come back through JSON, without what was thrown and without predictions under way', () => {
    expect(readTruths(good() as Json)).toEqual({
      waiting: [{ ...entry, outcome: { ...outcome, error: undefined } }],
      done: [done],
      counts: noTruths(),
    });
    const open = { ...entry, outcome: undefined };
    expect(truthsToJson({ waiting: [open], done: [], counts: noTruths() })).toMatchObject({ waiting: [] });
  });

  it.each<[string, (saved: ReturnType<typeof good>) => unknown]>([
    ['no list that waits', (saved) => Object.assign(saved, { waiting: {} })],
    ['an id that is none', (saved) => Object.assign(saved, { waiting: [[1, 0, { variant: 'v', status: 'ok' }]] })],
    [
      'a time that is none',
      (saved) => Object.assign(saved, { waiting: [['a', null, { variant: 'v', status: 'ok' }]] }),
    ],
    ['an outcome that is none', (saved) => Object.assign(saved, { waiting: [['a', 0, { variant: 'v' }]] })],
    ['an end that is none', (saved) => Object.assign(saved, { done: [['b', 'waiting']] })],
    ['a count below 0', (saved) => Object.assign(saved.counts, { dropped: -1 })],
    ['a count left out', (saved) => delete saved.counts.unknown],
  ])('are refused with %s', (_, damage) => {
    const saved = good();
    damage(saved);
    expect(() => readTruths(saved as Json)).toThrow(SnapshotError);
    expect(() => readTruths(null)).toThrow(SnapshotError);
  });

  it('know an outcome by its variant and status', () => {
    expect(isOutcome({ variant: 'v', status: 'ok' })).toBe(true);
    expect([isOutcome(null), isOutcome({ variant: 'v' }), isOutcome(3)]).toEqual([false, false, false]);
  });
});
