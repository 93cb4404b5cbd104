import { normalDistribution } from '../distributions/normalDistribution.ts';
import { gaussLegendre } from './gaussLegendre.ts';

/**
 * The law of the score of a Brownian motion that has not crossed a boundary yet: points, and the probability mass that
 * a quadrature gives them.
 * @internal
 */
export interface UncrossedScore {
  readonly sides: 1 | 2;
  readonly information: number;
  readonly scores: Float64Array;
  readonly masses: Float64Array;
}

/** Beyond this many standard deviations there is nothing: an infinite boundary and the open side end here. */
const FARTHEST = 12;

/** The point mass at 0, before the first look. @internal */
export function startScore(sides: 1 | 2): UncrossedScore {
  return { sides, information: 0, scores: Float64Array.of(0), masses: Float64Array.of(1) };
}

/** The probability of crossing the boundary `z` at the look with this information, and not before. @internal */
export function crossingProbability(before: UncrossedScore, information: number, z: number): number {
  const bound = z * Math.sqrt(information);
  const spread = Math.sqrt(information - before.information);
  let sum = 0;
  for (const [i, mass] of before.masses.entries()) {
    const score = before.scores[i]!;
    sum += mass * normalDistribution.sf((bound - score) / spread);
    if (before.sides === 2) sum += mass * normalDistribution.sf((bound + score) / spread);
  }
  return sum;
}

/**
 * The law after a look at which the boundary `z` was not crossed: the density so far, integrated against the normal
 * increment (Armitage, McPherson & Rowe 1969). The next look's information sets how fine the points must be.
 * @internal
 */
export function stayUncrossed(before: UncrossedScore, information: number, z: number, next: number): UncrossedScore {
  const reach = FARTHEST * Math.sqrt(information);
  const high = Math.min(reach, z * Math.sqrt(information));
  const low = before.sides === 2 ? -high : -reach;
  const spread = Math.sqrt(information - before.information);
  const finest = Math.min(spread, Math.sqrt(next - information));
  const { nodes, weights } = gaussLegendre(low, high, finest);
  const scale = 1 / (spread * Math.sqrt(2 * Math.PI));
  const masses = weights.map((weight, j) => {
    const score = nodes[j]!;
    let density = 0;
    for (let i = 0; i < before.masses.length; i += 1) {
      const step = (score - before.scores[i]!) / spread;
      density += before.masses[i]! * Math.exp(-0.5 * step * step);
    }
    return weight * density * scale;
  });
  return { sides: before.sides, information, scores: nodes, masses };
}
