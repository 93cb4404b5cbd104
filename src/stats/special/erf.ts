import { checkNumber } from '../../core/check.ts';

/** erf(x) / x - 1 in x^2 on [0, 1]; this and the next four fitted by scripts/golden/approximations.py (7e-19). */
const ERF_P: readonly number[] = [
  0.1283791670955126, -0.3170104176034015, -0.04831891059802182, -0.008813993906942735, -0.0004953555045358662,
  -2.072063546599253e-5,
];
const ERF_Q: readonly number[] = [
  1, 0.4604794747145746, 0.09379757644891193, 0.010690019920984098, 0.0006921877575121831, 2.079620193673957e-5,
];

/** erfc(1 + s) for s within [-0.125, 0.25], where it is cheaper than with an exponential. */
const ONE_P: readonly number[] = [
  0.15729920705028513, -0.3971564060257644, 0.44939257165415647, -0.29632024670954693, 0.12191059124874627,
  -0.030011857544385758, 0.0034750715101076893,
];
const ONE_Q: readonly number[] = [
  1, 0.11412067315184717, 0.5191216332290609, 0.0646402119792732, 0.11587668774378838, 0.0114305935549609,
  0.010775992419078765,
];

/** exp(x^2) erfc(x) on [0.5, 2]. */
const NEAR_P: readonly number[] = [
  1.0000000000218057, 1.4704330042026015, 1.0830023344281519, 0.477882844905746, 0.1314996962444342,
  0.021307077124374005, 0.0016003258667745108,
];
const NEAR_Q: readonly number[] = [
  1, 2.598812171681611, 3.015447844980331, 2.033891995411631, 0.8660168230747975, 0.23448463112570475,
  0.03776650673452402, 0.002836481660868809,
];

/** exp(x^2) erfc(x) on [2, 6]. */
const FAR_P: readonly number[] = [
  1.0000050458666625, 1.78213745228126, 1.5474285237792205, 0.8156056500830251, 0.2750209232596516, 0.05697867771927007,
  0.006106876956546485,
];
const FAR_Q: readonly number[] = [
  1, 2.9105540808091686, 3.8315001724199016, 2.9810189905618953, 1.496123002853249, 0.49287377533857507,
  0.10099208356358792, 0.010824157468166474,
];

/** x exp(x^2) erfc(x) in 1 / x^2 for x of at least 6. */
const TAIL_P: readonly number[] = [
  0.5641895835477563, 13.511684840510828, 103.70527899524402, 295.8347135924337, 267.2902428713949, 34.67704017307757,
];
const TAIL_Q: readonly number[] = [
  1, 24.4488378277851, 195.28724002824384, 605.5353689816385, 669.3409457113254, 177.2317209057831,
];

function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (let k = coefficients.length - 1; k >= 0; k -= 1) sum = sum * x + (coefficients[k] as number);
  return sum;
}

/** erf(x) - x. */
function centre(x: number): number {
  const square = x * x;
  return (x * polynomial(ERF_P, square)) / polynomial(ERF_Q, square);
}

/** exp(x^2) erfc(x) for x of at least 0.5. */
function scaledTail(x: number): number {
  if (x < 2) return polynomial(NEAR_P, x) / polynomial(NEAR_Q, x);
  if (x < 6) return polynomial(FAR_P, x) / polynomial(FAR_Q, x);
  const inverse = 1 / (x * x);
  return polynomial(TAIL_P, inverse) / polynomial(TAIL_Q, inverse) / x;
}

/** exp(-scale x^2): the square is split into an exact part and a rest, or the exponential would lose x^2 ulps. */
export function gaussian(x: number, scale: number): number {
  const exponent = scale * x * x;
  if (exponent < 2) return Math.exp(-exponent);
  const head = Math.fround(x);
  if (!(Math.abs(head) < 1e3)) return 0;
  return Math.exp(-scale * head * head) * Math.exp(-scale * (x - head) * (x + head));
}

/**
 * The error function `erf(x)`.
 *
 * @throws InvalidOptionError for NaN
 */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (size < 1) return x + centre(x);
  const value = 1 - erfc(size);
  return x < 0 ? -value : value;
}

/**
 * The complementary error function `1 - erf(x)`, relatively accurate down to the smallest number (x of about 26.5).
 *
 * @throws InvalidOptionError for NaN
 *
 * @example
 * ```ts
 * erfc(10); // 2.0884875837625452e-45
 * ```
 */
export function erfc(x: number): number {
  if (x < 0.5) return x < -0.5 ? 2 - erfc(-x) : 1 - (x + centre(x));
  // The difference x - 1/2 is exact.
  if (x < 0.875) return 0.5 - (x - 0.5 + centre(x));
  if (x <= 1.25) return polynomial(ONE_P, x - 1) / polynomial(ONE_Q, x - 1);
  if (Number.isNaN(x)) checkNumber('x', x);
  return gaussian(x, 1) * scaledTail(x);
}

/**
 * The scaled complementary error function `exp(x^2) erfc(x)`, which neither under- nor overflows for positive x.
 * Below about -26.6 it is Infinity.
 *
 * @throws InvalidOptionError for NaN
 */
export function erfcx(x: number): number {
  return x >= 0.5 ? scaledTail(x) : erfc(x) / gaussian(x, 1);
}
