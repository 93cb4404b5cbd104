import { createRng } from 'coronate/random';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  expectedFabYield,
  FAB_NOISE,
  FABS,
  type FabOptions,
  fabContext,
  lawOf,
  makeFabWafers,
} from '../../examples/lib/data/fabs.ts';
import { type FabModels, trainEqualFabModels, trainFabModels } from '../../examples/lib/train/fabs.ts';
import { expectMean, expectRate, mean } from './statistics.ts';

function rewards(models: FabModels, options: FabOptions): Record<keyof FabModels, number> {
  const wafers = makeFabWafers(createRng(5), 2000, options);
  const of = (name: keyof FabModels) =>
    mean(wafers.map((wafer) => 1 - Math.min(Math.abs(models[name].predict(wafer.row) - wafer.yield) / 10, 1)));
  return { linear: of('linear'), forest: of('forest'), neural: of('neural') };
}

describe('fab wafers', () => {
  const wafers = makeFabWafers(createRng(1), 20_000);

  it('come from the seed alone: all fabs alike, products by their shares, days in order', () => {
    expect(makeFabWafers(createRng(1), 20_000)).toEqual(wafers);
    for (const fab of FABS)
      expectRate(
        wafers.map((w) => w.fab === fab),
        0.2,
        fab,
      );
    expectRate(
      wafers.map((w) => w.product === 'radio'),
      0.2,
    );
    expect([wafers[0]!.day, wafers.at(-1)!.day]).toEqual([0, 364]);
    expect(wafers.every((w, i) => i === 0 || w.day >= wafers[i - 1]!.day)).toBe(true);
  });

  it('scatter around the formula with a mean absolute error of √(2/π)', () => {
    const errors = wafers.map((w) => w.yield - expectedFabYield(lawOf(w.fab, w.product), w.product, w.row));
    expectMean(errors, 0);
    expectMean(errors.map(Math.abs), FAB_NOISE * Math.sqrt(2 / Math.PI));
  });

  it('follow another law from the day of a change on', () => {
    const changes = [{ fab: 'B', day: 200, law: 'steps' }] as const;
    expect([
      lawOf('B', 'logic', 199, changes),
      lawOf('B', 'logic', 200, changes),
      lawOf('A', 'logic', 300, changes),
    ]).toEqual(['line', 'steps', 'line']);
    expect(lawOf('E', 'radio')).toBe('line');
    const after = makeFabWafers(createRng(2), 500, { fab: 'B', days: [200, 300], changes });
    expectMean(
      after.map((w) => w.yield - expectedFabYield('steps', w.product, w.row)),
      0,
    );
  });

  it('have a context of nine numbers', () => {
    expect(fabContext({ fab: 'C', product: 'radio', day: 73 })).toEqual([0, 0, 1, 0, 0, 0, 0, 1, 0.2]);
  });
});

describe('fab models', () => {
  let models: FabModels;
  beforeAll(async () => {
    models = await trainFabModels(3);
  });

  it.each([
    ['A', 'linear'],
    ['B', 'linear'],
    ['C', 'forest'],
    ['D', 'forest'],
    ['E', 'neural'],
  ] as const)('in fab %s the best is %s, by a reward of at least 0.15', (fab, best) => {
    const got = rewards(models, { fab });
    const others = Object.entries(got).filter(([name]) => name !== best);
    for (const [name, reward] of others) expect(got[best] - reward, `${best} over ${name}`).toBeGreaterThan(0.15);
  });

  it('lose at least 0.35 when the law of their fab changes', () => {
    const changes = [{ fab: 'B', day: 0, law: 'steps' }] as const;
    const before = rewards(models, { fab: 'B' });
    const after = rewards(models, { fab: 'B', changes });
    expect(before.linear - after.linear).toBeGreaterThan(0.35);
    expect(after.forest - after.linear).toBeGreaterThan(0.35);
  });

  it('are all the same in the control, within 0.03', () => {
    const control = trainEqualFabModels(3);
    for (const fab of FABS) {
      const got = Object.values(rewards(control, { fab }));
      expect(Math.max(...got) - Math.min(...got)).toBeLessThan(0.03);
    }
  });
});
