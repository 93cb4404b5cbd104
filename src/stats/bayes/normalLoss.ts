import { normalDistribution } from '../distributions/normalDistribution.ts';
import { erfcx } from '../special/erf.ts';

/**
 * E max(-D, 0) of a normal D: what is expected to be lost by trusting that D is positive. Its digits survive where D is
 * many standard deviations above 0.
 */
export function normalLoss(mean: number, sd: number): number {
  const z = mean / sd;
  if (z > 40) return 0;
  if (z <= 0) return sd * normalDistribution.pdf(z) - mean * normalDistribution.cdf(-z);
  // φ(z) - z Φ(-z) with Mills' ratio Φ(-z) / φ(z) taken out.
  const mills = Math.sqrt(Math.PI / 2) * erfcx(z * Math.SQRT1_2);
  return sd * normalDistribution.pdf(z) * Math.max(0, 1 - z * mills);
}
