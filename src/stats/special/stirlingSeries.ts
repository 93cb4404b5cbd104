/** ln(2π) / 2. */
export const HALF_LOG_TWO_PI = 0.9189385332046728;

/** Stirling's series; for x of at least 10, where the first term left out is below 3e-17. */
export function stirlingSeries(x: number): number {
  const t = 1 / x;
  const s = t * t;
  if (x > 1e3) return t * (1 / 12 - s * (1 / 360 - s / 1260));
  return (
    t * (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s * (1 / 1188 - s * (691 / 360360 - s * (1 / 156)))))))
  );
}
