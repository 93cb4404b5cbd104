/** The 24-point Gauss-Legendre rule on [0, 1] (scripts/golden/approximations.py). */
const NODES: readonly number[] = [
  0.00240639000148932, 0.012635722014345251, 0.030862723998633622, 0.056792236497799485, 0.08999900701304854,
  0.12993790421072282, 0.17595317403151223, 0.22728926430558022, 0.2831032461869774, 0.3424786601519183,
  0.40444056626319186, 0.4679715535686972, 0.5320284464313028, 0.5955594337368082, 0.6575213398480817,
  0.7168967538130225, 0.7727107356944197, 0.8240468259684878, 0.8700620957892772, 0.9100009929869515,
  0.9432077635022005, 0.9691372760013663, 0.9873642779856547, 0.9975936099985107,
];
const WEIGHTS: readonly number[] = [
  0.0061706148999936, 0.014265694314466832, 0.022138719408709904, 0.02964929245771839, 0.03667324070554015,
  0.04309508076597664, 0.04880932605205694, 0.05372213505798282, 0.0577528340268628, 0.060835236463901696,
  0.06291872817341415, 0.06396909767337608, 0.06396909767337608, 0.06291872817341415, 0.060835236463901696,
  0.0577528340268628, 0.05372213505798282, 0.04880932605205694, 0.04309508076597664, 0.03667324070554015,
  0.02964929245771839, 0.022138719408709904, 0.014265694314466832, 0.0061706148999936,
];

/** Where the integrand has fallen below exp(-DEPTH), which no digit of the result can see. */
const DEPTH = 40;

/** `e^s - 1 - s` without cancellation. */
export function expm1mx(s: number): number {
  if (Math.abs(s) > 0.5) return Math.expm1(s) - s;
  let sum = 1;
  for (let k = 14; k >= 3; k -= 1) sum = 1 + (s / k) * sum;
  return 0.5 * s * s * sum;
}

/**
 * The integral over s from 0 to infinity of exp(-slope s - excess(s)), where excess(s) is about curvature s^2 / 2:
 * the tail of a density in units of the density at its edge. Its cost does not depend on the parameters, while
 * series and continued fractions take ever more steps as those grow.
 *
 * @param slope - At least 0.
 * @param curvature - Above 0, and so large that the integrand is close to a Gaussian.
 */
export function tailIntegral(slope: number, curvature: number, excess: (s: number) => number): number {
  const end = (2 * DEPTH) / (slope + Math.sqrt(slope * slope + 2 * DEPTH * curvature));
  let sum = 0;
  for (let i = 0; i < NODES.length; i += 1) {
    const s = end * (NODES[i] as number);
    sum += (WEIGHTS[i] as number) * Math.exp(-slope * s - excess(s));
  }
  return end * sum;
}
