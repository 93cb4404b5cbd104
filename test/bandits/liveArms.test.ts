import { describe, expect, it } from 'vitest';
import { type Arms, KLUCB, SegmentBandit, ThompsonSampling, UCB } from '../../src/bandits/index.ts';
import { ManualClock, type Snapshot } from '../../src/core/index.ts';
import { closeness } from '../../src/metrics/index.ts';

const right = { predict: (x: number) => x };
const wrong = { predict: (x: number) => x + 9 };
const reward = closeness({ scale: 10 });
const clock = () => new ManualClock(0);
const codeOf = (code: string) => expect.objectContaining({ code });

describe('arms added and removed while requests run', () => {
  it('tries a new arm, learns of it, and writes it down', () => {
    const bandit = new UCB<Arms>({ arms: { wrong }, reward, seed: 1, clock: clock() });
    for (let i = 0; i < 20; i += 1) bandit.record(bandit.serve(i as never).requestId, i);
    bandit.addArm('right', right, 'ada');
    for (let i = 0; i < 200; i += 1) bandit.record(bandit.serve(i as never).requestId, i);
    expect(bandit.arms).toEqual(['wrong', 'right']);
    expect(bandit.bestArm()).toBe('right');
    expect(bandit.history.at(-1)).toMatchObject({ type: 'arm-added', arm: 'right', actor: 'ada' });
  });

  it('starts it from its prior, in every segment', () => {
    const prior = { alpha: 90, beta: 10 };
    const options = { contextOf: (x: number) => `s${x}`, segmentOf: (s: string) => s, reward, seed: 1 };
    const bandit = new SegmentBandit<Arms, string>({ arms: { wrong }, ...options } as never);
    bandit.serve(1 as never);
    bandit.addArm('right', { model: right, prior });
    bandit.serve(2 as never);
    for (const name of ['s1', 's2']) {
      expect(bandit.segment(name)!.statistics()[1]!.estimate).toBeCloseTo(0.9, 12);
    }
  });

  it('refuses taken names, objects that are no models and bad priors, and is as it was', () => {
    const bandit = new ThompsonSampling<Arms>({ arms: { right, wrong }, reward, seed: 1, clock: clock() });
    const before = bandit.snapshot();
    expect(() => bandit.addArm('right', right)).toThrow('name must be a name that no other variant has');
    expect(() => bandit.addArm('', right)).toThrow(codeOf('ERR_INVALID_OPTION'));
    expect(() => bandit.addArm('c', {} as never)).toThrow('c must be a model');
    expect(() => bandit.addArm('c', null as never)).toThrow('c must be a model');
    expect(() => bandit.addArm('c', { model: right, prior: { alpha: -1, beta: 1 } })).toThrow('alpha');
    expect(() => bandit.removeArm('nobody')).toThrow(codeOf('ERR_UNKNOWN_VARIANT'));
    expect(() => bandit.removeArm('right')).toThrow('arm must be another one than the baseline');
    expect(bandit.snapshot()).toEqual(before);
    bandit.addArm('c', right);
    expect(bandit.arms).toEqual(['right', 'wrong', 'c']);
  });

  it('refuses rewards of an arm that is gone, also where another one has its name since', () => {
    const bandit = new UCB<Arms>({ arms: { right, wrong }, baseline: 'right', reward, seed: 1, clock: clock() });
    const { requestId } = [1, 2, 3, 4].map((x) => bandit.serve(x as never)).find((s) => s.variant === 'wrong')!;
    bandit.removeArm('wrong');
    bandit.addArm('wrong', right);
    expect(bandit.record(requestId, 1)).toBe('recorded');
    expect(bandit.statistics()[1]).toMatchObject({ arm: 'wrong', pulls: 0, pending: 0, served: 0 });
    expect(bandit.counts).toMatchObject({ refused: 1, rewards: 0 });
    expect(bandit.history.at(-1)).toMatchObject({ type: 'reward-refused', arm: 'wrong' });
  });

  it('restores with the arms of the time of the snapshot', () => {
    const bandit = new KLUCB<Arms>({ arms: { wrong, right }, reward, seed: 1, clock: clock() });
    bandit.addArm('third', right);
    bandit.removeArm('right');
    for (let i = 0; i < 30; i += 1) bandit.record(bandit.serve(i as never).requestId, i);
    const snapshot = JSON.parse(JSON.stringify(bandit.snapshot())) as Snapshot;
    const options = { reward, seed: 1, clock: clock() };
    expect(() => KLUCB.restore(snapshot, { arms: { wrong, right }, ...options })).toThrow(/snapshot's arms must be/);
    const twin = KLUCB.restore(snapshot, { arms: { wrong, third: right }, ...options });
    const run = (b: { serve(x: number): { variant: string } }) =>
      Array.from({ length: 30 }, (_, i) => b.serve(i).variant);
    expect(run(twin)).toEqual(run(bandit as never));
  });

  it('adopts a nested strategy, and lets it hear truths until it is removed', () => {
    const inner = new UCB({ arms: { right }, reward, seed: 1, name: 'inner', clock: clock() });
    const bandit = new UCB<Arms>({ arms: { wrong }, reward, seed: 1, clock: clock() });
    bandit.addArm('inner', inner as never);
    expect(() => bandit.addArm('again', inner as never)).toThrow('stands in it twice');
    for (let i = 0; i < 20; i += 1) bandit.record(bandit.serve(i as never).requestId, i);
    expect(inner.statistics()[0]!.pulls).toBeGreaterThan(5);
    expect(Object.keys(bandit.snapshot().nested)).toEqual(['inner']);
    bandit.removeArm('inner');
    expect(Object.keys(bandit.snapshot().nested)).toEqual([]);
  });
});
