import {
  betaDistribution,
  binomialDistribution,
  chiSquaredDistribution,
  erfc,
  fDistribution,
  hypergeometricDistribution,
  logGamma,
  noncentralTDistribution,
  normalDistribution,
  poissonDistribution,
  studentTDistribution,
} from '../src/stats/index.ts';
import type { BenchRow } from './BenchRow.ts';
import { loadPeer } from './loadPeer.ts';
import { measure } from './measure.ts';

type Numeric = (...args: readonly number[]) => number;

/** The same operation of a peer: its package, the function within it, and where it is not the same after all. */
interface PeerOperation {
  readonly name: string;
  readonly pick: (module: unknown) => Numeric;
  readonly note?: string;
}

interface Contest {
  readonly name: string;
  readonly ours: Numeric;
  /** The arguments; the first is varied a little from call to call, so that nothing can be kept. */
  readonly args: readonly number[];
  readonly peers: readonly PeerOperation[];
}

type Tree = { readonly [key: string]: Tree & Numeric };

/** A function of jstat by its path; jstat has only a default export. */
function jstat(path: string, adapt: (f: Numeric) => Numeric = (f) => f, note?: string): PeerOperation {
  const pick = (module: unknown): Numeric =>
    adapt(
      path
        .split('.')
        .reduce((node, key) => node[key] as Tree & Numeric, (module as { default: Tree }).default as Tree & Numeric),
    );
  return { name: 'jstat', pick, ...(note === undefined ? {} : { note }) };
}

function stdlib(name: string, adapt: (f: Numeric) => Numeric = (f) => f, note?: string): PeerOperation {
  const pick = (module: unknown): Numeric => adapt((module as { default: Numeric }).default);
  return { name: `@stdlib/${name}`, pick, ...(note === undefined ? {} : { note }) };
}

function simple(name: string, note: string): PeerOperation {
  return { name: 'simple-statistics', pick: (module) => (module as Record<string, Numeric>)[name] as Numeric, note };
}

const twice = (f: Numeric): Numeric => {
  return (t = 0, df = 0) => 2 * f(-t, df);
};
const upper = (f: Numeric): Numeric => {
  return (...args) => 1 - f(...args);
};
const standard = (f: Numeric): Numeric => {
  return (x = 0) => f(x, 0, 1);
};
const LOSES_TAIL = '1 - cdf: no tail below 1e-16';
const STOPS_EARLY = 'its fraction stops at 3e-7, ours at 4e-16 (20 steps)';

const contests: readonly Contest[] = [
  {
    name: 'logGamma(50.5)',
    ours: logGamma,
    args: [50.5],
    peers: [jstat('gammaln'), stdlib('math-base-special-gammaln')],
  },
  { name: 'erfc(1.2)', ours: erfc, args: [1.2], peers: [jstat('erfc'), stdlib('math-base-special-erfc')] },
  {
    name: 'normal cdf(-2.1)',
    ours: (x = 0) => normalDistribution.cdf(x),
    args: [-2.1],
    peers: [
      jstat('normal.cdf', standard),
      stdlib('stats-base-dists-normal-cdf', standard),
      simple('cumulativeStdNormalProbability', 'a table of two decimals'),
    ],
  },
  {
    name: 'normal quantile(0.97)',
    ours: (p = 0) => normalDistribution.quantile(p),
    args: [0.97],
    peers: [
      jstat('normal.inv', standard),
      stdlib('stats-base-dists-normal-quantile', standard),
      simple('probit', 'three digits'),
    ],
  },
  ...[30, 1e5].map((df) => ({
    name: `t two-sided(2.1, ${df})`,
    ours: studentTDistribution.twoSided,
    args: [2.1, df],
    peers: [jstat('studentt.cdf', twice, STOPS_EARLY), stdlib('stats-base-dists-t-cdf', twice)],
  })),
  {
    name: 't quantile(0.97, 30)',
    ours: studentTDistribution.quantile,
    args: [0.97, 30],
    peers: [jstat('studentt.inv'), stdlib('stats-base-dists-t-quantile')],
  },
  {
    name: 'chi-squared sf(5.2, 3)',
    ours: chiSquaredDistribution.sf,
    args: [5.2, 3],
    peers: [jstat('chisquare.cdf', upper, LOSES_TAIL), stdlib('stats-base-dists-chisquare-cdf', upper, LOSES_TAIL)],
  },
  {
    name: 'chi-squared quantile(0.95, 10)',
    ours: chiSquaredDistribution.quantile,
    args: [0.95, 10],
    peers: [jstat('chisquare.inv'), stdlib('stats-base-dists-chisquare-quantile')],
  },
  {
    name: 'F sf(2, 5, 30)',
    ours: fDistribution.sf,
    args: [2, 5, 30],
    peers: [jstat('centralF.cdf', upper, LOSES_TAIL), stdlib('stats-base-dists-f-cdf', upper, LOSES_TAIL)],
  },
  ...(
    [
      [0.055, 50, 950],
      [0.0505, 5000, 95000],
    ] as const
  ).map((args) => ({
    name: `beta cdf(${args.join(', ')})`,
    ours: betaDistribution.cdf,
    args,
    peers: [jstat('beta.cdf'), stdlib('stats-base-dists-beta-cdf')],
  })),
  {
    name: 'beta quantile(0.97, 50, 950)',
    ours: betaDistribution.quantile,
    args: [0.97, 50, 950],
    peers: [jstat('beta.inv'), stdlib('stats-base-dists-beta-quantile')],
  },
  {
    name: 'binomial pmf(60, 1000, 0.05)',
    ours: (p = 0) => binomialDistribution.pmf(60, 1000, p),
    args: [0.05],
    peers: [
      jstat(
        'binomial.pdf',
        (f) =>
          (p = 0) =>
            f(60, 1000, p),
      ),
      stdlib(
        'stats-base-dists-binomial-pmf',
        (f) =>
          (p = 0) =>
            f(60, 1000, p),
      ),
    ],
  },
  {
    name: 'Poisson cdf(50, 45)',
    ours: (mean = 0) => poissonDistribution.cdf(50, mean),
    args: [45],
    peers: [
      jstat(
        'poisson.cdf',
        (f) =>
          (mean = 0) =>
            f(50, mean),
      ),
      stdlib(
        'stats-base-dists-poisson-cdf',
        (f) =>
          (mean = 0) =>
            f(50, mean),
      ),
    ],
  },
  {
    name: 'hypergeometric pmf(60; 2000, 110, 1000)',
    ours: () => hypergeometricDistribution.pmf(60, 2000, 110, 1000),
    args: [0],
    peers: [
      jstat('hypgeom.pdf', (f) => () => f(60, 2000, 110, 1000), 'the same product: ours calls it'),
      stdlib('stats-base-dists-hypergeometric-pmf', (f) => () => f(60, 2000, 110, 1000)),
    ],
  },
  {
    name: 'hypergeometric pmf(5600; 200000, 11000, 100000)',
    ours: () => hypergeometricDistribution.pmf(5600, 200_000, 11_000, 100_000),
    args: [0],
    peers: [
      jstat('hypgeom.pdf', (f) => () => f(5600, 200_000, 11_000, 100_000)),
      stdlib('stats-base-dists-hypergeometric-pmf', (f) => () => f(5600, 200_000, 11_000, 100_000)),
    ],
  },
  {
    name: 'non-central t sf(2, 57, 2)',
    ours: noncentralTDistribution.sf,
    args: [2, 57, 2],
    peers: [jstat('noncentralt.cdf', upper, LOSES_TAIL)],
  },
];

/** Calls `f` with its first argument varied by up to a hundredth of a percent. */
function varied(f: Numeric, [first = 0, ...rest]: readonly number[]): () => number {
  let call = 0;
  return () => {
    call = (call + 1) % 64;
    return f(first * (1 - call * 1e-6), ...rest);
  };
}

/** Special functions and distributions beside jstat, @stdlib and simple-statistics, where they offer the function. */
export async function bench(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const { name, ours, args, peers } of contests) {
    const ns = await measure(varied(ours, args), 100);
    const before = rows.length;
    for (const { name: peerName, pick, note } of peers) {
      const peer = await loadPeer<unknown>(peerName);
      if (peer === undefined) continue;
      const peerNs = await measure(varied(pick(peer.module), args), 100);
      rows.push({ name, ns, peer: peer.label, peerNs, ratio: peerNs / ns, ...(note === undefined ? {} : { note }) });
    }
    if (rows.length === before) rows.push({ name, ns });
  }
  return rows;
}
