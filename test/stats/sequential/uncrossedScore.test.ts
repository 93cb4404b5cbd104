import { it } from 'vitest';
import { normalDistribution } from '../../../src/stats/distributions/normalDistribution.ts';
import { crossingProbability, startScore, stayUncrossed } from '../../../src/stats/sequential/uncrossedScore.ts';
import { expectClose } from '../../support/golden.ts';

it('is fine enough for a next look that comes close upon this one', () => {
  const [information, next, z] = [0.5, 0.5001, 2];
  const got = crossingProbability(stayUncrossed(startScore(1), information, z, next), next, z);
  // The same integral by the midpoint rule, over the last 12 deviations of the short step.
  const spread = Math.sqrt(next - information);
  const [bound, step] = [z * Math.sqrt(information), (12 * spread) / 20_000];
  let want = 0;
  for (let i = 0; i < 20_000; i += 1) {
    const score = bound - (i + 0.5) * step;
    const density = Math.exp((-0.5 * score * score) / information) / Math.sqrt(2 * Math.PI * information);
    want += step * density * normalDistribution.sf((z * Math.sqrt(next) - score) / spread);
  }
  expectClose(got, want, 1e-6);
});
