import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/core/json.ts';
import type { Outcome } from '../../src/metrics/index.ts';
import { TruthLedger } from '../../src/metrics/TruthLedger.ts';
import type { TruthOptions } from '../../src/metrics/TruthOptions.ts';

const outcome = (requestId: string): Outcome => ({
  requestId,
  variant: 'v',
  unit: undefined,
  input: { big: true },
  context: 1,
  status: 'ok',
  prediction: 1,
  error: undefined,
  latencyMs: 0,
  at: 0,
  truth: undefined,
  note: null,
});

function harness(options: TruthOptions = {}) {
  const joined: unknown[] = [];
  const lost: string[] = [];
  const ledger = new TruthLedger(options, {
    joined: (o) => void joined.push([o.requestId, o.truth]),
    lost: (o, why) => void lost.push(`${o.requestId} ${why}`),
  });
  const serve = (id: string, at = 0) => {
    ledger.open(id, at);
    ledger.settle(id, outcome(id));
  };
  return { ledger, joined, lost, serve };
}

describe('TruthLedger', () => {
  it('joins a truth once, in any order, and says what became of the others', () => {
    const { ledger, joined, serve } = harness();
    serve('a');
    serve('b');
    expect(ledger.record('b', 2, 1)).toBe('recorded');
    expect(ledger.record('a', 1, 1)).toBe('recorded');
    expect(ledger.record('a', 9, 1)).toBe('duplicate');
    expect(ledger.record('zzz', 1, 1)).toBe('unknown');
    expect(joined).toEqual([
      ['b', 2],
      ['a', 1],
    ]);
    expect(ledger.counts).toMatchObject({ waiting: 0, recorded: 2, duplicates: 1, unknown: 1 });
  });

  it('keeps a truth that comes before its prediction', () => {
    const { ledger, joined } = harness();
    ledger.open('a', 0);
    expect(ledger.record('a', 5, 0)).toBe('pending');
    expect(ledger.record('a', 6, 0)).toBe('duplicate');
    ledger.settle('a', outcome('a'));
    expect(joined).toEqual([['a', 5]]);
  });

  it('expires after its window and reports it', () => {
    const { ledger, lost, serve } = harness({ windowMs: 10 });
    serve('a', 0);
    serve('b', 5);
    expect(ledger.record('a', 1, 11)).toBe('expired');
    expect(ledger.record('b', 1, 11)).toBe('recorded');
    expect(lost).toEqual(['a expired']);
  });

  it('is bounded, drops the oldest and counts it', () => {
    const { ledger, lost, serve } = harness({ capacity: 3 });
    for (const id of ['a', 'b', 'c', 'd', 'e']) serve(id);
    expect(lost).toEqual(['a dropped', 'b dropped']);
    expect(ledger.counts).toMatchObject({ waiting: 3, dropped: 2 });
    expect(ledger.record('a', 1, 0)).toBe('expired');
  });

  it('refuses an id that is in use', () => {
    const { ledger, serve } = harness();
    serve('a');
    expect(ledger.open('a', 0)).toBe(false);
    ledger.record('a', 1, 0);
    expect(ledger.open('a', 0)).toBe(false);
    expect(ledger.counts.reusedIds).toBe(2);
  });

  it('can let go of the input', () => {
    const { ledger, serve } = harness({ keepInput: false });
    serve('a');
    expect(ledger.waiting()[0]).toMatchObject({ input: undefined, context: undefined, prediction: 1 });
  });

  it('loses nothing, whatever the order: opened = recorded + expired + dropped + waiting', () => {
    const step = fc.record({
      id: fc.integer({ min: 0, max: 30 }),
      act: fc.constantFrom('open', 'settle', 'record'),
      dt: fc.nat(5),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), fc.boolean(), (steps, restart) => {
        let { ledger } = harness({ capacity: 5, windowMs: 40 });
        let now = 0;
        let opened = 0;
        for (const { id, act, dt } of steps) {
          now += dt;
          if (act === 'open' && ledger.open(`${id}`, now)) {
            opened += 1;
            if (restart) ledger.settle(`${id}`, outcome(`${id}`));
          }
          if (act === 'settle') ledger.settle(`${id}`, outcome(`${id}`));
          if (act === 'record') ledger.record(`${id}`, 1, now);
          if (!restart) continue;
          const json = JSON.parse(JSON.stringify(ledger.toJSON())) as Json;
          ledger = harness({ capacity: 5, windowMs: 40 }).ledger;
          ledger.load(json);
        }
        const { recorded, expired, dropped, waiting } = ledger.counts;
        expect(recorded + expired + dropped + waiting).toBe(opened);
        expect(waiting).toBeLessThanOrEqual(5);
      }),
      { seed: 42, numRuns: 200 },
    );
  });

  it.each([
    [{ capacity: 0 }, 'truth.capacity'],
    [{ windowMs: Number.NaN }, 'truth.windowMs'],
    [{ window: 3 }, 'truth.window must be left out'],
  ])('refuses %j', (options, message) => {
    expect(() => harness(options as TruthOptions)).toThrow(message);
  });
});
