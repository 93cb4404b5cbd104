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
    expect([released, prefix.held]).toEqual([['near'], 1]);
    prefix.expire(WINDOW);
    expect(released).toEqual(['near']);
    prefix.expire(WINDOW + 1);
    expect([released, prefix.held]).toEqual([['near', 'far'], 0]);
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
    clock.advance(WINDOW + 1);
    await settle();
    expect(n()).toEqual([champions, champions]);
    for (const replica of replicas) await replica.stop();
  });
});
