/** The rounding error of the product p = a * b: a * b - p exactly (Dekker 1971). Needs sizes between 1e-150 and 1e150. */
function productError(a: number, b: number, p: number): number {
  const as = 134217729 * a;
  const ah = as - (as - a);
  const bs = 134217729 * b;
  const bh = bs - (bs - b);
  const al = a - ah;
  const bl = b - bh;
  return al * bl - (p - ah * bh - al * bh - ah * bl);
}

/**
 * `c - a x - b x`, rounded once at the end. In the tails of a distribution with parameters of 1e6 the rounding of
 * a product would show in the twelfth digit.
 */
export function minusProducts(c: number, a: number, b: number, x: number): number {
  const p = a * x;
  const q = b * x;
  if (!(a + b > 100 && a + b < 1e150 && x > 1e-150 && x < 1e150)) return c - p - q;
  const s = c - p;
  const sBack = s - c;
  const sError = c - (s - sBack) - (p + sBack);
  const t = s - q;
  const tBack = t - s;
  const tError = s - (t - tBack) - (q + tBack);
  return t + (sError + tError - productError(a, x, p) - productError(b, x, q));
}
