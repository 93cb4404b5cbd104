import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../src/core/clock.ts';
import { type Attempt, createSlot, dispatch, isAnswer, type ServingRules } from '../../src/core/dispatch.ts';
import { withContext } from '../../src/core/strategy.ts';

function harness(options: { timeoutMs?: number } = {}) {
  const clock = new ManualClock(0);
  const attempts: Attempt[] = [];
  const rules: ServingRules<string> = {
    clock,
    timeoutMs: options.timeoutMs,
    isValid: isAnswer,
    settle: (_token, attempt) => void attempts.push(attempt),
  };
  const slot = (name: string, predict: (...args: never[]) => unknown) => createSlot(name, name, { predict });
  return { clock, attempts, rules, slot };
}

describe('dispatch, synchronous', () => {
  it('returns the very value and measures the latency', () => {
    const { clock, attempts, rules, slot } = harness();
    const value = { price: 1 };
    const a = slot('a', () => {
      clock.advance(3);
      return value;
    });
    expect(dispatch(rules, a, undefined, 1, {}, 't', false)).toBe(value);
    expect(attempts).toEqual([
      { variant: 'a', status: 'ok', prediction: value, error: undefined, latencyMs: 3, fallbackFor: undefined },
    ]);
  });

  it('hands the input and nothing else to a foreign model', () => {
    const { rules, slot } = harness();
    let seen: unknown[] = [];
    const a = slot('a', (...args) => {
      seen = args;
      return 1;
    });
    dispatch(rules, a, undefined, 7, { id: 'x', unit: 3 }, 't', false);
    expect(seen).toEqual([7]);
  });

  it('hands id, unit, signal and context, and no truth, to a model marked withContext', () => {
    const { rules } = harness();
    let seen: unknown;
    const model = withContext({
      predict: (_: number, request) => {
        seen = request;
        return 1;
      },
    });
    const { signal } = new AbortController();
    dispatch(
      rules,
      createSlot('a', 'a', model),
      undefined,
      7,
      { id: 'x', unit: 0, signal, context: 9, truth: 1 },
      't',
      false,
    );
    expect(seen).toEqual({ id: 'x', unit: 0, signal, context: 9 });
  });

  it('rethrows the very error where nobody falls back, undefined included', () => {
    const { attempts, rules, slot } = harness();
    for (const error of [new Error('boom'), undefined, 0]) {
      const a = slot('a', () => {
        throw error;
      });
      let caught: unknown = 'nothing';
      try {
        dispatch(rules, a, undefined, 1, {}, 't', false);
      } catch (thrown) {
        caught = thrown;
      }
      expect(caught).toBe(error);
    }
    expect(attempts.map((attempt) => attempt.status)).toEqual(['error', 'error', 'error']);
  });

  it('falls back from a throw and from NaN, and tells the path', () => {
    for (const broken of [
      () => Number.NaN,
      () => {
        throw new Error('no');
      },
    ]) {
      const { attempts, rules, slot } = harness();
      const story = dispatch(
        rules,
        slot('new', broken),
        slot('old', () => 5),
        1,
        {},
        't',
        true,
      );
      expect(story).toEqual({ variant: 'new', answeredBy: 'old', path: ['new!', 'old'], prediction: 5, latencyMs: 0 });
      expect(attempts.map(({ variant, fallbackFor }) => [variant, fallbackFor])).toEqual([
        ['new', undefined],
        ['old', 'new'],
      ]);
    }
  });

  it('hands out an invalid answer as it is where nobody falls back', () => {
    const { attempts, rules, slot } = harness();
    expect(
      dispatch(
        rules,
        slot('a', () => Number.NaN),
        undefined,
        1,
        {},
        't',
        false,
      ),
    ).toBeNaN();
    expect(attempts[0]?.status).toBe('invalid');
  });

  it('judges a slow synchronous model afterwards, and still answers', () => {
    const { clock, attempts, rules, slot } = harness({ timeoutMs: 10 });
    const a = slot('a', () => {
      clock.advance(11);
      return 1;
    });
    expect(
      dispatch(
        rules,
        a,
        slot('b', () => 2),
        1,
        {},
        't',
        false,
      ),
    ).toBe(1);
    expect(attempts[0]).toMatchObject({ status: 'timeout', prediction: 1 });
  });
});

describe('dispatch, asynchronous', () => {
  it('returns the very promise', async () => {
    const { attempts, rules, slot } = harness();
    const promise = Promise.resolve(4);
    expect(
      dispatch(
        rules,
        slot('a', () => promise),
        undefined,
        1,
        {},
        't',
        false,
      ),
    ).toBe(promise);
    await promise;
    await Promise.resolve();
    expect(attempts[0]).toMatchObject({ status: 'ok', prediction: 4 });
  });

  it('falls back from a rejection', async () => {
    const { attempts, rules, slot } = harness();
    const answer = dispatch(
      rules,
      slot('a', () => Promise.reject(0)),
      slot('b', () => 2),
      1,
      {},
      't',
      true,
    );
    expect(await answer).toMatchObject({ variant: 'a', answeredBy: 'b', path: ['a!', 'b'], prediction: 2 });
    expect(attempts.map((attempt) => attempt.status)).toEqual(['error', 'ok']);
  });

  it('gives a hanging model up after its time, aborts it and falls back', async () => {
    const { clock, attempts, rules, slot } = harness({ timeoutMs: 50 });
    let aborted = false;
    const hanging = withContext({
      predict: (_: number, { signal }) => {
        signal?.addEventListener('abort', () => {
          aborted = true;
        });
        return new Promise<number>(() => undefined);
      },
    });
    const answer = dispatch(
      rules,
      createSlot('a', 'a', hanging),
      slot('b', () => 2),
      1,
      {},
      't',
      false,
    );
    clock.advance(50);
    expect(await answer).toBe(2);
    expect(aborted).toBe(true);
    expect(attempts[0]).toMatchObject({ variant: 'a', status: 'timeout', latencyMs: 50 });
  });

  it('rejects with a typed timeout where nobody falls back, and ignores what comes later', async () => {
    const { clock, attempts, rules, slot } = harness({ timeoutMs: 50 });
    let resolve: (value: number) => void = () => undefined;
    const late = slot('a', () => new Promise<number>((done) => (resolve = done)));
    const answer = dispatch(rules, late, undefined, 1, {}, 't', false) as Promise<number>;
    clock.advance(50);
    await expect(answer).rejects.toMatchObject({ code: 'ERR_TIMEOUT', timeoutMs: 50 });
    resolve(1);
    await Promise.resolve();
    expect(attempts.length).toBe(1);
  });

  it("counts a caller's abort as cancelled and does not fall back", async () => {
    const { attempts, rules, slot } = harness();
    const controller = new AbortController();
    const a = slot('a', () => {
      controller.abort();
      return Promise.reject(new Error('aborted'));
    });
    const answer = dispatch(
      rules,
      a,
      slot('b', () => 2),
      1,
      { signal: controller.signal },
      't',
      false,
    );
    await expect(answer).rejects.toThrow('aborted');
    expect(attempts.map((attempt) => attempt.status)).toEqual(['cancelled']);
  });
});

describe('dispatch, foreign thenables', () => {
  it('falls back from one whose then throws, and settles one that answers twice once', async () => {
    for (const timeoutMs of [undefined, 50]) {
      const { attempts, rules, slot } = harness(timeoutMs === undefined ? {} : { timeoutMs });
      // biome-ignore lint/suspicious/noThenProperty: what hostile models return
      const throwing = slot('a', () => ({ then: () => fail() }));
      const fail = (): never => {
        throw new Error('then');
      };
      const b = slot('b', () => 2);
      expect(await dispatch(rules, throwing, b, 1, {}, 't', false)).toBe(2);
      expect(attempts.map(({ variant, status }) => `${variant} ${status}`)).toEqual(['a error', 'b ok']);
      const twice = slot('c', () => ({
        // biome-ignore lint/suspicious/noThenProperty: what hostile models return
        then: (answer: (value: number) => void) => {
          answer(1);
          answer(2);
          fail();
        },
      }));
      expect(await dispatch(rules, twice, b, 1, {}, 't', false)).toBe(1);
      expect(attempts.at(-1)).toMatchObject({ variant: 'c', status: 'ok', prediction: 1 });
      expect(attempts.length).toBe(3);
    }
  });
});
