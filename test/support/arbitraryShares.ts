import fc from 'fast-check';

/** Shares that sum to 1, of `arms` arms; often with zeros and equal ones among them. */
export function arbitraryShares(arms: number): fc.Arbitrary<number[]> {
  const weight = fc.oneof(
    fc.constant(0),
    fc.integer({ min: 1, max: 10 }),
    fc.double({ min: 1e-6, max: 1, noNaN: true }),
  );
  return fc
    .array(weight, { minLength: arms, maxLength: arms })
    .filter((weights) => weights.some((w) => w > 0))
    .map((weights) => {
      const sum = weights.reduce((a, b) => a + b, 0);
      return weights.map((w) => w / sum);
    });
}

/** A sequence of shares for one number of arms, as an experiment is ramped through them. */
export function arbitraryRamps(arms: { min: number; max: number }, maxLength: number): fc.Arbitrary<number[][]> {
  return fc.integer(arms).chain((k) => fc.array(arbitraryShares(k), { minLength: 2, maxLength }));
}
