import { describe, expect, it } from 'vitest';
import { mcnemarSize } from '../../../src/abtest/planning/mcnemarSize.ts';
import { createRng } from '../../../src/random/index.ts';
import { mcnemarLogEValue } from '../../../src/stats/index.ts';

describe('mcnemarSize', () => {
  const design = { disagreement: 0.2, effect: 0.1, alpha: 0.05, power: 0.8 };

  it('is what simulated walks take', () => {
    const { pairs, median } = mcnemarSize(design)!;
    const rng = createRng('mcnemar');
    const runs = 2000;
    let [byPairs, byMedian] = [0, 0];
    for (let run = 0; run < runs; run += 1) {
      const counts = { onlyFirst: 0, onlySecond: 0, pairs: 0 };
      for (let i = 1; i <= pairs; i += 1) {
        const u = rng.next();
        counts.pairs += 1;
        if (u >= design.disagreement) continue;
        if (u < 0.05) counts.onlyFirst += 1;
        else counts.onlySecond += 1;
        if (mcnemarLogEValue(counts) < -Math.log(design.alpha)) continue;
        byPairs += 1;
        if (i <= median) byMedian += 1;
        break;
      }
    }
    const error = (p: number): number => 3 * Math.sqrt((p * (1 - p)) / runs);
    // How many pairs are discordant is taken for normal: allowed a hundredth.
    expect(Math.abs(byPairs / runs - 0.8)).toBeLessThan(error(0.8) + 0.01);
    expect(Math.abs(byMedian / runs - 0.5)).toBeLessThan(error(0.5) + 0.01);
  });

  it('says nothing where the walk would be too long to count', () => {
    expect(mcnemarSize({ ...design, effect: 0.0005 })).toBeUndefined();
  });
});
