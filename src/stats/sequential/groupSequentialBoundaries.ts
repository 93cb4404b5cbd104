import { checkFinite, checkInteger, checkOneOf, checkOptions, checkProbability } from '../../core/check.ts';
import { InvalidOptionError } from '../../core/errors.ts';
import { normalDistribution } from '../distributions/normalDistribution.ts';
import { type AlphaSpending, obrienFlemingSpending, pocockSpending } from './alphaSpending.ts';
import { crossing } from './crossing.ts';
import { crossingProbability, startScore, stayUncrossed } from './uncrossedScore.ts';

/** Boundaries of a group-sequential design, look by look. */
export interface GroupSequentialBoundaries {
  /** Stop where |z| (one-sided: z) reaches this; Infinity at a look that spends nothing. */
  readonly zBoundaries: readonly number[];
  /** The share of the planned information at each look. */
  readonly informationFractions: readonly number[];
  /** What a fixed-n test would have to show at each look: the p-value of the boundary. */
  readonly nominalP: readonly number[];
  /** The probability, under the null, of having stopped by each look. */
  readonly cumulativeAlpha: readonly number[];
  /** The probability, under the null, of stopping at each look. */
  readonly incrementalAlpha: readonly number[];
}

/** Options of `groupSequentialBoundaries`. */
export interface GroupSequentialOptions {
  /** The share of the planned information at each look: ascending within (0, 1]. */
  readonly informationFractions: readonly number[];
  /** The error probability over all looks together. @defaultValue 0.05 */
  readonly alpha?: number;
  /** Whether either side or only the upper one stops. @defaultValue 2 */
  readonly sides?: 1 | 2;
  /** A spending function by name, or one's own: then `alpha` is that of the function. @defaultValue 'obrien-fleming' */
  readonly spending?: 'obrien-fleming' | 'pocock' | AlphaSpending;
}

/**
 * The boundaries of a group-sequential design by alpha spending: a few looks planned beforehand, at any information
 * fractions, that together err with probability alpha. Fixed looks make it narrower than a confidence sequence; an
 * unplanned look breaks it.
 *
 * @throws InvalidOptionError
 * @example
 * groupSequentialBoundaries({ informationFractions: [0.2, 0.4, 0.6, 0.8, 1] }).zBoundaries;
 * // [4.8769, 3.3570, 2.6803, 2.2898, 2.0310]
 * @see Lan & DeMets (1983), Biometrika 70(3), doi:10.1093/biomet/70.3.659; Armitage, McPherson & Rowe (1969), JRSS-A
 * 132(2), doi:10.2307/2343787
 */
export function groupSequentialBoundaries(options: GroupSequentialOptions): GroupSequentialBoundaries {
  checkOptions('options', options, ['informationFractions', 'alpha', 'sides', 'spending']);
  const fractions = checkFractions(options.informationFractions);
  const sides = checkSides(options.sides);
  const spend = spendingFunction(options, sides);
  const targets: number[] = [];
  for (const fraction of fractions) {
    const spent = checkFinite('spending(fraction)', spend(fraction), { ge: targets.at(-1) ?? 0, lt: 1 });
    targets.push(spent);
  }
  return design(fractions, sides, (look, crossed) => {
    const increment = targets[look]! - (targets[look - 1] ?? 0);
    if (!(increment > 0)) return Number.POSITIVE_INFINITY;
    // In logarithms, so that a first look that spends 1e-20 is solved as well as the last.
    return crossing(
      (z) => Math.log(increment) - Math.log(crossed(z)),
      lowestBoundary(sides),
      40,
      () => 1e-12,
    );
  });
}

/** Options of `classicalBoundaries`. */
export interface ClassicalBoundariesOptions {
  /** Equally spaced looks. */
  readonly looks: number;
  /** `pocock`: the same boundary at every look. `obrien-fleming`: one that falls as 1 / sqrt(t). */
  readonly shape: 'pocock' | 'obrien-fleming';
  /** The error probability over all looks together. @defaultValue 0.05 */
  readonly alpha?: number;
  /** Whether either side or only the upper one stops. @defaultValue 2 */
  readonly sides?: 1 | 2;
}

/**
 * The classical boundaries of Pocock and of O'Brien and Fleming for equally spaced looks.
 *
 * @throws InvalidOptionError
 * @example
 * classicalBoundaries({ looks: 5, shape: 'pocock' }).zBoundaries[0]; // 2.413176220116303
 * @see Pocock (1977), Biometrika 64(2), doi:10.1093/biomet/64.2.191; O'Brien & Fleming (1979), Biometrics 35(3),
 * doi:10.2307/2530245
 */
export function classicalBoundaries(options: ClassicalBoundariesOptions): GroupSequentialBoundaries {
  checkOptions('options', options, ['looks', 'shape', 'alpha', 'sides']);
  const looks = checkInteger('looks', options.looks, { ge: 1, le: 1000 });
  const shape = checkOneOf('shape', options.shape, ['pocock', 'obrien-fleming']);
  const alpha = checkProbability('alpha', options.alpha ?? 0.05);
  const sides = checkSides(options.sides);
  const fractions = Array.from({ length: looks }, (_, i) => (i + 1) / looks);
  const withConstant = (constant: number): GroupSequentialBoundaries =>
    design(fractions, sides, (look) => (shape === 'pocock' ? constant : constant / Math.sqrt(fractions[look]!)));
  const spent = (constant: number): number => withConstant(constant).cumulativeAlpha.at(-1)!;
  return withConstant(
    crossing(
      (constant) => Math.log(alpha / spent(constant)),
      lowestBoundary(sides),
      40,
      () => 1e-10,
    ),
  );
}

/** Walks the looks; `choose` gives each its boundary, knowing the probability of crossing any. */
function design(
  fractions: readonly number[],
  sides: 1 | 2,
  choose: (look: number, crossed: (z: number) => number) => number,
): GroupSequentialBoundaries {
  let score = startScore(sides);
  const zBoundaries: number[] = [];
  const incrementalAlpha: number[] = [];
  for (const [look, fraction] of fractions.entries()) {
    const before = score;
    const z = choose(look, (at) => crossingProbability(before, fraction, at));
    zBoundaries.push(z);
    incrementalAlpha.push(crossingProbability(before, fraction, z));
    const next = fractions[look + 1];
    if (next !== undefined) score = stayUncrossed(before, fraction, z, next);
  }
  let sum = 0;
  const cumulativeAlpha = incrementalAlpha.map((increment) => {
    sum += increment;
    return sum;
  });
  const nominalP = zBoundaries.map((z) => Math.min(1, sides * normalDistribution.sf(z)));
  return { zBoundaries, informationFractions: fractions, nominalP, cumulativeAlpha, incrementalAlpha };
}

function spendingFunction(
  { alpha = 0.05, spending = 'obrien-fleming' }: GroupSequentialOptions,
  sides: 1 | 2,
): AlphaSpending {
  if (typeof spending === 'function') return spending;
  checkOneOf('spending', spending, ['obrien-fleming', 'pocock']);
  return spending === 'pocock' ? pocockSpending({ alpha }) : obrienFlemingSpending({ alpha, sides });
}

/** Two-sided boundaries are not negative; one-sided ones are only for an alpha above one half. */
function lowestBoundary(sides: 1 | 2): number {
  return sides === 2 ? 0 : -8;
}

function checkSides(sides: 1 | 2 = 2): 1 | 2 {
  if (sides === 1 || sides === 2) return sides;
  throw new InvalidOptionError('sides', sides, '1 or 2');
}

function checkFractions(fractions: readonly number[]): readonly number[] {
  if (fractions.length === 0) throw new InvalidOptionError('informationFractions', fractions, 'at least one fraction');
  for (const [i, fraction] of fractions.entries()) {
    checkFinite(`informationFractions[${i}]`, fraction, { gt: fractions[i - 1] ?? 0, le: 1 });
  }
  return fractions;
}
