/** A sum and its first two derivatives in u = ln x. */
export interface Derivatives {
  readonly value: number;
  readonly first: number;
  readonly second: number;
}

/** Both series have fewer terms than this that count where they are used. */
const TERMS = 12;

/**
 * P(K > x) e^(2 x^2) / 2 and its derivatives but for that exponential: the alternating series, for x above about 0.5.
 *
 * A. Kolmogorov (1933); NIST DLMF 20.7(viii) turns one series into the other.
 */
export function kolmogorovUpper(x: number): Derivatives {
  const square = x * x;
  let value = 0;
  let first = 0;
  let second = 0;
  for (let k = 1; k <= TERMS; k += 1) {
    const kk = k * k;
    // The first exponent is 0 also where the square is infinite.
    const term = k === 1 ? 1 : (k % 2 === 1 ? 1 : -1) * Math.exp(-2 * (kk - 1) * square);
    value += term;
    first -= 4 * kk * square * term;
    second += (16 * kk * square - 8) * kk * square * term;
  }
  return { value, first, second };
}

/**
 * P(K <= x) x e^(π^2 / (8 x^2)) / sqrt(2π) and the derivatives of that sum but for the exponential: the theta series,
 * for x below about 1.5.
 */
export function kolmogorovLower(x: number): Derivatives {
  const unit = Math.PI ** 2 / (8 * x * x);
  let value = 0;
  let first = 0;
  let second = 0;
  for (let k = 1; k <= TERMS; k += 2) {
    const c = k * k * unit;
    // The first exponent is 0 also where the unit is infinite.
    const term = k === 1 ? 1 : Math.exp((1 - k * k) * unit);
    value += term;
    first += 2 * c * term;
    second += 4 * c * (c - 1) * term;
  }
  return { value, first, second };
}
