import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/core/json.ts';
import { RequestIds } from '../../src/core/requestIds.ts';
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
  const open = (id: string, at = 0, ids?: RequestIds) => {
    const row = ledger.open(id, at, ids);
    const { turn } = ledger;
    return { opened: row !== 0, settle: () => ledger.settle(row, turn, { ...outcome(id), at }) };
  };
  const serve = (id: string, at = 0, ids?: RequestIds) => open(id, at, ids).settle();
  return { ledger, joined, lost, open, serve };
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
    const { ledger, joined, open } = harness();
    const request = open('a');
    expect(ledger.record('a', 5, 0)).toBe('pending');
    expect(ledger.record('a', 6, 0)).toBe('duplicate');
    request.settle();
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

  it('tells nobody of lost truths where nobody hears of them', () => {
    const lost: unknown[] = [];
    let heard = false;
    const handlers = {
      joined: () => undefined,
      hearLost: () => heard,
      lost: (o: Outcome) => void lost.push(o.requestId),
    };
    const ledger = new TruthLedger({ capacity: 1 }, handlers);
    for (const id of ['a', 'b', 'c', 'd']) {
      heard = id === 'c';
      ledger.settle(ledger.open(id, 0), ledger.turn, outcome(id));
    }
    expect(lost).toEqual(['b']);
    expect(ledger.counts.dropped).toBe(3);
  });

  it('refuses an id that is in use', () => {
    const { ledger, open, serve } = harness();
    serve('a');
    expect(open('a').opened).toBe(false);
    ledger.record('a', 1, 0);
    expect(open('a').opened).toBe(false);
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
        let { ledger, open } = harness({ capacity: 5, windowMs: 40 });
        const requests: Map<number, ReturnType<typeof open>> = new Map();
        let now = 0;
        let opened = 0;
        for (const { id, act, dt } of steps) {
          now += dt;
          if (act === 'open') {
            const request = open(`${id}`, now);
            if (request.opened) {
              opened += 1;
              requests.set(id, request);
              if (restart) request.settle();
            }
          }
          if (act === 'settle') requests.get(id)?.settle();
          if (act === 'record') ledger.record(`${id}`, 1, now);
          if (!restart) continue;
          const json = JSON.parse(JSON.stringify(ledger.toJSON())) as Json;
          ({ ledger, open } = harness({ capacity: 5, windowMs: 40 }));
          ledger.load(json);
        }
        const { recorded, expired, dropped, waiting } = ledger.counts;
        expect(recorded + expired + dropped + waiting).toBe(opened);
        expect(waiting).toBeLessThanOrEqual(5);
      }),
      { seed: 42, numRuns: 200 },
    );
  });

  it('finds ids that it numbers as it finds those that have a name', () => {
    const step = fc.record({
      act: fc.constantFrom('own', 'own', 'own', 'named', 'settle', 'record', 'record', 'restart', 'relabel'),
      which: fc.nat(400),
      dt: fc.nat(3),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 600 }), fc.integer({ min: 1, max: 90 }), (steps, capacity) => {
        const make = () => harness({ capacity, windowMs: 300 });
        let [numbered, named] = [make(), make()];
        let ids = new RequestIds('t', '1', 'a');
        const known: string[] = [];
        const open: Map<string, { settle(): void }[]> = new Map();
        let now = 0;
        for (const { act, which, dt } of steps) {
          now += dt;
          // Most truths are of late requests; a few of any, also of ids that were never given.
          const old = known.at(which % 3 === 0 ? which : -1 - (which % 20)) ?? `t.${which}`;
          if (act === 'own' || act === 'named') {
            const id = act === 'own' ? ids.next() : which % 2 === 0 ? old : `mine-${which}`;
            known.push(id);
            const both = [numbered.open(id, now, act === 'own' ? ids : undefined), named.open(id, now)];
            expect(both[0]!.opened).toBe(both[1]!.opened);
            if (both[0]!.opened) open.set(id, both);
            if (which % 4 > 0) for (const one of both) one.settle();
          }
          if (act === 'settle') for (const one of open.get(old) ?? []) one.settle();
          if (act === 'record') {
            expect(numbered.ledger.record(old, which, now)).toBe(named.ledger.record(old, which, now));
          }
          if (act === 'relabel' && which % 7 === 0) ids = new RequestIds('t', '1', `b${known.length}`);
          if (act === 'restart' && which % 7 === 0) {
            const json = JSON.parse(JSON.stringify(numbered.ledger.toJSON())) as Json;
            [numbered, named] = [make(), make()];
            for (const { ledger } of [numbered, named]) ledger.load(json);
          }
          expect(numbered.ledger.standing(old)).toBe(named.ledger.standing(old));
          expect(numbered.ledger.outcomeOf(old)).toEqual(named.ledger.outcomeOf(old));
          expect(numbered.ledger.counts).toEqual(named.ledger.counts);
        }
        expect(numbered.ledger.toJSON()).toEqual(named.ledger.toJSON());
        expect(numbered.ledger.waiting()).toEqual(named.ledger.waiting());
        expect([numbered.joined, numbered.lost]).toEqual([named.joined, named.lost]);
      }),
      { seed: 5, numRuns: 150 },
    );
  });

  it('never takes a request for another one whose place it has', () => {
    const { ledger, joined, lost, open, serve } = harness({ capacity: 1 });
    const ids = new RequestIds('t', '1', '');
    const late = open(ids.next(), 0, ids);
    for (let i = 0; i < 200; i += 1) serve(ids.next(), 0, ids);
    const last = open(ids.next(), 0, ids);
    late.settle();
    expect(ledger.waiting()).toEqual([]);
    last.settle();
    expect(ledger.waiting()).toMatchObject([{ requestId: ids.text(202), latencyMs: 0 }]);
    expect(ledger.record(ids.text(1), 1, 0)).toBe('unknown');
    expect(ledger.record(ids.text(202), 1, 0)).toBe('recorded');
    expect([joined.length, lost.length, ledger.counts.dropped]).toEqual([1, 200, 201]);
  });

  it('knows an id that a caller made up before it was given', () => {
    const { ledger, open, serve } = harness();
    const ids = new RequestIds('t', '1', '');
    serve(ids.text(1));
    expect(open(ids.next(), 0, ids).opened).toBe(false);
    expect(open(ids.next(), 0, ids).opened).toBe(true);
    expect(open(ids.text(2)).opened).toBe(false);
    expect(ledger.counts.reusedIds).toBe(2);
  });

  it('goes on with predictions under way where a snapshot was not taken over after all', () => {
    const { ledger, open, serve } = harness();
    const ids = new RequestIds('t', '1', '');
    serve(ids.next(), 0, ids);
    const json = JSON.parse(JSON.stringify(ledger.toJSON())) as Json;
    const [one, two] = [open(ids.next(), 0, ids), open(ids.next(), 0, ids)];
    expect(ledger.record(ids.text(3), 7, 0)).toBe('pending');
    const before = ledger.toJSON();
    const back = ledger.load(json);
    one.settle();
    expect([ledger.counts.waiting, ledger.standing(ids.text(1)), ledger.standing(ids.text(2))]).toEqual([
      1,
      'waiting',
      undefined,
    ]);
    back();
    expect(ledger.toJSON()).toEqual(before);
    one.settle();
    two.settle();
    expect(ledger.record(ids.text(2), 1, 0)).toBe('recorded');
    expect(ledger.counts).toMatchObject({ waiting: 1, recorded: 2 });
  });

  it.each([
    [{ capacity: 0 }, 'truth.capacity'],
    [{ windowMs: Number.NaN }, 'truth.windowMs'],
    [{ window: 3 }, 'truth.window must be left out'],
  ])('refuses %j', (options, message) => {
    expect(() => harness(options as TruthOptions)).toThrow(message);
  });
});
