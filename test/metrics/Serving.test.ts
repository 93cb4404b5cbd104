import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../src/core/index.ts';
import type { Outcome } from '../../src/metrics/index.ts';
import { StrategyRuntime } from '../../src/metrics/StrategyRuntime.ts';

/** What a strategy hears of its requests. */
function serving(models: Readonly<Record<string, unknown>>, options: object = {}) {
  const settled: [Outcome, boolean, boolean][] = [];
  const joined: Outcome[] = [];
  const runtime = new StrategyRuntime<never>(
    { name: 's', seed: 1, clock: new ManualClock(5), ...options },
    {
      kind: 'test',
      eventTypes: {},
      version: 1,
      models,
      anonymous: true,
      settled: (...told) => settled.push(told),
      joined: (outcome) => joined.push(outcome),
      save: () => ({}),
      load: () => undefined,
    },
  );
  return { runtime, settled, joined };
}

const right = { predict: (x: unknown) => x };
const wrong = {
  predict: () => {
    throw new Error('no');
  },
};

describe('Serving', () => {
  it('tells the strategy all about a request before the caller has the answer', () => {
    const { runtime, settled } = serving({ right });
    const story = runtime.serve({ variant: 'right', note: { e: 1 }, extra: { why: 'drawn' } }, 3, {
      unit: 'u',
      context: 'c',
    });
    expect(story).toMatchObject({
      variant: 'right',
      answeredBy: 'right',
      path: ['right'],
      prediction: 3,
      why: 'drawn',
    });
    expect(settled).toHaveLength(1);
    const [outcome, fallback, tracked] = settled[0]!;
    const { requestId } = story as { requestId: string };
    expect(outcome).toEqual({
      requestId,
      variant: 'right',
      unit: 'u',
      input: 3,
      context: 'c',
      status: 'ok',
      prediction: 3,
      error: undefined,
      latencyMs: 0,
      at: 5,
      truth: undefined,
      note: { e: 1 },
    });
    expect([fallback, tracked]).toEqual([false, true]);
  });

  it('settles the variant that failed, and the one that answered in its place', () => {
    const { runtime, settled } = serving({ wrong, right });
    expect(runtime.predict({ variant: 'wrong', fallback: 'right' }, 3)).toBe(3);
    expect(settled.map(([{ variant, status }, fallback]) => [variant, status, fallback])).toEqual([
      ['wrong', 'error', false],
      ['right', 'ok', true],
    ]);
    expect(() => runtime.predict({ variant: 'wrong' }, 3)).toThrow('no');
  });

  it('lets nobody wait for a truth where none can come', () => {
    const { runtime, settled, joined } = serving({ right });
    runtime.predict({ variant: 'right' }, 1);
    runtime.serve({ variant: 'right', untracked: true }, 1);
    runtime.predict({ variant: 'right' }, 1, { truth: 9 });
    expect(settled.map(([{ requestId }, , tracked]) => [requestId !== undefined, tracked])).toEqual([
      [false, false],
      [true, false],
      [false, false],
    ]);
    expect(joined.map(({ truth }) => truth)).toEqual([9]);
    expect(runtime.truths).toMatchObject({ waiting: 0, recorded: 1 });
  });

  it('asks a variant beside without anybody noticing', () => {
    const { runtime, settled } = serving({ right, wrong });
    const heard: Outcome[] = [];
    runtime.score('wrong', 3, { unit: 'u' }, (outcome) => heard.push(outcome));
    runtime.score('right', 3, {}, (outcome) => heard.push(outcome));
    expect(heard.map(({ variant, status, unit }) => [variant, status, unit])).toEqual([
      ['wrong', 'error', 'u'],
      ['right', 'ok', undefined],
    ]);
    expect(settled).toEqual([]);
  });

  it('takes the word of a rule about answers, and contains one that throws', () => {
    const isValid = (x: unknown): boolean => {
      if (x === 7) throw new Error('unsure');
      return x !== 3;
    };
    const { runtime, settled } = serving({ right }, { isValid });
    for (const x of [1, 3, 7]) runtime.predict({ variant: 'right' }, x);
    expect(settled.map(([{ status }]) => status)).toEqual(['ok', 'invalid', 'ok']);
    expect(runtime.events.containedErrors).toBe(1);
  });

  it('judges a synchronous model by the timeout afterwards, unless that is left to a nested one', () => {
    const clock = new ManualClock(0);
    const slow = {
      predict: () => {
        clock.advance(20);
        return 1;
      },
    };
    const { runtime, settled } = serving({ slow }, { timeoutMs: 10, clock });
    runtime.predict({ variant: 'slow' }, 1);
    runtime.predict({ variant: 'slow', untimed: true }, 1);
    expect(settled.map(([{ status }]) => status)).toEqual(['timeout', 'ok']);
    expect(() => serving({ slow }, { timeoutMs: 0 })).toThrow('timeoutMs');
    expect(() => serving({ slow }, { isValid: 3 })).toThrow('isValid');
  });
});
