import { checkFunction, checkInteger, checkOneOf } from '../../core/check.ts';
import { InvalidOptionError } from '../../core/errors.ts';
import type { Rng } from '../../random/Rng.ts';
import {
  type IntervalOptions,
  type ResolvedIntervalOptions,
  resolveIntervalOptions,
} from '../intervals/IntervalOptions.ts';

/**
 * How an interval is made of the replicates. `bca`: their quantiles, corrected for bias and skewness (Efron 1987), right
 * to the second order. `percentile`: their plain quantiles. `basic`: those mirrored at the estimate. `normal`: the
 * estimate less its bias, plus or minus normal quantiles of the standard error.
 */
export type BootstrapMethod = 'bca' | 'percentile' | 'basic' | 'normal';

/** Options that every bootstrap takes. */
export interface BootstrapOptions extends IntervalOptions {
  /** Where the resamples come from: the same generator in the same state gives the same interval. */
  readonly rng: Rng;
  /**
   * How many resamples are drawn, at least 100. The error of the ends that comes from drawing falls with its root:
   * take 1000 or more for an interval, 10 000 where its ends decide.
   * @defaultValue 2000
   */
  readonly replicates?: number;
  /** @defaultValue 'bca' */
  readonly method?: BootstrapMethod;
}

/** Checked options. */
export interface ResolvedBootstrap extends ResolvedIntervalOptions {
  readonly rng: Rng | undefined;
  readonly replicates: number;
  readonly method: BootstrapMethod;
}

/** Applies the defaults. @throws InvalidOptionError */
export function resolveBootstrap(
  options: Partial<BootstrapOptions>,
  statistic: unknown,
  known: readonly string[] = [],
): ResolvedBootstrap {
  const interval = resolveIntervalOptions(options, ['rng', 'replicates', 'method', ...known]);
  checkFunction('statistic', statistic);
  const { rng, replicates = 2000, method = 'bca' } = options;
  if (rng !== undefined && typeof rng?.next !== 'function')
    throw new InvalidOptionError('rng', rng, 'a random generator');
  checkInteger('replicates', replicates, { ge: 100 });
  checkOneOf('method', method, ['bca', 'percentile', 'basic', 'normal']);
  return { ...interval, rng, replicates, method };
}
