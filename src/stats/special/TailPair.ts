/**
 * Both tails of a distribution at a point. The smaller one is computed, the other is its complement, except where
 * the smaller is not small: then both are computed.
 */
export interface TailPair {
  /** The probability below the point. */
  readonly lower: number;
  /** The probability above the point. */
  readonly upper: number;
  /** Which of the two `logTail` is about. */
  readonly tailIsUpper: boolean;
  /** The logarithm of that tail; finite where the tail itself underflows. */
  readonly logTail: number;
}

/** Both tails from one of them, given as factor * exp(exponent). */
export function tailPair(tailIsUpper: boolean, factor: number, exponent: number): TailPair {
  const tail = Math.min(factor * Math.exp(exponent), 1);
  const other = 1 - tail;
  return tailIsUpper
    ? { lower: other, upper: tail, tailIsUpper, logTail: exponent + Math.log(factor) }
    : { lower: tail, upper: other, tailIsUpper, logTail: exponent + Math.log(factor) };
}

/** ln(lower), which does not underflow. */
export function logLower({ upper, tailIsUpper, logTail }: TailPair): number {
  return tailIsUpper ? Math.log1p(-upper) : logTail;
}

/** ln(upper), which does not underflow. */
export function logUpper({ lower, tailIsUpper, logTail }: TailPair): number {
  return tailIsUpper ? logTail : Math.log1p(-lower);
}

/** The pair of a reflected distribution. */
export function swapTails({ lower, upper, tailIsUpper, logTail }: TailPair): TailPair {
  return { lower: upper, upper: lower, tailIsUpper: !tailIsUpper, logTail };
}
