import { describe, expect, it } from 'vitest';
import {
  asymptoticMeanSequence,
  classicalBoundaries,
  groupSequentialBoundaries,
  informationSequence,
  multinomialLogEValue,
  obrienFlemingSpending,
  RunningSequence,
  rateRatioSequence,
} from '../../../src/stats/sequential/index.ts';
import { expectClose } from '../../support/golden.ts';
import { conclusive } from './support.ts';

describe('nasty case 10: sequential state', () => {
  it('never lets a p-value rise again where looks are combined', () => {
    const running = new RunningSequence();
    let before = 1;
    for (const mean of [0.1, 0.5, 0, 0.02, 0.6]) {
      running.push(asymptoticMeanSequence({ n: 400, mean, variance: 1 }));
      expect(running.pValue).toBeLessThanOrEqual(before);
      before = running.pValue;
    }
  });

  it('works in logarithms: likelihood ratios beyond e^709 neither overflow nor become NaN', () => {
    const sure = conclusive(asymptoticMeanSequence({ n: 1e6, mean: 1, variance: 1 }));
    expect(sure.logEValue!).toBeGreaterThan(1e5);
    expect(sure.eValue).toBe(Number.POSITIVE_INFINITY);
    expect(sure.pValue).toBe(0);
    expect(multinomialLogEValue([{ counts: [1e6, 0], shares: [0.5, 0.5] }])).toBeGreaterThan(6e5);
    const rates = conclusive(
      rateRatioSequence([{ first: { successes: 1e5, trials: 1e6 }, second: { successes: 1, trials: 1e6 } }]),
    );
    expect(rates.interval.every(Number.isFinite)).toBe(true);
  });

  it('takes no evidence from first draws that do not vary yet', () => {
    // 0 of 5 against 1 of 5: a plug-in variance of 0 in one arm, 0 / 0 before the first event.
    expect(informationSequence({ estimate: 0, information: 0 }, { rho: 1 }).status).toBe('inconclusive');
    expect(asymptoticMeanSequence({ n: 200, mean: 0, variance: 0 }).status).toBe('inconclusive');
    expect(asymptoticMeanSequence({ n: 1, mean: 1, variance: Number.NaN }).status).toBe('inconclusive');
  });

  it('spends alpha on the right number of sides', () => {
    expectClose(
      obrienFlemingSpending({ alpha: 0.05, sides: 2 })(0.3),
      2 * obrienFlemingSpending({ alpha: 0.025, sides: 1 })(0.3),
      1e-12,
    );
    for (const sides of [1, 2] as const) {
      const plan = groupSequentialBoundaries({ informationFractions: [0.5, 1], sides });
      expectClose(plan.cumulativeAlpha[1]!, 0.05, 1e-10);
      expectClose(classicalBoundaries({ looks: 3, shape: 'pocock', sides }).cumulativeAlpha[2]!, 0.05, 1e-8);
    }
  });
});
