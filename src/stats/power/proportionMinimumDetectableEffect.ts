import { checkOptions, checkProbability } from '../../core/check.ts';
import { normalDistribution } from '../distributions/normalDistribution.ts';
import {
  checkSizes,
  type GroupSizes,
  type ResolvedPower,
  resolvePower,
  type TargetPowerOptions,
} from './PowerOptions.ts';
import { differenceSpread } from './ProportionFormula.ts';
import { solvePower } from './solvePower.ts';

/** Options of {@link proportionMinimumDetectableEffect}. */
export interface ProportionMinimumDetectableEffectOptions extends Omit<TargetPowerOptions, 'alternative'> {
  /** The proportion of the first group, the baseline. */
  readonly p1: number;
  /** The sizes of the two groups, at least 2 each. */
  readonly n: GroupSizes;
  /**
   * Whether the test has one side only; its side is then that of the effect.
   * @defaultValue false
   */
  readonly oneSided?: boolean;
}

/** The nearest proportion that is told apart from the baseline. */
export interface DetectableProportion {
  /** The proportion of the second group. */
  readonly p2: number;
  /** p2 - p1. */
  readonly absolute: number;
  /** (p2 - p1) / p1. */
  readonly relative: number;
}

/** What two groups of these sizes can detect above and below the baseline; `undefined` where not even 1 or 0. */
export interface DetectableProportions {
  readonly up: DetectableProportion | undefined;
  readonly down: DetectableProportion | undefined;
}

function detectable(
  p1: number,
  [n1, n2]: GroupSizes,
  end: 0 | 1,
  { power, tail }: ResolvedPower,
): DetectableProportion | undefined {
  const z = normalDistribution.isf(tail);
  const room = Math.abs(end - p1);
  const at = (distance: number): number => (end === 1 ? p1 + distance : p1 - distance);
  const powerAt = (distance: number): number => {
    const d = Math.min(distance, room);
    const spread = differenceSpread(p1, at(d), n2 / n1, true);
    return normalDistribution.cdf((d * Math.sqrt(n1) - z * spread.null) / spread.actual);
  };
  if (!(powerAt(room) >= power)) return undefined;
  const distance = Math.min(room, solvePower(powerAt, power, 0, Math.min(room, 3 * Math.sqrt((p1 * (1 - p1)) / n1))));
  const absolute = end === 1 ? distance : -distance;
  return { p2: at(distance), absolute, relative: absolute / p1 };
}

/**
 * The proportions nearest to a baseline, above and below, that a comparison with groups of these sizes tells apart from
 * it with the wanted power: the pooled z-test, near tail.
 *
 * @throws InvalidOptionError
 * @example
 * proportionMinimumDetectableEffect({ p1: 0.044, n: [9116, 9116] }).up?.p2; // 0.0529098896186987...
 * @see Fleiss, Levin & Paik (2003), Statistical Methods for Rates and Proportions, 3rd ed., section 4.2
 */
export function proportionMinimumDetectableEffect(
  options: ProportionMinimumDetectableEffectOptions,
): DetectableProportions {
  checkOptions('options', options, ['alpha', 'power', 'p1', 'n', 'oneSided']);
  const { oneSided = false, ...rest } = options;
  const resolved = resolvePower({ ...rest, alternative: oneSided ? 'greater' : 'two-sided' }, ['p1', 'n', 'power']);
  const p1 = checkProbability('p1', options.p1);
  const n = checkSizes('n', options.n);
  return { up: detectable(p1, n, 1, resolved), down: detectable(p1, n, 0, resolved) };
}
