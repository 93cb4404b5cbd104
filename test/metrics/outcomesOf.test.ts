import { describe, expect, it } from 'vitest';
import { ManualClock, type ReplicaTap, strategyMark, ThompsonSampling } from '../../src/index.ts';

const make = (replica: string, seed: string | number = 42) => {
  const inner = new ThompsonSampling({
    name: 'inner',
    arms: { a: { predict: (x: number) => x }, b: { predict: (x: number) => x + 1 } },
    reward: ({ prediction, truth }) => (prediction === truth ? 1 : 0),
    clock: new ManualClock(0),
    seed,
    replica,
  });
  const options = { arms: { inner, plain: { predict: (x: number) => x } }, seed, replica, clock: new ManualClock(0) };
  return { inner, outer: new ThompsonSampling({ ...options, reward: () => 1 }) };
};

describe('outcomes of a strategy', () => {
  it('move to another replica with their nested parts, and are joined there', () => {
    const [here, there] = [make('one'), make('two')];
    let nested = 0;
    for (let i = 0; i < 20; i += 1) {
      const { requestId, path } = here.outer.serve(3);
      const outcome = here.outer[strategyMark].outcomeOf(requestId)!;
      expect(here.outer[strategyMark].standing(requestId)).toBe('waiting');
      expect(there.outer[strategyMark].standing(requestId)).toBeUndefined();
      there.outer[strategyMark].readOutcome(requestId, JSON.parse(JSON.stringify(outcome)))();
      expect(there.outer.record(requestId, 3)).toBe('recorded');
      expect(there.outer.record(requestId, 3)).toBe('duplicate');
      here.outer[strategyMark].forget(requestId);
      expect(here.outer.record(requestId, 3)).toBe('duplicate');
      nested += Number(path.length > 1 && path[0] === 'inner');
    }
    expect(nested).toBeGreaterThan(0);
    const pulls = (bandit: { statistics(): readonly { pulls: number }[] }): number =>
      bandit.statistics().reduce((sum, arm) => sum + arm.pulls, 0);
    expect([pulls(here.outer), pulls(here.inner)]).toEqual([0, 0]);
    expect([pulls(there.outer), pulls(there.inner)]).toEqual([20, nested]);
    expect(here.outer.statistics().map(({ pending }) => pending)).toEqual([0, 0]);
    expect(there.outer.statistics().map(({ pending }) => pending)).toEqual([0, 0]);
  });

  it('are refused where they are none', () => {
    const { outer } = make('one');
    for (const bad of [
      null,
      {},
      { own: 1, nested: {} },
      { own: { at: 'x' }, nested: {} },
      { own: { at: 1 }, nested: {} },
    ]) {
      expect(() => outer[strategyMark].readOutcome('id', bad as never)).toThrow(
        expect.objectContaining({ code: 'ERR_SNAPSHOT' }),
      );
    }
    expect(outer[strategyMark].outcomeOf('nobody')).toBeUndefined();
  });
});

describe('a strategy that is shared', () => {
  it('asks who joins a truth, tells what it served, and has ids of its own', () => {
    const { outer } = make('one');
    outer[strategyMark].relabel('two');
    const settled: (string | undefined)[] = [];
    const joins: (() => unknown)[] = [];
    const tap: ReplicaTap = {
      settled: (id) => void settled.push(id),
      record: (_, join) => {
        joins.push(join);
        return 'pending';
      },
      audited: () => undefined,
    };
    outer[strategyMark].tap(tap);
    const { requestId } = outer.serve(1);
    outer.predict(1);
    expect(requestId).toContain('.two.');
    expect(settled).toEqual([requestId, undefined]);
    expect([outer.record(requestId, 1), outer.recordReward(requestId, 1)]).toEqual(['pending', 'pending']);
    expect(joins.map((join) => join())).toEqual(['recorded', 'duplicate']);
    // A truth that comes with its request is nobody else's business.
    const alone = outer.serve(1, { truth: 1 });
    expect(outer[strategyMark].standing(alone.requestId)).toBe('recorded');
    expect([settled.length, settled.at(-1), joins.length]).toEqual([3, undefined, 2]);
    outer[strategyMark].tap(undefined);
    expect(outer.record(requestId, 1)).toBe('duplicate');
  });
});
