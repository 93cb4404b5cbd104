import type { MetricStratum } from './MetricComparison.ts';
import { pairedMoments, type UnitMoments, withVariance } from './metricMoments.ts';

/** Reference and candidate of one stratum. */
export type Sides = readonly [reference: UnitMoments, candidate: UnitMoments];

/** A difference in one stratum: its squared standard error, and what each place of units adds to it. */
interface Part {
  readonly weight: number;
  readonly variance: number;
  /** Its squared length is the variance; undefined where units are not told apart. */
  readonly units: Float64Array | undefined;
}

/**
 * The sides of several strata, where units come in more than one of them (a user before and after a ramp): what is combined
 * over strata then varies more than if they were independent, and every variance is raised by as much. Never lowered: of
 * units that change sides little is known.
 */
export function jointSides(strata: readonly MetricStratum[]): readonly Sides[] {
  const sides = strata.map(({ reference, candidate }) => pairedMoments(reference, candidate));
  if (sides.length < 2 || !anyRepeats(strata)) return sides;
  const parts = sides.map(partOf);
  const apart = parts.reduce((sum, { weight, variance }) => sum + weight * weight * variance, 0);
  const factor = apart > 0 ? Math.max(1, varianceOf(parts) / apart) : 1;
  return factor === 1 ? sides : sides.map(([a, b]) => [raised(a, factor), raised(b, factor)]);
}

/**
 * What each place of units adds to a difference over strata, as a vector whose length is its standard error; undefined where
 * units hardly ever come twice. Of two such vectors the product is the covariance of the differences.
 */
export function unitEffect(strata: readonly MetricStratum[], standardError: number): Float64Array | undefined {
  if (!anyRepeats(strata)) return undefined;
  const parts = strata.map(({ reference, candidate }) => partOf(pairedMoments(reference, candidate)));
  return scaledTo(standardError ** 2, summed(parts));
}

function anyRepeats(strata: readonly MetricStratum[]): boolean {
  return strata.some(({ reference, candidate }) => reference.repeating || candidate.repeating);
}

function raised(side: UnitMoments, factor: number): UnitMoments {
  const { moments } = side;
  return moments.n === 0 ? side : { ...side, moments: withVariance(moments, moments.variance * factor, moments.df) };
}

function partOf([reference, candidate]: Sides): Part {
  const [a, b] = [reference.moments, candidate.moments];
  const variance = a.variance / a.n + b.variance / b.n;
  const weight = (a.n * b.n) / (a.n + b.n);
  if (!(variance >= 0 && variance < Number.POSITIVE_INFINITY)) return { weight: 0, variance: 0, units: undefined };
  const [own, other] = [scaledTo(b.variance / b.n, candidate.units()), scaledTo(a.variance / a.n, reference.units())];
  if (own === undefined && other === undefined) return { weight, variance, units: undefined };
  const places = (own ?? other)!.length;
  // One place for both sides: after a ramp a unit may be on the other one.
  const units = Float64Array.from({ length: places }, (_, place) => (own?.[place] ?? 0) - (other?.[place] ?? 0));
  return { weight, variance, units: scaledTo(variance, units) };
}

/** The weighted sum of what units add; undefined where none are told apart. */
function summed(parts: readonly Part[]): Float64Array | undefined {
  const told = parts.filter(({ units }) => units !== undefined);
  if (told.length === 0) return undefined;
  const sum = new Float64Array(told[0]!.units!.length);
  for (const { weight, units } of told) for (const [place, x] of units!.entries()) sum[place]! += weight * x;
  return sum;
}

function varianceOf(parts: readonly Part[]): number {
  const alone = parts.filter(({ units }) => units === undefined);
  const apart = alone.reduce((sum, { weight, variance }) => sum + weight * weight * variance, 0);
  return apart + squared(summed(parts) ?? new Float64Array(0));
}

function squared(vector: Float64Array): number {
  return vector.reduce((sum, x) => sum + x * x, 0);
}

/** A vector of the same direction and this squared length. */
function scaledTo(square: number, vector: Float64Array | undefined): Float64Array | undefined {
  if (vector === undefined) return undefined;
  const length = squared(vector);
  const factor = Math.sqrt(square / length);
  return length > 0 && Number.isFinite(factor) ? vector.map((x) => x * factor) : undefined;
}
