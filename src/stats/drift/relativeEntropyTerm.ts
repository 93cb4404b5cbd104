/** Where the two weights are nearer than this, their logarithm is summed as a series. */
const NEAR = 0.1;

/**
 * p ln(p / q) - p + q: what one bin adds to a relative entropy. Never negative, and accurate where p and q are nearly
 * equal: the bare p ln(p / q) of the bins cancel each other there and leave noise.
 */
export function relativeEntropyTerm(p: number, q: number): number {
  if (p === 0) return q;
  if (q === 0) return Number.POSITIVE_INFINITY;
  const v = (p - q) / (p + q);
  if (Math.abs(v) >= NEAR) return p * Math.log(p / q) - p + q;
  // ln(p / q) = 2 artanh(v), and the leading term 2 p v - p + q = (p - q) v is taken out by hand.
  const square = v * v;
  let power = 2 * p * v * square;
  let sum = (p - q) * v;
  for (let k = 3; ; k += 2) {
    const next = sum + power / k;
    if (next === sum) return sum;
    sum = next;
    power *= square;
  }
}
