import { expect, it } from 'vitest';
import { ManualClock, strategyMark } from '../../src/core/index.ts';
import type { Json } from '../../src/core/json.ts';
import { RequestIds } from '../../src/core/requestIds.ts';
import type { Outcome } from '../../src/metrics/index.ts';
import { noTruths } from '../../src/metrics/TruthCounts.ts';
import { TruthLedger } from '../../src/metrics/TruthLedger.ts';
import type { TruthOptions } from '../../src/metrics/TruthOptions.ts';
import { Tally } from '../support/Tally.ts';

const outcome = (requestId: string, at = 0): Outcome => ({
  requestId,
  variant: 'v',
  unit: undefined,
  input: 1,
  context: undefined,
  status: 'ok',
  prediction: `of ${requestId}`,
  error: undefined,
  latencyMs: 0,
  at,
  truth: undefined,
  note: undefined,
});

function harness(options: TruthOptions, lost: (o: Outcome, why: string) => void = () => undefined) {
  const joined: unknown[] = [];
  const ledger = new TruthLedger(options, { joined: (o) => void joined.push([o.prediction, o.truth]), lost });
  const serve = (id: string, at = 0, ids?: RequestIds): void => {
    ledger.settle(ledger.open(id, at, ids), ledger.turn, outcome(id, at));
  };
  return { ledger, joined, serve };
}

it('keeps the number of a request while one who hears of a loss makes another one', () => {
  const ids = new RequestIds('t', '1', '');
  const { ledger, joined, serve } = harness({ windowMs: 10 }, () => serve(ids.next(), 20, ids));
  serve(ids.next(), 0, ids);
  serve(ids.next(), 20, ids);
  for (const number of [2, 3]) expect(ledger.record(ids.text(number), number, 20)).toBe('recorded');
  expect(joined).toEqual([2, 3].map((number) => [`of ${ids.text(number)}`, number]));
});

it('refuses an id that one who heard of a loss has used meanwhile', () => {
  let again = true;
  const { ledger, serve } = harness({ capacity: 2 }, () => {
    if (again) serve('c');
    again = false;
  });
  for (const id of ['a', 'b', 'c']) serve(id);
  expect(ledger.waiting().map(({ requestId }) => requestId)).toEqual(['b', 'c']);
  expect(ledger.counts.reusedIds).toBe(1);
});

it('never joins the truth of one request to another one that was given the same number', () => {
  const { ledger, serve } = harness({});
  const before = new RequestIds('t', '1', 'a');
  serve(before.next(), 0, before);
  const anew = new RequestIds('t', '1', 'a');
  expect(ledger.open(anew.next(), 0, anew)).toBe(0);
  expect(ledger.waiting()).toMatchObject([{ requestId: before.text(1) }]);
  expect(ledger.counts).toMatchObject({ waiting: 1, reusedIds: 1 });
});

it('remembers no more ids than it has places, also after the snapshot of a larger one', () => {
  const { ledger: large, serve } = harness({ capacity: 100 });
  for (let i = 0; i < 300; i += 1) serve(`${i}`);
  const { ledger, serve: more } = harness({ capacity: 3 });
  ledger.load(large.toJSON());
  more('new');
  const { waiting, done } = ledger.toJSON() as unknown as { waiting: Json[]; done: Json[] };
  expect([waiting.length, done.length]).toEqual([3, 3]);
});

it('takes each id of a snapshot once', () => {
  const { ledger, joined } = harness({ capacity: 2 });
  const waits = (prediction: string): Json => ['a', 0, { variant: 'v', status: 'ok', latencyMs: 0, prediction }];
  ledger.load({ waiting: [waits('first'), waits('second')], done: [], counts: noTruths() } as unknown as Json);
  expect(ledger.counts.waiting).toBe(1);
  expect(ledger.record('a', 1, 0)).toBe('recorded');
  expect(ledger.record('a', 1, 0)).toBe('duplicate');
  expect(joined).toEqual([['first', 1]]);
});

/** A strategy whose model answers when it is told to. */
function slow(options: TruthOptions = {}) {
  const answers: (() => void)[] = [];
  const model = { predict: (x: unknown) => new Promise((resolve) => answers.push(() => resolve(x))) };
  const clock = new ManualClock(0);
  const tally = new Tally({ name: 't', seed: 1, clock, truth: options }, model);
  const lost: unknown[] = [];
  tally[strategyMark].observe({ lost: ({ requestId }, why) => lost.push([requestId, why]) });
  const settle = async (...which: number[]): Promise<void> => {
    for (const i of which) answers[i]!();
    for (let i = 0; i < 5; i += 1) await Promise.resolve();
  };
  return { tally, clock, lost, settle };
}

it.each([
  ['dropped', { capacity: 1 }, 0],
  ['expired', { windowMs: 10 }, 11],
] as const)('tells of a request that was %s while its model worked, once it has answered', async (why, options, ms) => {
  const { tally, clock, lost, settle } = slow(options);
  void tally.predict(1, { id: 'a' });
  await clock.advance(ms);
  void tally.predict(2, { id: 'b' });
  await settle(0, 1);
  expect(lost).toEqual([['a', why]]);
  expect(tally.pending).toBe(1);
  expect(tally.record('a', 1)).toBe('expired');
  expect(tally.record('b', 1)).toBe('recorded');
  expect([tally.pending, tally.sums.joined]).toEqual([0, 1]);
});

it('tells nothing of predictions that were under way when a snapshot was taken over', async () => {
  const { tally, lost, settle } = slow();
  const snapshot = tally.snapshot();
  void tally.predict(1, { id: 'a' });
  tally.runtime.load(snapshot);
  await settle(0);
  expect(lost).toEqual([]);
});

it('joins the truth of a request to no other one that has its id by the time it is answered', async () => {
  const { tally, settle } = slow();
  const snapshot = tally.snapshot();
  void tally.predict(1, { id: 'a', truth: 5 });
  tally.runtime.load(snapshot);
  void tally.predict(2, { id: 'a' });
  await settle(1, 0);
  expect(tally.sums.joined).toBe(0);
  expect(tally.record('a', 7)).toBe('recorded');
  expect(tally.sums.truths).toBe(7);
});
