import { log1pmx } from './log1pmx.ts';

/** Coefficients of Stirling's series: B(2k) / (2k (2k - 1)). */
const STIRLING: readonly number[] = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156];

/**
 * `ln Γ(x + h) - ln Γ(x)` for a small step h, accurate relative to h however small h is.
 * The difference of two log-gammas would keep nothing of it.
 *
 * Stirling's formula (NIST DLMF 5.11.1) with the difference taken term by term on paper, after shifting x above 10.
 *
 * @param x - Above 0; not checked.
 * @param h - Within [0, 1]; not checked.
 */
export function logGammaRatio(x: number, h: number): number {
  let shift = 0;
  let base = x;
  while (base < 10) {
    shift += Math.log1p(h / base);
    base += 1;
  }
  const step = h / base;
  const u = 1 / base;
  const v = 1 / (base + h);
  // v^(2k+1) - u^(2k+1) = (v - u) * sum of u^i v^(2k-i), and v - u = -h u v.
  let powers = 1;
  let uv = 1;
  let sum = STIRLING[0] as number;
  for (let k = 1; k < STIRLING.length; k += 1) {
    uv *= v * v;
    powers = powers * u * u + uv + (uv / v) * u;
    sum += (STIRLING[k] as number) * powers;
  }
  return base * log1pmx(step) - 0.5 * Math.log1p(step) + h * Math.log(base + h) - h * u * v * sum - shift;
}
