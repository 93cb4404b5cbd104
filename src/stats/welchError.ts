import type { SampleMoments } from './types.ts';

/** A standard error with the degrees of freedom of its t distribution. */
export interface WelchError {
  readonly standardError: number;
  readonly df: number;
}

/**
 * The standard error of a combination of two means, a and `weight` times b, with the degrees of freedom of Welch and
 * Satterthwaite. Both samples have two observations or more; the variances are not both 0.
 *
 * The degrees of freedom come from the shares of the two in the sum: squares of the variances themselves would leave
 * the range of doubles at values of 1e120.
 */
export function welchError(a: SampleMoments, b: SampleMoments, weight = 1): WelchError {
  const partA = a.variance / a.n;
  const partB = (weight * b.variance * weight) / b.n;
  const share = partA / (partA + partB);
  const df = 1 / ((share * share) / degreesOf(a) + ((1 - share) * (1 - share)) / degreesOf(b));
  return { standardError: Math.sqrt(partA + partB), df };
}

/** How well a variance is known. */
export function degreesOf({ n, df = n - 1 }: SampleMoments): number {
  return df;
}
