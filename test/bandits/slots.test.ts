import { describe, expect, it } from 'vitest';
import {
  type Arms,
  type BanditStrategy,
  EpsilonGreedy,
  KLUCB,
  LinUCB,
  maxErrorRate,
  ThompsonSampling,
  UCB,
} from '../../src/bandits/index.ts';
import { ManualClock } from '../../src/core/index.ts';

const models = (n: number): Record<string, { predict(x: number): number }> =>
  Object.fromEntries(Array.from({ length: n }, (_, i) => [`ad ${i}`, { predict: (x: number) => x + i }]));
const clock = () => new ManualClock(0);

describe('several slots at once', () => {
  it('serves different arms, each with an id, a place and an answer of its own', () => {
    const bandit = new KLUCB({ arms: models(6), seed: 1, clock: clock() });
    const stories = bandit.serveSlots(10, 4, { id: 'page' });
    expect(stories.map(({ requestId }) => requestId)).toEqual(['page/1', 'page/2', 'page/3', 'page/4']);
    expect(stories.map(({ slot }) => slot)).toEqual([1, 2, 3, 4]);
    expect(new Set(stories.map(({ variant }) => variant)).size).toBe(4);
    for (const { variant, prediction } of stories) expect(prediction).toBe(10 + Number(variant.slice(3)));
    expect(bandit.recordReward('page/2', 1)).toBe('recorded');
    expect(bandit.statistics().map(({ pulls }) => pulls)).toContain(1);
    expect(new Set(bandit.serveSlots(1, 3).map(({ requestId }) => requestId)).size).toBe(3);
  });

  it('learns which arms belong on the page', () => {
    const bandit = new ThompsonSampling({ arms: models(8), seed: 3, clock: clock() });
    for (let page = 0; page < 300; page += 1) {
      for (const { requestId, variant } of bandit.serveSlots(0, 3)) {
        bandit.recordReward(requestId, ['ad 1', 'ad 4', 'ad 6'].includes(variant) ? 1 : 0);
      }
    }
    expect(
      bandit
        .serveSlots(0, 3)
        .map(({ variant }) => variant)
        .sort(),
    ).toEqual(['ad 1', 'ad 4', 'ad 6']);
  });

  it.each<[string, (holdout: object) => unknown]>([
    [
      'epsilon-greedy',
      (h) => new EpsilonGreedy({ arms: models(4), epsilon: 0.3, logPropensities: true, seed: 5, ...h }),
    ],
    [
      'UCB with a floor',
      (h) => new UCB({ arms: models(4), explorationFloor: 0.4, logPropensities: true, seed: 5, ...h }),
    ],
  ])('knows the propensity of every place: %s, also with a share held out', (_, create) => {
    for (const holdout of [
      {},
      { holdout: { share: 0.3, by: 'random' } },
      { holdout: { share: 0.3, by: 'baseline' } },
    ]) {
      const bandit = create(holdout) as BanditStrategy<Arms>;
      for (let i = 0; i < 12; i += 1) bandit.recordReward(bandit.serve(0 as never).requestId, i % 3 === 0 ? 1 : 0);
      bandit.setMode('frozen');
      const counts: Record<string, number> = {};
      const stated: Record<string, number> = {};
      const draws = 1500;
      for (let k = 0; k < draws; k += 1) {
        const stories = bandit.serveSlots(0 as never, 2) as never as {
          requestId: string;
          variant: string;
          propensity: number;
        }[];
        const [first, second] = stories.map(({ variant }) => variant) as [string, string];
        const [p, q] = stories.map(({ propensity }) => propensity) as [number, number];
        for (const [what, probability] of [
          [first, p],
          [`${first} ${second}`, p * q],
        ] as const) {
          counts[what] = (counts[what] ?? 0) + 1;
          stated[what] = probability;
        }
        // Nothing stays in flight, so that the law is the same for each draw.
        for (const { requestId } of stories) bandit.recordReward(requestId, 0);
      }
      expect(Object.keys(stated).length).toBeGreaterThan(8);
      for (const [what, p] of Object.entries(stated)) {
        const error = Math.sqrt((p * (1 - p)) / draws);
        expect(Math.abs(counts[what]! / draws - p), what).toBeLessThanOrEqual(4.5 * error + 3 / draws);
      }
    }
  });

  it('cannot know it below the first place of one draw of beliefs', () => {
    const bandit = new ThompsonSampling({ arms: models(4), logPropensities: true, seed: 5 });
    const [first, second] = bandit.serveSlots(0, 2);
    expect(first!.propensity).toBeCloseTo(0.25, 8);
    expect(second!.propensity).toBeUndefined();
  });

  it('leaves out a slot that fails, and throws where all do', () => {
    const broken = (): { predict(x: number): number } => ({
      predict: () => {
        throw new Error('no ad');
      },
    });
    const bandit = new UCB<Arms>({ arms: { a: broken(), ...models(2) }, seed: 1, ties: 'first' });
    expect(bandit.serveSlots(0 as never, 3).map(({ slot }) => slot)).toEqual([2, 3]);
    expect(bandit.statistics()[0]).toMatchObject({ errorRate: 1, pulls: 1, pending: 0, meanReward: 0 });
    const hopeless = new UCB<Arms>({ arms: { a: broken(), b: broken() }, seed: 1 });
    expect(() => hopeless.serveSlots(0 as never, 2)).toThrow('no ad');
  });

  it('serves fewer where guards leave fewer, and the fixed order as an apprentice', () => {
    const arms = { a: { predict: () => Number.NaN }, ...models(2) };
    const guards = [maxErrorRate(0.1, { minSamples: 1 })];
    const bandit = new UCB({ arms, guards, seed: 1, clock: clock() });
    expect(bandit.serveSlots(0, 3).length).toBe(3);
    expect(bandit.serveSlots(0, 3).length).toBe(2);
    const apprentice = new UCB({ arms: models(4), mode: 'apprentice', baseline: 'ad 2', seed: 1 });
    expect(apprentice.serveSlots(0, 3).map(({ variant }) => variant)).toEqual(['ad 2', 'ad 0', 'ad 1']);
  });

  it('answers with the baseline first where the context is none', () => {
    const bandit = new LinUCB({ arms: models(4), dimension: 2, seed: 1, baseline: 'ad 3' });
    const stories = bandit.serveSlots(0, 2, { context: [1] });
    expect(stories.map(({ variant }) => variant)).toEqual(['ad 3', 'ad 0']);
    expect(bandit.statistics().every(({ pending }) => pending === 0)).toBe(true);
  });

  it('refuses impossible numbers of slots, and a truth for all', () => {
    const bandit = new UCB({ arms: models(3), seed: 1 });
    for (const slots of [0, 4, 1.5, Number.NaN]) expect(() => bandit.serveSlots(0, slots)).toThrow('slots must be');
    expect(() => bandit.serveSlots(0, 2, { truth: 1 } as never)).toThrow('request.truth must be left out');
    expect(() => bandit.serveSlots(0, 2, { id: '' })).toThrow('request.id');
  });
});
