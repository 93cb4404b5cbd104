import { checkBoolean, checkShare } from '../../core/check.ts';
import { normalDistribution } from '../distributions/normalDistribution.ts';
import { cohenH } from '../effects/cohenH.ts';
import { checkSizes, type GroupSizes, type PowerOptions, type ResolvedPower, resolvePower } from './PowerOptions.ts';
import { checkFormula, continuityTerm, differenceSpread, type ProportionFormula } from './ProportionFormula.ts';

/** Options of {@link proportionPower}. */
export interface ProportionPowerOptions extends PowerOptions {
  /** The true proportion of the first group. */
  readonly p1: number;
  /** The true proportion of the second group. */
  readonly p2: number;
  /** The sizes of the two groups, at least 2 each. */
  readonly n: GroupSizes;
  /** @defaultValue 'pooled-null' */
  readonly formula?: ProportionFormula;
  /**
   * Whether a two-sided test that rejects on the wrong side counts as well, so that the power of no difference is
   * `alpha`. The closed forms of the sample size leave it out.
   * @defaultValue true
   */
  readonly bothTails?: boolean;
}

/** How far the difference is out, and where the test begins to reject, in standard errors of the difference. */
function standardised(p1: number, p2: number, [n1, n2]: GroupSizes, formula: ProportionFormula, z: number) {
  if (formula === 'arcsine') return { shift: cohenH(p1, p2) * Math.sqrt((n1 / (n1 + n2)) * n2), critical: z };
  const ratio = n2 / n1;
  const spread = differenceSpread(p1, p2, ratio, formula !== 'unpooled');
  let root = Math.sqrt(n1);
  if (formula === 'fleiss-continuity' && p1 !== p2)
    root = Math.max(0, root - continuityTerm(p1, p2, ratio) / (4 * root));
  if (spread.actual === 0) return { shift: (p1 - p2) * Number.POSITIVE_INFINITY, critical: z };
  return { shift: ((p1 - p2) * root) / spread.actual, critical: (z * spread.null) / spread.actual };
}

function rejects(shift: number, critical: number, { alternative }: ResolvedPower, bothTails: boolean): number {
  const above = normalDistribution.cdf(shift - critical);
  const below = normalDistribution.cdf(-shift - critical);
  if (alternative === 'greater') return above;
  if (alternative === 'less') return below;
  return bothTails ? Math.min(1, above + below) : Math.max(above, below);
}

/**
 * The power of a comparison of two proportions, by the normal approximation.
 *
 * @throws InvalidOptionError
 * @example
 * proportionPower({ p1: 0.094, p2: 0.12, n: [3331, 3331] }); // 0.92975633454093...
 * @see Fleiss, Levin & Paik (2003), Statistical Methods for Rates and Proportions, 3rd ed., section 4.3; arcsine: Cohen
 * (1988), section 6.3
 */
export function proportionPower(options: ProportionPowerOptions): number {
  const resolved = resolvePower(options, ['p1', 'p2', 'n', 'formula', 'bothTails']);
  const { formula = 'pooled-null', bothTails = true } = options;
  checkShare('p1', options.p1);
  checkShare('p2', options.p2);
  checkSizes('n', options.n);
  checkFormula(formula);
  checkBoolean('bothTails', bothTails);
  const z = normalDistribution.isf(resolved.tail);
  const { shift, critical } = standardised(options.p1, options.p2, options.n, formula, z);
  // Two certainties that agree have nothing to reject with; two that differ are told apart by any two observations.
  if (Number.isNaN(shift)) return 0;
  return rejects(shift, critical, resolved, bothTails);
}
