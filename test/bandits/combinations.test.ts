import { describe, expect, it } from 'vitest';
import {
  type Arms,
  type BanditStrategy,
  type Guard,
  maxErrorRate,
  maxLatency,
  minReward,
  ThompsonSampling,
  trafficCap,
} from '../../src/bandits/index.ts';
import { ManualClock, type Snapshot } from '../../src/core/index.ts';
import { closeness } from '../../src/metrics/index.ts';
import { memories, strategies } from './support/strategies.ts';

/** Guards by name, each with what it must have done to the arm that it is about. */
const guardSets: Readonly<Record<string, readonly Guard[]>> = {
  none: [],
  maxLatency: [maxLatency(20, { minSamples: 3, coolDownMs: 1e9 })],
  maxErrorRate: [maxErrorRate(0.5, { minSamples: 3, coolDownMs: 1e9 })],
  minReward: [minReward(0.2, { minSamples: 3, coolDownMs: 50 })],
  trafficCap: [trafficCap('right', 0.25)],
  all: [maxLatency(20, { minSamples: 3 }), maxErrorRate(0.5), minReward(0.2), trafficCap('right', 0.6)],
};

const REQUESTS = 90;

/** A world of one sound arm, a slow one and a broken one, the same for each call. */
function world() {
  const clock = new ManualClock(0);
  const arms = {
    right: { predict: (x: number) => x },
    slow: {
      predict: (x: number) => {
        clock.advance(50);
        return x + 4;
      },
    },
    broken: {
      predict(): number {
        throw new Error('broken');
      },
    },
  };
  return { clock, arms };
}

function options(guards: readonly Guard[], memory: object, { clock, arms }: ReturnType<typeof world>) {
  return { arms, guards, clock, fallback: 'right', reward: closeness({ scale: 10 }), seed: 9, ...memory } as const;
}

function drive(bandit: BanditStrategy<Arms>, from: number, to: number): unknown[] {
  return Array.from({ length: to - from }, (_, k) => {
    const { requestId, variant, prediction } = bandit.serve((from + k) as never) as never as {
      requestId: string;
      variant: string;
      prediction: number;
    };
    // Every third reward comes two requests late.
    if (k % 3 > 0) bandit.record(requestId, from + k);
    return [requestId, variant, prediction];
  });
}

function check(bandit: BanditStrategy<Arms>, guard: string): void {
  const answers = drive(bandit, 0, REQUESTS) as [string, string, number][];
  expect(answers.every(([, , prediction]) => Number.isFinite(prediction))).toBe(true);
  const [right, slow, broken] = bandit.statistics();
  expect(right!.served + slow!.served + broken!.served).toBe(REQUESTS);
  expect(bandit.counts.served).toBe(REQUESTS);
  expect(bandit.counts.refused).toBe(0);
  expect(right!.pulls + slow!.pulls + broken!.pulls).toBe(bandit.counts.rewards);
  for (const arm of bandit.policy.statistics(0.9)) {
    const alone = bandit.policy.statistics(0.9, arm.arm);
    expect(alone.find((one) => one.arm === arm.arm)).toEqual(arm);
  }
  if (guard === 'maxLatency') expect(slow!.served).toBeLessThanOrEqual(3);
  if (guard === 'maxErrorRate') expect(broken!.served).toBeLessThanOrEqual(3);
  if (guard === 'trafficCap') expect(right!.served).toBeLessThanOrEqual(0.25 * REQUESTS + 1);
}

describe('a guard that reads the interval of an arm', () => {
  it.each(['every', 'one'])('asks for that of the arm alone: of %s arm', (which) => {
    const bandit = new ThompsonSampling({ ...options([minReward(0)], {}, world()), fallback: 'right' });
    const asked: (string | undefined)[] = [];
    const statistics = bandit.policy.statistics.bind(bandit.policy);
    bandit.policy.statistics = (level, arm) => {
      asked.push(arm);
      // A policy of the user's may answer with all arms.
      return statistics(level, which === 'one' ? arm : undefined);
    };
    const served = Array.from({ length: 60 }, (_, i) => bandit.serve(i).variant);
    expect(asked.length).toBeGreaterThan(10);
    expect(asked.every((arm) => arm !== undefined && (served as string[]).concat('broken').includes(arm))).toBe(true);
  });
});

describe('every policy × memory × guard', () => {
  for (const [name, { create, restore, refuses }] of Object.entries(strategies)) {
    for (const [memory, setting] of Object.entries(memories)) {
      const own = setting === undefined ? {} : { memory: setting };
      if (refuses.includes(memory)) {
        it(`${name} × ${memory} is refused at construction, with every guard`, () => {
          for (const guards of Object.values(guardSets)) {
            const attempt = () => create(options(guards, own, world()));
            expect(attempt).toThrow(expect.objectContaining({ code: 'ERR_INVALID_OPTION' }));
          }
        });
        continue;
      }
      it.each(Object.entries(guardSets))(`${name} × ${memory} × %s`, (guard, guards) => {
        const fresh = world();
        const bandit = create(options(guards, own, fresh));
        check(bandit, guard);
        // Goes on bit for bit from a snapshot, and decides the same for the same seed.
        const snapshot = JSON.parse(JSON.stringify(bandit.snapshot())) as Snapshot;
        const other = world();
        other.clock.advance(fresh.clock.now());
        const twin = restore(snapshot, options(guards, own, other));
        expect(drive(twin, REQUESTS, 120)).toEqual(drive(bandit, REQUESTS, 120));
        expect(JSON.stringify(twin.snapshot())).toBe(JSON.stringify(bandit.snapshot()));
        const [first, second] = [world(), world()].map((w) => create(options(guards, own, w)));
        expect(drive(first!, 0, 40)).toEqual(drive(second!, 0, 40));
      });
    }
  }
});
