import { describe, expect, it } from 'vitest';
import { ABTest, type ABTestEvent, nonInferiorityRule, notebookRule } from '../../src/abtest/index.ts';
import { ManualClock, type Snapshot, SnapshotError } from '../../src/core/index.ts';
import { absoluteError, errorRate, type Metric } from '../../src/metrics/index.ts';
import { createRng } from '../../src/random/index.ts';

const right = { predict: (x: number) => x };
/** Fails in about so many of a hundred inputs. */
const failing = (percent: number) => ({
  predict: (x: number) => {
    if (x % 100 < percent) throw new Error('no');
    return x;
  },
});
const inputs = createRng('kill').fork('inputs');
const inputOf = (): number => Math.floor(inputs.next() * 1e6);

function create(more: object = {}, challenger: unknown = failing(20)) {
  const metrics = [absoluteError({ role: 'goal' })] as readonly Metric[];
  const options = { champion: right, challenger, name: 't', seed: 3, clock: new ManualClock(0), metrics, ...more };
  const test = new ABTest(options as never) as ABTest<never, never>;
  const killed: ABTestEvent[] = [];
  test.on('killed', (event) => killed.push(event));
  return { test, killed, options };
}

const drive = (
  test: { predict(x: never, r?: object): unknown },
  n: number,
  request: (i: number) => object = () => ({}),
) => {
  for (let i = 0; i < n; i += 1) {
    try {
      test.predict(inputOf() as never, request(i));
    } catch {
      // The model's own error, which the caller gets.
    }
  }
};

describe('the kill switch', () => {
  it.each<[string, object]>([
    ['anytime', {}],
    ['fixed', { inference: 'fixed', horizon: 100_000 }],
    ['group-sequential', { inference: { groupSequential: { looks: [50_000, 100_000] } } }],
    ['bayesian', { inference: 'bayesian' }],
    ['paired', { mode: 'paired' }],
    ['notebook', { decision: notebookRule() }],
    ['non-inferiority', { decision: nonInferiorityRule() }],
  ])('rejects a challenger that fails, between looks and without a label: %s', (_, more) => {
    const { test, killed } = create(more);
    drive(test, 600);
    expect(killed).toHaveLength(1);
    expect(killed[0]).toMatchObject({
      type: 'killed',
      variant: 'challenger',
      version: '1',
      failures: [0, expect.any(Number)],
    });
    const decision = test.decide();
    expect(decision).toMatchObject({ decision: 'REJECT', variant: undefined, remaining: undefined });
    expect(decision.reasons).toMatchObject([{ rule: 'kill-switch', verdict: 'fail', variant: 'challenger' }]);
    expect(test.summary().killed).toMatchObject([{ variant: 'challenger', alpha: 0.001 }]);
    expect(test.toText()).toContain('kill-switch');
  });

  it('leaves alone a challenger that fails no more often, or by no more than the margin of the guardrail', () => {
    const quiet = [
      create({ champion: failing(5) }, failing(5)),
      create({ metrics: [errorRate({ role: 'guardrail', margin: { absolute: 0.3 } })] }),
      create({ champion: failing(5), metrics: [errorRate({ role: 'guardrail', margin: { relative: 4 } })] }),
      create({ metrics: [errorRate({ role: 'guardrail', margin: { absolute: 1 } })] }),
      create({ killSwitch: false }),
      create({ killSwitch: false, inference: { groupSequential: { looks: [50_000] } } }),
    ];
    for (const { test, killed } of quiet) {
      drive(test, 800);
      expect(killed).toEqual([]);
    }
    expect(quiet.at(-1)!.test.decide().decision).toBe('CONTINUE');
    expect(quiet[0]!.test.summary().killed).toEqual([]);
  });

  it('counts the failures of one unit once', () => {
    const { test, killed } = create({}, failing(100));
    drive(test, 2000, (i) => ({ unit: `u${i % 8}` }));
    expect(killed).toEqual([]);
    drive(test, 200, (i) => ({ unit: `v${i}` }));
    expect(killed).toHaveLength(1);
  });

  it('gives all traffic to the champion at once where it is asked to', () => {
    const { test, killed } = create({ killSwitch: { serveChampion: true } });
    drive(test, 600);
    expect(killed).toHaveLength(1);
    expect(test.shares).toEqual({ champion: 1, challenger: 0 });
    expect(test.history.at(-1)).toMatchObject({ type: 'epoch', actor: 'kill-switch', shares: { challenger: 0 } });
    const { requests } = killed[0] as { requests: readonly number[] } & ABTestEvent;
    expect(requests[0]! + requests[1]!).toBeLessThan(300);
    for (let i = 0; i < 200; i += 1) expect(test.predict(i as never)).toBe(i);
    expect(test.decide().decision).toBe('REJECT');
  });

  it('rejects only those that fail, of several, each with its part of the budget', () => {
    const { test, killed } = create({ challenger: undefined, challengers: { good: right, bad: failing(30) } });
    drive(test, 900);
    expect(killed).toMatchObject([{ variant: 'bad', alpha: 0.0005 }]);
    const { decision, reasons } = test.decide();
    expect(decision).toBe('CONTINUE');
    expect(reasons.filter(({ variant }) => variant === 'bad')).toMatchObject([{ rule: 'kill-switch' }]);
  });

  it('promotes none that was killed, whatever a rule says', () => {
    const rule = {
      name: 'own',
      decide: () => ({ decision: 'PROMOTE', variant: 'bad', reasons: [], remaining: undefined, rule: 'own' }) as const,
    };
    const { test } = create({ challenger: undefined, challengers: { good: right, bad: failing(30) }, decision: rule });
    expect(test.decide().decision).toBe('PROMOTE');
    drive(test, 900);
    expect(test.decide()).toMatchObject({ decision: 'CONTINUE', rule: 'own', reasons: [{ rule: 'kill-switch' }] });
  });

  it('remembers over a restart; another version of the model starts anew', () => {
    const { test, options } = create();
    drive(test, 600);
    const snapshot = JSON.parse(JSON.stringify(test.snapshot())) as Snapshot;
    const again = ABTest.restore(snapshot, options as never) as ABTest<never, never>;
    expect(again.decide().decision).toBe('REJECT');
    expect(again.summary().killed).toEqual(test.summary().killed);
    const fixed = { ...options, challenger: { model: right, version: '2' } };
    expect(ABTest.restore(snapshot, fixed as never).decide().decision).toBe('CONTINUE');
    const { own } = (snapshot as unknown as { state: { own: { killed: unknown } } }).state;
    own.killed = [{ variant: 'challenger' }];
    expect(() => ABTest.restore(snapshot, options as never)).toThrow(SnapshotError);
  });

  it('adds what replicas have seen, none of whom could kill alone', () => {
    const replicas = ['a', 'b', 'c'].map((replica) => create({ replica }));
    for (const { test } of replicas) drive(test, 75);
    const [first, ...others] = replicas;
    expect(replicas.flatMap(({ killed }) => killed)).toEqual([]);
    for (const { test } of others) first!.test.mergeDelta(test.takeDelta()!);
    expect(first!.killed).toHaveLength(1);
    expect(first!.test.decide().decision).toBe('REJECT');
  });

  it.each([
    [{ alpha: 0 }, 'killSwitch.alpha'],
    [{ serveChampion: 'yes' }, 'killSwitch.serveChampion'],
    [{ margin: 1 }, 'killSwitch.margin must be left out'],
    [true, 'killSwitch'],
  ])('refuses %j', (killSwitch, message) => {
    expect(() => create({ killSwitch })).toThrow(message);
  });
});

describe('a kill switch that is none', () => {
  it('is refused: null is no way to turn it off', () => {
    expect(() => create({ killSwitch: null })).toThrow('killSwitch must be an options object, got null');
  });

  it('is not restored from reports that say nothing', () => {
    const { test, options } = create();
    drive(test, 400);
    const saved = JSON.parse(JSON.stringify(test.snapshot())) as { state: { own: { killed: unknown[] } } };
    const { killed } = saved.state.own;
    expect(killed).toHaveLength(1);
    for (const broken of [
      null,
      { ...(killed[0] as object), failures: undefined },
      { ...(killed[0] as object), pValue: 'x' },
    ]) {
      saved.state.own.killed = [broken];
      expect(() => ABTest.restore(saved as never, options as never)).toThrow(SnapshotError);
    }
  });
});
