import { binomialDistribution } from '../distributions/index.ts';

/** Above this n d^2 both tails at once are so unlikely that their sum has twelve digits. */
const SEPARATE = 4.7;

/**
 * P(D+ >= d): the probability that the empirical distribution function of n values exceeds the true one by d or more
 * somewhere. A sum of positive terms.
 * @see Birnbaum & Tingey (1951), doi:10.1214/aoms/1177729550
 */
export function exactKolmogorovOneSided(n: number, d: number): number {
  if (d <= 0) return 1;
  let sum = 0;
  for (let j = 0; j <= n * (1 - d); j += 1) {
    const p = Math.min(1, d + j / n);
    // d (d + j/n)^(j-1) (1 - d - j/n)^(n-j) C(n, j), as a binomial mass.
    sum += (binomialDistribution.pmf(j, n, p) * d) / p;
  }
  return Math.min(1, sum);
}

/**
 * P(D >= d) for the two-sided one-sample statistic: twice the one-sided tail where both sides at once do not happen,
 * otherwise 1 minus Durbin's matrix power, whose result is far from 1 there.
 * @see Marsaglia, Tsang & Wang (2003), doi:10.18637/jss.v008.i18; Simard & L'Ecuyer (2011), doi:10.18637/jss.v039.i11
 */
export function exactKolmogorov(n: number, d: number): number {
  if (d >= 0.5 || n * d * d > SEPARATE) return Math.min(1, 2 * exactKolmogorovOneSided(n, d));
  return Math.min(1, Math.max(0, 1 - durbin(n, d)));
}

/** A square matrix times 2^exponent. */
interface Scaled {
  readonly values: Float64Array;
  readonly exponent: number;
}

/** P(D < d) by the power of a matrix of transitions within the band. */
function durbin(n: number, d: number): number {
  const k = Math.floor(n * d) + 1;
  const size = 2 * k - 1;
  const power = matrixPower({ values: transitions(size, k - n * d), exponent: 0 }, n, size);
  let value = power.values[(k - 1) * size + k - 1]!;
  let { exponent } = power;
  // n! / n^n, kept in range on the way.
  for (let i = 1; i <= n; i += 1) {
    value *= i / n;
    if (value < 2 ** -500) {
      value *= 2 ** 500;
      exponent -= 500;
    }
  }
  return value * 2 ** exponent;
}

function transitions(size: number, h: number): Float64Array {
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j < Math.min(size, i + 2); j += 1) matrix[i * size + j] = 1;
  }
  for (let i = 0; i < size; i += 1) {
    matrix[i * size]! -= h ** (i + 1);
    matrix[(size - 1) * size + i]! -= h ** (size - i);
  }
  matrix[(size - 1) * size]! += 2 * h - 1 > 0 ? (2 * h - 1) ** size : 0;
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j < i; j += 1) for (let g = 2; g <= i - j + 1; g += 1) matrix[i * size + j]! /= g;
  }
  return matrix;
}

function matrixPower(base: Scaled, power: number, size: number): Scaled {
  if (power === 1) return base;
  const half = matrixPower(base, Math.floor(power / 2), size);
  const square = normalised(multiply(half.values, half.values, size), 2 * half.exponent, size);
  return power % 2 === 0 ? square : normalised(multiply(square.values, base.values, size), square.exponent, size);
}

function normalised(values: Float64Array, exponent: number, size: number): Scaled {
  const centre = values[((size * size) / 2) | 0]!;
  return centre < 2 ** 400
    ? { values, exponent }
    : { values: values.map((v) => v * 2 ** -400), exponent: exponent + 400 };
}

function multiply(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const product = new Float64Array(size * size);
  for (let i = 0; i < size; i += 1) {
    for (let k = 0; k < size; k += 1) {
      const factor = a[i * size + k]!;
      for (let j = 0; j < size; j += 1) product[i * size + j]! += factor * b[k * size + j]!;
    }
  }
  return product;
}
