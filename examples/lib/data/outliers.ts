// Project 4: about one device in twenty-five has a defect that moves one of its five measurements. Each measurement
// alone looks normal: only its relation to the others gives the device away.
import { normal, type Rng } from 'coronate/random';
import { sigmoid } from '../features.ts';
import type { Row } from '../models.ts';

/** The share of devices with a defect. */
export const OUTLIER_RATE = 0.04;

/** How the five measurements follow the two process factors. */
const OUTLIER_LOADINGS: readonly (readonly [number, number])[] = [
  [0.95, 0],
  [0.85, 0.4],
  [0.65, 0.7],
  [0.3, 0.9],
  [-0.6, 0.75],
];

/** The noise of a measurement around its factors. */
const OUTLIER_NOISE = 0.25;

/** How far a defect moves a measurement, up or down. */
const OUTLIER_SHIFT = 1.8;

/** A device: five measurements, and whether it is an outlier (1) or not (0), as final test finds a week later. */
export interface OutlierDevice {
  readonly id: string;
  readonly row: Row;
  readonly outlier: 0 | 1;
}

/**
 * Devices by the formula
 *
 *     factors f ~ N(0, 1)²     x_j = loadings_j · f + N(0, 0.25²)
 *     with probability 0.04 one of the five measurements, chosen at random, moves by +1.8 or −1.8
 */
export function makeOutlierDevices(rng: Rng, n: number): readonly OutlierDevice[] {
  return Array.from({ length: n }, (_, i) => {
    const f = [normal(rng), normal(rng)];
    const row = OUTLIER_LOADINGS.map(([a, b]) => a * f[0]! + b * f[1]! + OUTLIER_NOISE * normal(rng));
    const outlier = rng.next() < OUTLIER_RATE ? 1 : 0;
    if (outlier) row[Math.floor(5 * rng.next())]! += rng.next() < 0.5 ? OUTLIER_SHIFT : -OUTLIER_SHIFT;
    return { id: `device-${i}`, row, outlier };
  });
}

/** The inverse of the measurements' covariance LLᵀ + s²I, by Woodbury's identity on the two factors. */
function precisionMatrix(): number[][] {
  const s2 = OUTLIER_NOISE ** 2;
  const inner = [0, 1].map((a) =>
    [0, 1].map((b) => OUTLIER_LOADINGS.reduce((sum, l) => sum + (l[a]! * l[b]!) / s2, a === b ? 1 : 0)),
  );
  const det = inner[0]![0]! * inner[1]![1]! - inner[0]![1]! * inner[1]![0]!;
  const inverse = [
    [inner[1]![1]! / det, -inner[0]![1]! / det],
    [-inner[1]![0]! / det, inner[0]![0]! / det],
  ];
  return OUTLIER_LOADINGS.map((l, i) =>
    OUTLIER_LOADINGS.map((m, j) => {
      let product = 0;
      for (const a of [0, 1]) for (const b of [0, 1]) product += l[a]! * inverse[a]![b]! * m[b]!;
      return (i === j ? 1 / s2 : 0) - product / s2 ** 2;
    }),
  );
}

const PRECISION = precisionMatrix();

/**
 * The exact probability that a device with these measurements is an outlier (Bayes' theorem on the formula above: the
 * likelihood ratio of each of the ten shifts d e_j against none is exp(d (P x)_j − d² P_jj / 2), with P the precision
 * matrix). No model can rank better.
 */
export function outlierProbability(row: Row): number {
  let ratio = 0;
  PRECISION.forEach((line, j) => {
    const px = line.reduce((sum, value, k) => sum + value * row[k]!, 0);
    const offset = (OUTLIER_SHIFT ** 2 * line[j]!) / 2;
    ratio += Math.exp(OUTLIER_SHIFT * px - offset) + Math.exp(-OUTLIER_SHIFT * px - offset);
  });
  return sigmoid(Math.log((OUTLIER_RATE / (1 - OUTLIER_RATE)) * (ratio / 10)));
}
