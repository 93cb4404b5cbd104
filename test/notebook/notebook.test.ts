import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { testChallenger } from '../../examples/notebook/abtest.ts';
import { playBandits } from '../../examples/notebook/bandits.ts';
import { rollOutCanaries } from '../../examples/notebook/canary.ts';
import { Figures } from '../../examples/notebook/Figures.ts';
import { watchShadows } from '../../examples/notebook/shadow.ts';
import { type Stage, setStage } from '../../examples/notebook/stage.ts';

// The program of `npm run notebook`, with forests of fewer trees: they are worse models all the same.
describe('the notebook', () => {
  const lines: string[] = [];
  const figures = new Figures();
  let stage: Stage;
  beforeAll(async () => {
    vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
    vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
    stage = await setStage([15, 10]);
  });
  afterAll(() => {
    vi.restoreAllMocks();
  });

  it('trains the line that scikit-learn trained', () => {
    const { linear, test, expected } = stage;
    test.rows.forEach((row, i) => {
      expect(Math.abs(linear.predict(row) - expected.testPredictions.linear[i]!)).toBeLessThan(1e-9);
    });
  });

  it('computes what the notebook computed, does right what it did wrong, and all figures agree', async () => {
    testChallenger(stage, figures);
    rollOutCanaries(stage, figures);
    playBandits(stage, figures);
    await watchShadows(stage, figures);
    expect(figures.wrong).toEqual([]);
    expect(figures.all.length).toBeGreaterThanOrEqual(27);
  });

  it('fits 80 columns', () => {
    expect(lines.flatMap((line) => line.split('\n')).filter((line) => line.length > 80)).toEqual([]);
  });
});

describe('Figures', () => {
  it('sees a figure that differs', () => {
    const figures = new Figures();
    figures.number('a', 1 + 1e-6, 1);
    figures.same('b', [1], [2]);
    figures.holds('c', false);
    figures.number('d', 1, 1);
    expect(figures.wrong.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });
});
