/** 1 / 2!, 1 / 3!, …: lowest power first. */
const INVERSE_FACTORIALS: readonly number[] = [
  1 / 2,
  1 / 6,
  1 / 24,
  1 / 120,
  1 / 720,
  1 / 5040,
  1 / 40320,
  1 / 362880,
  1 / 3628800,
  1 / 39916800,
  1 / 479001600,
  1 / 6227020800,
  1 / 87178291200,
];

/** `e^s - 1 - s` without the cancellation that loses every digit for small s. */
export function expm1mx(s: number): number {
  const size = Math.abs(s);
  if (size > 0.5) return Math.expm1(s) - s;
  let sum = 0;
  for (let k = size < 0.05 ? 7 : 12; k >= 0; k -= 1) sum = sum * s + (INVERSE_FACTORIALS[k] as number);
  return s * s * sum;
}
