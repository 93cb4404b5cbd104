/**
 * Both tails of a distribution at a point. The smaller one is computed, the other is its complement, except where
 * the smaller is not small: then both are computed.
 */
export interface TailPair {
  /** The probability below the point. */
  readonly lower: number;
  /** The probability above the point. */
  readonly upper: number;
  /** Which of the two is factor * exp(exponent). */
  readonly tailIsUpper: boolean;
  readonly factor: number;
  /** Finite where the tail itself underflows. */
  readonly exponent: number;
  /**
   * scale * exp(exponent) is the density of the logit of the point, or of its logarithm where there is no end above.
   * NaN where the exponent is not that of the density.
   */
  readonly scale: number;
}

/** Both tails from one of them, given as factor * exp(exponent). */
export function tailPair(tailIsUpper: boolean, factor: number, exponent: number, scale: number = Number.NaN): TailPair {
  const tail = Math.min(factor * Math.exp(exponent), 1);
  const other = 1 - tail;
  return tailIsUpper
    ? { lower: other, upper: tail, tailIsUpper, factor, exponent, scale }
    : { lower: tail, upper: other, tailIsUpper, factor, exponent, scale };
}

/** ln(lower), which does not underflow. */
export function logLower({ upper, tailIsUpper, factor, exponent }: TailPair): number {
  return tailIsUpper ? Math.log1p(-upper) : exponent + Math.log(factor);
}

/** ln(upper), which does not underflow. */
export function logUpper({ lower, tailIsUpper, factor, exponent }: TailPair): number {
  return tailIsUpper ? exponent + Math.log(factor) : Math.log1p(-lower);
}

/** The density that `scale` tells of over a tail, whose logarithm is at hand; NaN where it tells nothing. */
export function densityOverTail(
  { tailIsUpper, factor, exponent, scale }: TailPair,
  upper: boolean,
  logTail: number,
): number {
  return tailIsUpper === upper ? scale / factor : scale * Math.exp(exponent - logTail);
}

/** The pair of a reflected distribution. */
export function swapTails({ lower, upper, tailIsUpper, factor, exponent, scale }: TailPair): TailPair {
  return { lower: upper, upper: lower, tailIsUpper: !tailIsUpper, factor, exponent, scale };
}

/** Nothing below and everything above. */
export const NOTHING_BELOW: TailPair = {
  lower: 0,
  upper: 1,
  tailIsUpper: false,
  factor: 1,
  exponent: Number.NEGATIVE_INFINITY,
  scale: Number.NaN,
};

/** Everything below and nothing above. */
export const NOTHING_ABOVE: TailPair = swapTails(NOTHING_BELOW);
