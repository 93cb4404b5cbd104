import { describe, expect, it } from 'vitest';
import {
  evaluateOffPolicy,
  LinUCB,
  LinUcbPolicy,
  type LoggedDecision,
  maxErrorRate,
  maxLatency,
  SegmentBandit,
  SegmentPolicy,
  ThompsonPolicy,
  ThompsonSampling,
} from '../../src/bandits/index.ts';
import { ManualClock, type Snapshot, SnapshotError } from '../../src/core/index.ts';

const one = { predict: (x: number) => x };
const two = { predict: (x: number) => x + 1 };
const broken = {
  predict: (): number => {
    throw new Error('out of order');
  },
};
const clock = () => new ManualClock(0);
const linear = (own: object = {}) => ({ arms: { one }, dimension: 2, seed: 1, clock: clock(), ...own });
const thetaOf = (bandit: LinUCB<{ one: typeof one }>) =>
  (bandit.policy.snapshot().state as unknown as { own: { theta: number[] }[] }).own[0]!.theta;

describe('requests that are none', () => {
  it('a bad id is an error and counts for nothing', () => {
    const bandit = new ThompsonSampling({ arms: { one, two }, seed: 1, clock: clock() });
    const untouched = JSON.stringify(bandit.snapshot());
    for (const ask of ['serve', 'predict'] as const) expect(() => bandit[ask](1, { id: '' })).toThrow('request.id');
    expect(JSON.stringify(bandit.snapshot())).toBe(untouched);
  });
});

describe('contexts', () => {
  it('are those of the decision, whatever the caller does with the list afterwards', () => {
    for (const context of [[1, 0], new Float64Array([1, 0])]) {
      const bandit = new LinUCB(linear());
      const { requestId } = bandit.serve(1, { context });
      context[0] = 0;
      context[1] = 5;
      bandit.recordReward(requestId, 1);
      expect(thetaOf(bandit)).toEqual([0.5, 0]);
    }
  });

  it('may be typed arrays in a snapshot with rewards that wait for their batch', () => {
    const bandit = new LinUCB(linear({ batchSize: 2 }));
    bandit.recordReward(bandit.serve(1, { context: new Float64Array([1, 0]) }).requestId, 1);
    const snapshot = JSON.parse(JSON.stringify(bandit.snapshot())) as Snapshot;
    const twin = LinUCB.restore(snapshot, linear({ batchSize: 2 }));
    twin.flush();
    expect(twin.counts).toMatchObject({ refused: 0, rewards: 1 });
    expect(thetaOf(twin)).toEqual([0.5, 0]);
  });

  it('that are promised are none: the baseline answers, nothing is left unhandled', async () => {
    const contextOf = () => Promise.reject(new Error('no context'));
    const bandit = new LinUCB(linear({ contextOf }));
    expect(bandit.serve(1).prediction).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(bandit.history[0]).toMatchObject({ type: 'contained-error', where: 'choice' });
  });

  it('so large that their squares overflow are refused', () => {
    const policy = new LinUcbPolicy({ arms: ['one'], dimension: 2, seed: 1 });
    expect(() => policy.update('one', 1, [1e200, 1])).toThrow('context[0] must be a finite number within ±1e+100');
  });

  it('that are all but collinear do not cost a reward when the inverse is computed anew', () => {
    const policy = new LinUcbPolicy({ arms: ['one'], dimension: 2, seed: 1 });
    for (let i = 0; i < 10_000; i += 1) policy.update('one', 1, [1e12, 1e12]);
    const [{ b, theta }] = (policy.snapshot().state as unknown as { own: [{ b: number[]; theta: number[] }] }).own;
    expect(b).toEqual([1e16, 1e16]);
    expect(1e12 * (theta[0]! + theta[1]!)).toBeCloseTo(1, 9);
  });
});

describe('rewards', () => {
  it('that the policy refuses are not counted in the comparison with the held-out share either', () => {
    const bandit = new ThompsonSampling({
      arms: { one, two },
      holdout: { share: 0.5, by: 'random' },
      reward: () => 1e9,
      seed: 1,
      clock: clock(),
    });
    for (let i = 0; i < 20; i += 1) bandit.record(bandit.serve(1).requestId, 1);
    expect(bandit.counts).toMatchObject({ refused: 20, rewards: 0 });
    expect(bandit.holdout()).toMatchObject({ bandit: { n: 0 }, control: { n: 0 } });
  });

  it('and weights so large that sums overflow are refused; up to there everything stays a number', () => {
    const policy = new ThompsonPolicy({ arms: ['one', 'two'], model: 'gaussian', seed: 1 });
    expect(() => policy.update('one', 1e200)).toThrow('reward must be a finite number within [-1e+100, 1e+100]');
    for (const reward of [1e100, -1e100, 5]) for (const arm of policy.arms) policy.update(arm, reward);
    expect(policy.statistics().every(({ interval }) => interval.every(Number.isFinite))).toBe(true);
    expect([...policy.probabilities().values()].reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 9);

    const rates = new ThompsonPolicy({ arms: ['one', 'two'], seed: 1 });
    expect(() => rates.update('one', 1, undefined, { weight: 1e200 })).toThrow('weight must be');
    rates.update('one', 1, undefined, { weight: 3e20 });
    rates.update('one', 0, undefined, { weight: 1e20 });
    expect(rates.statistics()[0]!.interval[0]).toBeCloseTo(0.75, 6);
  });

  it('of one segment are learnt in a batch in a time that grows with their number, not its square', () => {
    const policy = new SegmentPolicy({ arms: ['one'], segmentOf: () => 'all', seed: 1 });
    let reads = 0;
    const rows = new Proxy(
      Array.from({ length: 2000 }, () => ({ arm: 'one', reward: 1, context: undefined })),
      {
        get: (list, key) => {
          reads += 1;
          return Reflect.get(list, key) as unknown;
        },
      },
    );
    policy.updateBatch(rows);
    expect(policy.segment('all')!.statistics()[0]!.pulls).toBe(2000);
    expect(reads).toBeLessThan(10_000);
  });
});

describe('guards', () => {
  it('that take every arm out are told once, not with every request', () => {
    const bandit = new ThompsonSampling({
      arms: { broken, other: broken },
      guards: [maxErrorRate(0.1)],
      seed: 1,
      clock: clock(),
    });
    for (let i = 0; i < 500; i += 1) expect(() => bandit.serve(1)).toThrow('out of order');
    expect(bandit.history.map(({ type }) => type)).toEqual(['guard-tripped', 'guard-tripped', 'no-eligible-arm']);
  });

  it('ask the policy for its intervals only where they look at them', () => {
    const bandit = new ThompsonSampling({ arms: { one, two }, guards: [maxLatency(50)], seed: 1, clock: clock() });
    let asked = 0;
    const { statistics } = bandit.policy;
    bandit.policy.statistics = (level) => {
      asked += 1;
      return statistics.call(bandit.policy, level);
    };
    for (let i = 0; i < 50; i += 1) bandit.recordReward(bandit.serve(1).requestId, 1);
    expect(asked).toBe(0);
  });
});

describe('snapshots edited by hand', () => {
  const options = () => ({ arms: { one, two }, seed: 1, batchSize: 3, clock: clock() });
  type Own = { [key: string]: Own };
  const edited = (edit: (own: Own) => void): Snapshot => {
    const bandit = new ThompsonSampling(options());
    for (let i = 0; i < 7; i += 1) bandit.recordReward(bandit.serve(1).requestId, 1);
    const snapshot = JSON.parse(JSON.stringify(bandit.snapshot())) as Snapshot;
    edit((snapshot.state as unknown as { own: Own }).own);
    return snapshot;
  };
  const edits: Readonly<Record<string, (own: Own) => void>> = {
    'a count that is none': (own) => Object.assign(own.roster!.monitors![0]![1]!, { served: 'x' }),
    'a count below 0': (own) => Object.assign(own.roster!.monitors![0]![1]!, { failed: -1 }),
    'a window that is none': (own) => Object.assign(own.roster!.monitors![0]![1]!, { failures: [7] }),
    'no count of requests': (own) => Object.assign(own.roster!, { served: null }),
    'another arm in the policy': (own) => Object.assign(own.policy!.arms!, { 0: 'x' }),
    'pulls below 0': (own) => Object.assign(own.policy!.state!.columns!.n!, { 0: -1 }),
    'a mode that is none': (own) => Object.assign(own, { mode: 'eager' }),
    'rewards that are no count': (own) => Object.assign(own.rewards!.counts!, { rewards: '7' }),
    'a batch that is none': (own) => Object.assign(own.rewards!, { batch: 'x' }),
    'no reward in the batch': (own) => Object.assign(own.rewards!, { batch: [null] }),
  };

  it.each(Object.keys(edits))('%s: is refused', (name) => {
    expect(() =>
      ThompsonSampling.restore(
        edited(() => undefined),
        options(),
      ),
    ).not.toThrow();
    expect(() => ThompsonSampling.restore(edited(edits[name]!), options())).toThrow(SnapshotError);
  });
});

it('segments that are promises are no segments, and none of them ends the process', async () => {
  const escaped: unknown[] = [];
  const hear = (reason: unknown): void => void escaped.push(reason);
  process.on('unhandledRejection', hear);
  const segmentOf = (async () => Promise.reject(new Error('late'))) as never;
  const bandit = new SegmentBandit({ arms: { one, two }, segmentOf, seed: 1, clock: clock() });
  expect(bandit.predict(1, { context: 'x' })).toBe(1);
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', hear);
  expect(escaped).toEqual([]);
});

it('a segment policy refuses a count of rewards that is none', () => {
  const policy = new SegmentPolicy({ arms: ['one'], segmentOf: () => 'all', seed: 1 });
  const snapshot = policy.snapshot();
  for (const overflow of [-1, 0.5, Number.NaN]) {
    const state = { ...(snapshot.state as object), overflow } as never;
    expect(() => policy.restore({ ...snapshot, state })).toThrow(SnapshotError);
  }
});

it('deltas that take requests back are refused, and change nothing', () => {
  const make = (replica: string) => new ThompsonSampling({ arms: { one, two }, seed: 1, clock: clock(), replica });
  const [here, there] = [make('a'), make('b')];
  for (let i = 0; i < 5; i += 1) there.recordReward(there.serve(1).requestId, 1);
  const delta = JSON.parse(JSON.stringify(there.takeDelta()));
  const before = JSON.stringify(here.snapshot());
  const bent = [{ served: -5 }, { arms: delta.state.own.arms.map((arm: object) => ({ ...arm, settled: -1 })) }];
  for (const edit of bent) {
    const own = { ...delta.state.own, ...edit };
    expect(() => here.mergeDelta({ ...delta, state: { own } })).toThrow(SnapshotError);
  }
  expect(JSON.stringify(here.snapshot())).toBe(before);
  here.mergeDelta(delta);
  expect(here.counts.served).toBe(5);
});

it('logPropensities is yes or no', () => {
  expect(() => new ThompsonSampling({ arms: { one }, logPropensities: 'no' as never })).toThrow(
    'logPropensities must be true or false',
  );
});

describe('logs', () => {
  const evaluate = (log: unknown, target: () => unknown = () => [1]) =>
    evaluateOffPolicy(log as LoggedDecision[], { arms: ['one'], target: target as () => number[] });

  it('with propensities so small that weights overflow, or with no decisions, are refused by name', () => {
    const rest = { arm: 'one', reward: 0, propensity: 1 };
    expect(() => evaluate([{ ...rest, propensity: 5e-324 }, rest])).toThrow('log[0].propensity');
    expect(() => evaluate([{ ...rest, propensity: 0 }, rest])).toThrow('log[0].propensity');
    expect(() => evaluate([null])).toThrow('log[0].arm');
    expect(() => evaluate(null)).toThrow('log must be a list of decisions');
    expect(() => evaluate([rest, rest], () => undefined)).toThrow('target of log[0]');
  });
});
