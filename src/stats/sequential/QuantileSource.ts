import { InvalidDataError } from '../../core/errors.ts';

/**
 * A summary that knows the quantiles of what it has seen up to a stated rank error, as `QuantileSketch` does.
 * The sequences widen by that error, so that they stay valid.
 */
export interface QuantileSource {
  /** Observations seen. */
  readonly n: number;
  /** The p-quantile; 0 gives the minimum, 1 the maximum. */
  quantile(p: number): number;
  /** The share of observations at or below x. */
  rank(x: number): number;
  /** How far the true rank of `quantile(p)` lies from p at most. */
  rankError(p: number): number;
}

/** What is certain of order statistics and counts. Ranks count from 1. @internal */
export interface RankBounds {
  readonly n: number;
  readonly exact: boolean;
  /** The order statistic of this rank, or something below it; -Infinity for rank 0. */
  lowest(rank: number): number;
  /** The order statistic of this rank, or something above it; Infinity for rank n + 1. */
  highest(rank: number): number;
  /** The number of observations at or below x, or more. */
  mostAtOrBelow(x: number): number;
  /** The number of observations below x, or fewer. */
  fewestBelow(x: number): number;
  /** The p-quantile of the sample: its smallest value of rank p n or more. */
  quantile(p: number): number;
}

/** @throws InvalidDataError for a sample that is not ascending or holds NaN @internal */
export function rankBounds(argument: string, source: QuantileSource | ArrayLike<number>): RankBounds {
  return 'quantile' in source && typeof source.quantile === 'function'
    ? sketchBounds(source)
    : sampleBounds(argument, source as ArrayLike<number>);
}

function sampleBounds(argument: string, sorted: ArrayLike<number>): RankBounds {
  const n = sorted.length;
  for (let i = 0; i < n; i += 1) {
    const value = sorted[i]!;
    if (!Number.isFinite(value)) throw new InvalidDataError(`${argument}[${i}]`, value, 'a finite number');
    if (i > 0 && !(value >= sorted[i - 1]!)) {
      throw new InvalidDataError(`${argument}[${i}]`, value, `at least ${sorted[i - 1]}: the sample must be ascending`);
    }
  }
  const at = (rank: number): number => (rank < 1 ? -Infinity : rank > n ? Infinity : sorted[rank - 1]!);
  return {
    n,
    exact: true,
    lowest: at,
    highest: at,
    mostAtOrBelow: (x) => firstIndex(n, (i) => sorted[i]! > x),
    fewestBelow: (x) => firstIndex(n, (i) => sorted[i]! >= x),
    quantile: (p) => at(Math.max(1, Math.ceil(p * n * (1 - 4 * Number.EPSILON)))),
  };
}

/** The first index whose value is beyond; `n` where there is none. */
function firstIndex(n: number, beyond: (i: number) => boolean): number {
  let low = 0;
  let high = n;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (beyond(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function sketchBounds(source: QuantileSource): RankBounds {
  const { n } = source;
  const clamp = (p: number): number => Math.min(1, Math.max(0, p));
  return {
    n,
    exact: false,
    lowest(rank) {
      if (rank < 1) return -Infinity;
      // The error may grow as one steps away from the rank: the second step allows for that.
      const near = clamp(rank / n - source.rankError(clamp(rank / n)));
      return source.quantile(clamp(rank / n - source.rankError(near)));
    },
    highest(rank) {
      if (rank > n) return Infinity;
      const near = clamp(rank / n + source.rankError(clamp(rank / n)));
      return source.quantile(clamp(rank / n + Math.max(source.rankError(near), source.rankError(clamp(rank / n)))));
    },
    mostAtOrBelow(x) {
      const rank = source.rank(x);
      return Math.min(n, Math.floor((rank + source.rankError(rank)) * n + 1e-6));
    },
    fewestBelow(x) {
      const rank = source.rank(justBelow(x));
      return Math.max(0, Math.ceil((rank - source.rankError(rank)) * n - 1e-6));
    },
    quantile: (p) => source.quantile(p),
  };
}

/** A double just below x. */
function justBelow(x: number): number {
  if (x === 0) return -Number.MIN_VALUE;
  return x > 0 ? x * (1 - 2 ** -53) : x * (1 + 2 ** -52);
}
