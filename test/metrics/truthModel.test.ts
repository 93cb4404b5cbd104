import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Json } from '../../src/core/json.ts';
import { RequestIds } from '../../src/core/requestIds.ts';
import type { Outcome } from '../../src/metrics/index.ts';
import { noTruths } from '../../src/metrics/TruthCounts.ts';
import { TruthLedger } from '../../src/metrics/TruthLedger.ts';

type Standing = ReturnType<TruthLedger['standing']>;

interface Entry {
  readonly turn: number;
  readonly at: number;
  prediction: number | undefined;
  early: { readonly truth: number } | undefined;
}

interface State {
  readonly waiting: Map<string, Entry>;
  readonly done: Map<string, 'recorded' | 'expired'>;
  readonly counts: ReturnType<typeof noTruths>;
}

const outcomeOf = (requestId: string, at: number, prediction: number): Outcome => ({
  requestId,
  variant: 'v',
  unit: undefined,
  input: undefined,
  context: undefined,
  status: 'ok',
  prediction,
  error: undefined,
  latencyMs: 0,
  at,
  truth: undefined,
  note: undefined,
});

/** What the ledger is to do, with two maps in the order of their entries and nothing else. */
class Model {
  state: State = { waiting: new Map(), done: new Map(), counts: noTruths() };
  readonly heard: string[] = [];
  readonly capacity: number;
  readonly windowMs: number;

  constructor(capacity: number, windowMs: number) {
    this.capacity = capacity;
    this.windowMs = windowMs;
  }
  standing(id: string): Standing {
    const entry = this.state.waiting.get(id);
    return entry === undefined ? this.state.done.get(id) : entry.prediction === undefined ? 'open' : 'waiting';
  }
  expire(now: number): void {
    for (const [id, { at }] of this.state.waiting) {
      if (now - at <= this.windowMs) return;
      this.#letGo(id, 'expired');
    }
  }
  admit(id: string, at: number, turn: number): boolean {
    if (this.standing(id) !== undefined) return false;
    for (const old of this.state.waiting.keys())
      if (this.state.waiting.size >= this.capacity) this.#letGo(old, 'dropped');
    this.state.waiting.set(id, { turn, at, prediction: undefined, early: undefined });
    return true;
  }
  settle(id: string, turn: number, prediction: number): boolean {
    const entry = this.state.waiting.get(id);
    if (entry?.turn !== turn || entry.prediction !== undefined) return false;
    entry.prediction = prediction;
    if (entry.early !== undefined) this.#join(id, entry, entry.early.truth);
    return true;
  }
  record(id: string, truth: number, now: number): string {
    this.expire(now);
    const standing = this.standing(id);
    const entry = this.state.waiting.get(id);
    if (standing === 'recorded' || entry?.early !== undefined) {
      this.state.counts.duplicates += 1;
      return 'duplicate';
    }
    if (standing === undefined) this.state.counts.unknown += 1;
    if (entry === undefined) return standing ?? 'unknown';
    if (standing === 'open') entry.early = { truth };
    else this.#join(id, entry, truth);
    return standing === 'open' ? 'pending' : 'recorded';
  }
  forget(id: string): void {
    if (this.standing(id) !== 'waiting') return;
    this.heard.push(`moved ${id}`);
    this.#close(id, 'recorded');
  }
  /** What goes into a snapshot and comes out of it: predictions under way do not. */
  restart(): void {
    const { waiting, done, counts } = this.state;
    const settled = [...waiting].filter(([, { prediction }]) => prediction !== undefined);
    const fresh = settled.map(([id, entry]) => [id, { ...entry, turn: -1 }] as const);
    this.state = { waiting: new Map(fresh), done: new Map(done), counts: { ...counts } };
  }
  #join(id: string, { prediction }: Entry, truth: number): void {
    this.state.counts.recorded += 1;
    this.heard.push(`joined ${id} ${prediction} ${truth}`);
    this.#close(id, 'recorded');
  }
  #letGo(id: string, why: 'expired' | 'dropped'): void {
    this.state.counts[why] += 1;
    if (this.standing(id) === 'waiting') this.heard.push(`lost ${id} ${why} ${this.state.waiting.get(id)!.prediction}`);
    this.#close(id, 'expired');
  }
  #close(id: string, how: 'recorded' | 'expired'): void {
    this.state.waiting.delete(id);
    this.state.done.set(id, how);
    for (const old of this.state.done.keys()) if (this.state.done.size > this.capacity) this.state.done.delete(old);
  }
}

/** Ids that look like those that are given, or like what an object has. */
function oddIds(ids: RequestIds): readonly string[] {
  const prefix = ids.text(1).slice(0, -1);
  const tails = ['', '0', '01', '1 ', '-1', '1.0', 'A', 'zzzzzzzzzz', 'zzzzzzzzzzz', '２', '1\0', '1e3'];
  const ahead = [1, 2, 5].map((more) => ids.text(ids.count + more));
  const names = [
    '__proto__',
    'constructor',
    '',
    ' ',
    '\ud800',
    'é',
    'e\u0301',
    '\u{1f4a1}',
    'undefined',
    '0',
    '1',
    '3',
  ];
  return [...tails.map((tail) => prefix + tail), ...ahead, ...names, prefix.slice(0, -1), `${prefix}a.1`];
}

const step = fc.record({
  act: fc.constantFrom('own', 'own', 'own', 'user', 'settle', 'settle', 'record', 'record', 'forget', 'adopt', 'rare'),
  pick: fc.nat(9999),
  dt: fc.constantFrom(0, 0, 1, 3, 12, -7),
});

it('does what two maps would do, whatever comes in whatever order', () => {
  const run = (steps: readonly { act: string; pick: number; dt: number }[], capacity: number, count: number): void => {
    const windowMs = 60;
    const model = new Model(capacity, windowMs);
    const heard: string[] = [];
    const ledger = new TruthLedger(
      { capacity, windowMs },
      {
        joined: (o) => void heard.push(`joined ${o.requestId} ${o.prediction} ${o.truth}`),
        lost: (o, why) => void heard.push(`lost ${o.requestId} ${why} ${o.prediction}`),
        moved: (o) => void heard.push(`moved ${o.requestId}`),
      },
    );
    let ids = new RequestIds('t', '1', '', count);
    const tokens: { id: string; row: number; turn: number; at: number }[] = [];
    let now = 1000;
    const open = (id: string, given?: RequestIds): void => {
      const row = ledger.open(id, now, given);
      model.expire(now);
      const opened = model.admit(id, now, ledger.turn);
      if (!opened) model.state.counts.reusedIds += 1;
      expect([id, row !== 0]).toEqual([id, opened]);
      if (opened) tokens.push({ id, row, turn: ledger.turn, at: now });
    };
    const settle = (token: (typeof tokens)[number] | undefined, prediction: number): void => {
      if (token === undefined) return;
      const { id, row, turn, at } = token;
      expect(ledger.settle(row, turn, outcomeOf(id, at, prediction))).toBe(model.settle(id, turn, prediction));
    };
    const rare = [
      () => {
        // Numbers begin anew, or go on from where they were: as after a label that was given before.
        ids = new RequestIds('t', '1', '', ids.count % 2 === 0 ? count : ids.count);
      },
      () => {
        ids = new RequestIds('t', '1', `r${ids.count}`);
      },
      () => {
        ledger.load(JSON.parse(JSON.stringify(ledger.toJSON())) as Json);
        model.restart();
      },
      () => {
        const back = ledger.load({ waiting: [], done: [], counts: noTruths() } as unknown as Json);
        ledger.settle(ledger.open('elsewhere', now), ledger.turn, outcomeOf('elsewhere', now, 1));
        back();
      },
    ];
    for (const { act, pick, dt } of steps) {
      now += dt;
      const odd = oddIds(ids);
      const recent = tokens[tokens.length - 1 - (pick % 12)] ?? tokens[pick % (tokens.length || 1)];
      const id = pick % 5 === 0 ? odd[pick % odd.length]! : (recent?.id ?? 'x');
      if (act === 'own') open(ids.next(), ids);
      if (act === 'own' && pick % 3 > 0) settle(tokens.at(-1), pick);
      if (act === 'user') open(id);
      if (act === 'settle') settle(pick % 2 === 0 ? recent : tokens[pick % (tokens.length || 1)], pick);
      if (act === 'record') expect(ledger.record(id, pick, now)).toBe(model.record(id, pick, now));
      if (act === 'forget') {
        ledger.forget(id);
        model.forget(id);
      }
      if (act === 'adopt') {
        ledger.readOutcome(id, {
          at: now - 5,
          outcome: { variant: 'v', status: 'ok', latencyMs: 0, prediction: pick },
        })();
        if (model.admit(id, now - 5, -1)) model.settle(id, -1, pick);
      }
      if (act === 'rare' && pick % 3 === 0) rare[pick % rare.length]!();
      expect([id, ledger.standing(id), ledger.saw(id)]).toEqual([
        id,
        model.standing(id),
        model.standing(id) !== undefined,
      ]);
      expect(ledger.counts).toEqual({ waiting: model.state.waiting.size, ...model.state.counts });
    }
    expect(heard).toEqual(model.heard);
    const { waiting, done } = ledger.toJSON() as unknown as {
      waiting: [string, number, { prediction: number }][];
      done: Json;
    };
    const settled = [...model.state.waiting].filter(([, { prediction }]) => prediction !== undefined);
    expect(waiting.map(([id, at, { prediction }]) => [id, at, prediction])).toEqual(
      settled.map(([id, { at, prediction }]) => [id, at, prediction]),
    );
    expect(done).toEqual([...model.state.done]);
  };
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 20, maxLength: 400 }),
      fc.constantFrom(1, 2, 3, 7, 40, 200),
      fc.constantFrom(0, 30, 2 ** 32 - 5, 36 ** 10 - 5),
      run,
    ),
    { seed: 11, numRuns: 150 },
  );
});
