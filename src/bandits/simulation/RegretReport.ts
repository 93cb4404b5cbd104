/** Regret of one policy over the runs, one entry a checkpoint. */
export interface RegretCurve {
  readonly policy: string;
  /** Mean pseudo-regret, and its standard error over the runs. */
  readonly mean: readonly number[];
  readonly standardError: readonly number[];
  /** Median and 95th percentile over the runs. */
  readonly p50: readonly number[];
  readonly p95: readonly number[];
  /** Mean share of requests given to a best arm so far. */
  readonly bestShare: readonly number[];
}

/** What a simulation of bandit policies has found. */
export interface RegretReport {
  readonly environment: string;
  readonly horizon: number;
  readonly runs: number;
  readonly seed: string;
  /** Numbers of requests after which the curves have their entries. */
  readonly checkpoints: readonly number[];
  readonly curves: readonly RegretCurve[];
}

function atShare(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  const below = sorted[low]!;
  return below + (at - low) * ((sorted[low + 1] ?? below) - below);
}

/** Summarises the runs of one policy. @internal */
export function summariseRegret(
  policy: string,
  traces: readonly { readonly regret: Float64Array; readonly best: Float64Array }[],
): RegretCurve {
  const runs = traces.length;
  const points = Array.from({ length: traces[0]!.regret.length }, (_, k) => {
    const sorted = Float64Array.from(traces, (trace) => trace.regret[k]!).sort();
    const mean = sorted.reduce((sum, x) => sum + x, 0) / runs;
    const squares = sorted.reduce((sum, x) => sum + (x - mean) ** 2, 0);
    const bestShare = traces.reduce((sum, trace) => sum + trace.best[k]!, 0) / runs;
    const standardError = Math.sqrt(squares / (runs - 1) / runs);
    return { mean, standardError, p50: atShare(sorted, 0.5), p95: atShare(sorted, 0.95), bestShare };
  });
  return {
    policy,
    mean: points.map((p) => p.mean),
    standardError: points.map((p) => p.standardError),
    p50: points.map((p) => p.p50),
    p95: points.map((p) => p.p95),
    bestShare: points.map((p) => p.bestShare),
  };
}
