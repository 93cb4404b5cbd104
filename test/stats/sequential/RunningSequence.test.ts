import { describe, expect, it } from 'vitest';
import { asymptoticMeanSequence, informationSequence, RunningSequence } from '../../../src/stats/sequential/index.ts';
import { expectClose, type GoldenFile, readGolden } from '../../support/golden.ts';
import { conclusive } from './support.ts';

interface Input {
  x: number[];
  y: number[];
  sigma2: number;
  tau2: number;
  theta0: number;
}
const golden =
  readGolden<GoldenFile<Input, { logLambda: number[]; alwaysValidP: number[]; confidenceSequence?: unknown }>>(
    'sequential.json',
  );

describe('RunningSequence', () => {
  for (const { id, kind, input, expected } of golden.cases) {
    if (kind !== 'msprtSequence' && kind !== 'msprtBernoulliSequence') continue;
    it(`keeps the always-valid p-value of the mixture SPRT: ${id}`, () => {
      const running = new RunningSequence();
      let [sumX, sumY] = [0, 0];
      for (const [i, x] of input.x.entries()) {
        sumX += x;
        sumY += input.y[i]!;
        const n = i + 1;
        const [p, q] = [sumX / n, sumY / n];
        const pairVariance = kind === 'msprtSequence' ? 2 * input.sigma2 : p * (1 - p) + q * (1 - q);
        const information = pairVariance > 0 ? n / pairVariance : 0;
        const part = { estimate: q - p, information };
        const look = informationSequence(part, { rho: 1 / input.tau2, nullValue: input.theta0 });
        running.push(look);
        if (kind === 'msprtSequence')
          expectClose(conclusive(look).logEValue!, expected.logLambda[i]!, 1e-10, `log ${n}`);
        expectClose(running.pValue, expected.alwaysValidP[i]!, 1e-10, `p ${n}`);
      }
    });
  }

  const look = (n: number, mean: number, alpha = 0.05) => asymptoticMeanSequence({ n, mean, variance: 1 }, { alpha });

  it('intersects the intervals, and has none where they exclude each other', () => {
    const running = new RunningSequence();
    expect([running.looks, running.pValue, running.interval]).toEqual([0, 1, [-Infinity, Infinity]]);
    running.push(look(10, 5));
    expect(running.looks).toBe(0);
    const [first, second] = [conclusive(look(400, 0.4)), conclusive(look(500, 0.2))];
    running.push(first).push(second);
    expect(running.interval).toEqual([first.interval[0], second.interval[1]]);
    expect(running.pValue).toBe(Math.min(first.pValue, second.pValue));
    expect(running.looks).toBe(2);
    const beyond = { ...first, interval: [second.interval[1], 9] as const };
    expect(running.push(beyond).interval).toEqual([second.interval[1], second.interval[1]]);
    expect(running.push(look(1e6, -3)).interval).toBeUndefined();
  });

  it('continues from JSON bit for bit, open ends included', () => {
    for (const looks of [[], [look(400, 0.4)], [look(400, 0.4), look(500, 0.2)]]) {
      const running = new RunningSequence();
      for (const each of looks) running.push(each);
      const twin = RunningSequence.fromJSON(JSON.parse(JSON.stringify(running)));
      expect(twin.toJSON()).toEqual(running.toJSON());
      expect(twin.push(look(900, 0.25)).toJSON()).toEqual(running.push(look(900, 0.25)).toJSON());
    }
    expect(() => RunningSequence.fromJSON({ kind: 'moments' } as never)).toThrow('running-sequence');
    for (const key of ['looks', 'pValue']) {
      expect(() => RunningSequence.fromJSON({ ...new RunningSequence().toJSON(), [key]: 'x' })).toThrow(
        `${key} in the state`,
      );
    }
  });

  it('combines only looks of one level that are valid at any time', () => {
    const running = new RunningSequence().push(look(400, 0.4));
    expect(() => running.push(look(400, 0.4, 0.01))).toThrow(
      'result.level must be 0.95, the level of the looks before',
    );
    expect(() => running.push({ ...look(400, 0.4), validity: 'fixed-n' })).toThrow(
      "result.validity must be 'anytime': only such looks may be combined",
    );
  });
});
