import { describe, expect, it } from 'vitest';
import { exceedanceEProcess, exceedanceLogEValue, quantileSequence } from '../../../src/stats/sequential/index.ts';
import { expectClose } from '../../support/golden.ts';
import { conclusive, expectSound } from './support.ts';

describe('exceedanceEProcess', () => {
  it('concludes from the count what the quantile sequence concludes from the sample', () => {
    const sorted = Array.from({ length: 500 }, (_, i) => i + 1);
    for (const alternative of ['greater', 'less'] as const) {
      for (const limit of [450, 480, 490]) {
        const options = { quantile: 0.95, horizon: 1000, alternative };
        const sample = conclusive(quantileSequence(sorted, { ...options, nullValue: limit + 0.5 }));
        const count = conclusive(exceedanceEProcess({ successes: 500 - limit, trials: 500 }, options));
        expectClose(count.logEValue!, sample.logEValue!, 1e-9, `${alternative} ${limit}`);
        expectClose(count.estimate, (500 - limit) / 500, 1e-12);
        expectSound(count, 0.05);
        expect(exceedanceLogEValue({ successes: 500 - limit, trials: 500 }, options)).toBe(count.logEValue);
      }
    }
  });

  it('waits for observations and refuses what cannot be', () => {
    expect(exceedanceEProcess({ successes: 0, trials: 0 }, { quantile: 0.95 })).toMatchObject({
      status: 'inconclusive',
      method: 'exceedance-e-process',
    });
    expect(() => exceedanceEProcess({ successes: 1, trials: 2 }, { quantile: 1 })).toThrow('quantile');
    expect(() => exceedanceEProcess({ successes: 1, trials: 2 }, { quantile: 0.9, horizon: 0 })).toThrow('horizon');
    expect(() => exceedanceEProcess({ successes: 1, trials: 2 }, { quantile: 0.9, alpha: 2 })).toThrow('alpha');
    expect(() => exceedanceEProcess({ successes: 3, trials: 2 }, { quantile: 0.9 })).toThrow('proportion.successes');
  });
});
