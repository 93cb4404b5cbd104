import { checkFinite } from '../../core/check.ts';
import { normalDistribution } from '../distributions/normalDistribution.ts';
import { type AnytimeDesign, asStream, DESIGN_KEYS, type Stream } from './AnytimeDesign.ts';
import { firstPassage, meanPassage, type PassageCurve, passageQuantile } from './firstPassage.ts';
import { checkEffectSize, type ResolvedPower, resolvePower, roundUp, type TargetPowerOptions } from './PowerOptions.ts';

/** Options of {@link anytimeSampleSize}. */
export interface AnytimeSampleSizeOptions extends AnytimeDesign, TargetPowerOptions {
  /**
   * Observations at which the sequence is tuned to be tightest.
   * @defaultValue the size that comes out, so that plan and sequence agree
   */
  readonly horizon?: number;
}

/** What an experiment that is watched all the time will take. Observations of both groups together, or pairs. */
export interface AnytimeSampleSize {
  /** Observations by which the sequence has excluded 0 with the wanted power. */
  readonly total: number;
  /** The same, group by group; one number where paired. */
  readonly n: readonly number[];
  /** Observations at which half of such experiments have stopped. */
  readonly medianStop: number;
  /** The mean number of observations where everything stops at `total` at the latest. */
  readonly expectedStop: number;
  /** The horizon to hand to the sequence. */
  readonly horizon: number;
  /** What a single look at a planned size would take: the price of watching is `total / fixedTotal`. */
  readonly fixedTotal: number;
}

interface Plan {
  readonly horizon: number;
  readonly curve: PassageCurve;
}

/** Tunes the sequence to the size that it leads to; the size hardly depends on the tuning, so that few rounds do. */
function plan(
  { drift, burnIn }: Stream,
  { alpha, alternative, power }: ResolvedPower,
  first: number,
  fixed?: number,
): Plan {
  let horizon = fixed ?? first;
  for (let round = 0; ; round += 1) {
    const curve = firstPassage({ drift, alpha, alternative, horizon, burnIn });
    const size = passageQuantile(curve, power);
    if (fixed !== undefined || round === 20 || Math.abs(size - horizon) <= 1e-3 * horizon) return { horizon, curve };
    horizon = size;
  }
}

/**
 * How long an experiment will take that is watched at every observation by an asymptotic confidence sequence (normal
 * mixture) and stopped when it excludes 0.
 *
 * An approximation: sums of observations are taken for a Brownian motion, whose first passage through the boundary is
 * then computed exactly. In simulation with normal observations power and mean stop are as planned to within 1 %
 * (docs/simulations.md); heavy tails and estimated variances shift them where the sizes are small.
 *
 * @throws InvalidOptionError
 * @example
 * const plan = anytimeSampleSize({ effectSize: 0.1 });
 * plan.fixedTotal; // 3140 observations at a single look
 * plan.medianStop < plan.fixedTotal && plan.fixedTotal < plan.total; // true
 * @see Buonocore, Nobile & Ricciardi (1987), Adv. Appl. Probab. 19(4), doi:10.2307/1427102 (first passage); Waudby-Smith,
 * Arbour, Sinha, Kennedy & Ramdas (2024), Ann. Statist. 52(6), arXiv:2103.06476 (the sequence)
 */
export function anytimeSampleSize(options: AnytimeSampleSizeOptions): AnytimeSampleSize {
  const resolved = resolvePower(options, [...DESIGN_KEYS, 'power', 'horizon']);
  checkEffectSize(options.effectSize, resolved.alternative);
  if (options.horizon !== undefined) checkFinite('horizon', options.horizon, { gt: 0 });
  const stream = asStream(options);
  const z = normalDistribution.isf(resolved.tail) + normalDistribution.quantile(resolved.power);
  const fixedTotal = (z / stream.drift) ** 2;
  const { horizon, curve } = plan(stream, resolved, 2 * fixedTotal, options.horizon);
  const total = passageQuantile(curve, resolved.power);
  return {
    total: roundUp(total),
    n: stream.shares.map((share) => roundUp(share * total)),
    medianStop: roundUp(passageQuantile(curve, 0.5)),
    expectedStop: roundUp(meanPassage(curve, total)),
    horizon: roundUp(horizon),
    fixedTotal: roundUp(fixedTotal),
  };
}
