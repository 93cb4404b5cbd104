import { describe, expect, it } from 'vitest';
import { ABTest } from '../../src/abtest/index.ts';
import { MaturedPrefix } from '../../src/abtest/MaturedPrefix.ts';
import { ManualClock } from '../../src/core/index.ts';
import { absoluteError, accuracy } from '../../src/metrics/index.ts';
import type { Outcome } from '../../src/metrics/Outcome.ts';
import { MemoryHub, share } from '../../src/sharing/index.ts';

const WINDOW = 1000;
const outcome = (requestId: string): Outcome =>
  ({ requestId, variant: 'a', status: 'ok', at: 0 }) as unknown as Outcome;

describe('requests of another replica', () => {
  function create() {
    const released: string[] = [];
    return { released, prefix: new MaturedPrefix(({ requestId }) => released.push(requestId!), WINDOW) };
  }

  it('are handed on once their window is over, and not before', () => {
    const { released, prefix } = create();
    prefix.adopt('far', 0);
    prefix.close('far', outcome('far'));
    prefix.adopt('never', 0);
    prefix.open('near', 10);
    prefix.close('near', outcome('near'));
    expect([released, prefix.held]).toEqual([['near'], { requests: 1, foreign: 1, foreignUntil: WINDOW }]);
    prefix.expire(WINDOW);
    expect(released).toEqual(['near']);
    prefix.expire(WINDOW + 1);
    expect([released, prefix.held]).toEqual([['near', 'far'], { requests: 0, foreign: 0, foreignUntil: undefined }]);
  });

  it('wait over a restart', () => {
    const before = create();
    before.prefix.adopt('far', 0);
    before.prefix.close('far', outcome('far'));
    const { released, prefix } = create();
    prefix.load(JSON.parse(JSON.stringify(before.prefix.toJSON())));
    prefix.expire(WINDOW + 1);
    expect(released).toEqual(['far']);
  });

  it('that were served here as well stay in their place', () => {
    const { released, prefix } = create();
    prefix.open('first', 0);
    prefix.open('both', 1);
    prefix.adopt('both', 1);
    prefix.close('both', outcome('both'));
    expect(released).toEqual([]);
    prefix.close('first', outcome('first'));
    expect(released).toEqual(['first', 'both']);
  });
});

describe('a test that is shared', () => {
  const labels = {
    propensity: () => 0.5,
    floor: 0.1,
    outcomeModel: () => [
      { truth: 1, probability: 0.5 },
      { truth: 0, probability: 0.5 },
    ],
  };
  it.each([
    ['matured truths', { analyse: 'matured', metrics: [absoluteError({ role: 'goal' })] }],
    ['modelled truths', { labels, metrics: [accuracy({ role: 'goal' })] }],
  ] as const)('analyses %s wherever they are recorded', async (_, more) => {
    const clock = new ManualClock(0);
    const hub = new MemoryHub();
    const create = () =>
      new ABTest({
        name: 'moved',
        seed: 1,
        clock,
        truth: { windowMs: WINDOW },
        champion: { predict: () => 1 },
        challenger: { predict: () => 0 },
        ...more,
      } as never) as ABTest<never, never>;
    const tests = [create(), create()] as const;
    const replicas = await Promise.all(
      tests.map((test, i) => share(test as never, hub, { replica: `r${i}`, clock } as never)),
    );
    const settle = async () => {
      for (let i = 0; i < 3; i += 1) for (const replica of replicas) await replica.exchange();
    };
    const n = () => tests.map((test) => (test.summary().variants[0]!.metrics[0] as { n: number }).n);
    for (let i = 0; i < 40; i += 1) tests[0].serve(0 as never, { id: `q${i}` });
    const champions = (tests[0].summary().variants[0] as { served: number }).served;
    await settle();
    for (let i = 0; i < 40; i += 1) tests[1].record(`q${i}`, i % 2);
    await settle();
    expect(n()).toEqual([0, 0]);
    const summary = tests[1].summary();
    expect(summary.held).toEqual({ requests: 40, foreign: 40, foreignUntil: WINDOW });
    expect(summary.warnings.join()).toContain('40 truths are of requests that other replicas served');
    expect(summary.warnings.join()).toContain('1970-01-01T00:00:01.000Z');
    expect(tests[1].toText()).toContain('other replicas served');
    clock.advance(WINDOW + 1);
    await settle();
    expect(n()).toEqual([champions, champions]);
    expect(tests[1].summary().held.requests).toBe(0);
    expect(tests[1].summary().warnings.join()).not.toContain('other replicas');
    for (const replica of replicas) await replica.stop();
  });
});

describe('a test of one look', () => {
  const create = (clock: ManualClock) =>
    new ABTest({
      ...{ name: 'held', seed: 1, clock, inference: 'fixed', horizon: 60, analyse: 'matured' },
      ...{ champion: { predict: () => 0 }, challenger: { predict: () => 1 }, truth: { windowMs: WINDOW } },
      ...{ metrics: [absoluteError({ role: 'goal' })] },
    } as const);

  it('is not over while truths are held back by one that is late', () => {
    const clock = new ManualClock(0);
    const test = create(clock);
    const ids = Array.from({ length: 200 }, () => test.serve(0 as never).requestId);
    for (const [i, id] of ids.slice(1, 150).entries()) test.record(id, 1 + 0.1 * (i % 3));
    expect(test.summary().held).toEqual({ requests: 149, foreign: 0, foreignUntil: undefined });
    expect(test.decide().decision).toBe('CONTINUE');
    test.record(ids[0]!, 1);
    expect(test.summary().held.requests).toBe(0);
    expect(test.decide()).toMatchObject({ decision: 'PROMOTE' });
  });
});
