import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { UcbPolicy } from '../../../src/bandits/policies/UcbPolicy.ts';
import { readGolden } from '../../support/golden.ts';

interface Notebook {
  readonly testPredictions: Readonly<Record<'linear' | 'randomForest100Depth10' | 'randomForest50Depth5', number[]>>;
  readonly bandit: {
    readonly ucb200: {
      readonly pulls: number[];
      readonly totalReward: number[];
      readonly meanReward: number[];
      readonly sequence: number[];
    };
  };
}

const notebook = readGolden<Notebook>('notebook-expected.json');
const { linear, randomForest50Depth5, randomForest100Depth10 } = notebook.testPredictions;
const truth = readFileSync(new URL('../../golden/wafer-tests.csv', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .slice(801)
  .map((line) => Number(line.split(',').at(-1)));

describe('UcbPolicy on the notebook', () => {
  it('picks the recorded sequence over its 200 rows, with c = 2 and the first of ties', () => {
    const policy = new UcbPolicy({ arms: ['linear', 'forest50', 'forest100'], seed: 42, ties: 'first' });
    const predictions = [linear, randomForest50Depth5, randomForest100Depth10];
    const sequence = truth.map((y, row) => {
      const arm = policy.selectIndex();
      policy.update(arm, 1 - Math.min(Math.abs(y - predictions[arm]![row]!) / 10, 1));
      return arm;
    });
    const { ucb200 } = notebook.bandit;
    expect(sequence).toHaveLength(200);
    expect(sequence).toEqual(ucb200.sequence);
    const statistics = policy.statistics();
    expect(statistics.map((s) => s.pulls)).toEqual(ucb200.pulls);
    statistics.forEach((s, i) => {
      expect(s.totalReward).toBeCloseTo(ucb200.totalReward[i]!, 10);
      expect(s.meanReward).toBeCloseTo(ucb200.meanReward[i]!, 12);
      expect(s.selectionRate).toBe(s.pulls / 200);
    });
    expect(policy.bestArm()).toBe('linear');
  });
});
