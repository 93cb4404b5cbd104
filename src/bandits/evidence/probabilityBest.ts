import { InvalidDataError } from '../../core/errors.ts';
import { logBeta, logGamma } from '../../stats/special/index.ts';
import { type Beliefs, bestByQuadrature } from './bestByQuadrature.ts';

/** A beta belief about a rate. */
export interface BetaBelief {
  /** Above 0. */
  readonly alpha: number;
  /** Above 0. */
  readonly beta: number;
}

/** A Student-t belief about a mean: `location + scale * t` with `df` degrees of freedom; `df: Infinity` is the normal. */
export interface StudentBelief {
  readonly location: number;
  /** Above 0. */
  readonly scale: number;
  /** Above 0; may be Infinity. */
  readonly df: number;
}

/** Steps from 0 to `far` at least: of one spread as far as 9, then growing by 30 %. */
function steps(far: number): readonly number[] {
  const list: number[] = [];
  let step = 0;
  while (step < far) {
    list.push(step);
    step = step < 9 ? step + 1 : step * 1.3;
  }
  list.push(step);
  return list;
}

/**
 * Probability of each arm to have the highest rate, under independent beta beliefs: Thompson sampling's propensities.
 * Computed on the logit scale, where the densities are smooth for any shape; absolute error below 1e-10.
 *
 * @throws InvalidDataError if there is no belief, or a shape is not finite and above 0
 * @example
 * probabilityBestBeta([{ alpha: 2, beta: 1 }, { alpha: 1, beta: 2 }]); // [0.8333…, 0.1666…]
 */
export function probabilityBestBeta(beliefs: readonly BetaBelief[]): readonly number[] {
  if (beliefs.length === 0) throw new InvalidDataError('beliefs', beliefs, 'a list of at least one belief');
  beliefs.forEach(({ alpha, beta }, k) => {
    if (!(alpha > 0 && beta > 0 && Number.isFinite(alpha + beta))) {
      throw new InvalidDataError(`beliefs[${k}]`, `beta(${alpha}, ${beta})`, 'of finite shapes above 0');
    }
  });
  return Array.from(bestByQuadrature(betaBeliefs(beliefs)));
}

function betaBeliefs(list: readonly BetaBelief[]): Beliefs {
  const logB = Float64Array.from(list, ({ alpha, beta }) => logBeta(alpha, beta));
  const center = Float64Array.from(list, ({ alpha, beta }) => Math.log(alpha / beta));
  const spread = Float64Array.from(list, ({ alpha, beta }) => Math.sqrt(1 / alpha + 1 / beta));
  const logX: number[] = [];
  const logY: number[] = [];
  return {
    size: list.length,
    center,
    spread,
    // The tails fall as e^(alpha t) and e^(-beta t): 45 nats down there is nothing left.
    steps: (k) => steps(45 / Math.min(1, list[k]!.alpha, list[k]!.beta) / spread[k]!),
    prepare: (nodes) => {
      // ln x = -ln(1 + e^-t), ln(1 - x) = -ln(1 + e^t), each without cancellation.
      for (let j = 0; j < nodes.length; j += 1) {
        const t = nodes[j]!;
        const small = Math.log1p(Math.exp(-Math.abs(t)));
        logX[j] = t > 0 ? -small : t - small;
        logY[j] = t > 0 ? -t - small : -small;
      }
    },
    density: (k, nodes, out) => {
      const { alpha, beta } = list[k]!;
      for (let j = 0; j < nodes.length; j += 1) out[j] = Math.exp(alpha * logX[j]! + beta * logY[j]! - logB[k]!);
    },
    lowerMass: (k, at) => Math.min(1, Math.exp(list[k]!.alpha * at - Math.log(list[k]!.alpha) - logB[k]!)),
  };
}

/**
 * Probability of each arm to have the highest mean, under independent Student-t (or normal) beliefs: the propensities of
 * Gaussian and linear Thompson sampling. Absolute error below 1e-10.
 *
 * @throws InvalidDataError if there is no belief, a location is not finite, or a scale or df is not above 0
 */
export function probabilityBestStudent(beliefs: readonly StudentBelief[]): readonly number[] {
  if (beliefs.length === 0) throw new InvalidDataError('beliefs', beliefs, 'a list of at least one belief');
  beliefs.forEach(({ location, scale, df }, k) => {
    if (!(Number.isFinite(location) && scale > 0 && Number.isFinite(scale) && df > 0)) {
      throw new InvalidDataError(
        `beliefs[${k}]`,
        `t(${location}, ${scale}, ${df})`,
        'finite, with scale and df above 0',
      );
    }
  });
  return Array.from(bestByQuadrature(studentBeliefs(beliefs)));
}

function studentBeliefs(list: readonly StudentBelief[]): Beliefs {
  const logPeak = Float64Array.from(list, ({ scale, df }) =>
    df > 1e9
      ? -0.5 * Math.log(2 * Math.PI) - Math.log(scale)
      : logGamma((df + 1) / 2) - logGamma(df / 2) - 0.5 * Math.log(df * Math.PI) - Math.log(scale),
  );
  const logDensity = (k: number, x: number): number => {
    const { location, scale, df } = list[k]!;
    const z = (x - location) / scale;
    return logPeak[k]! - (df > 1e9 ? 0.5 * z * z : 0.5 * (df + 1) * Math.log1p((z * z) / df));
  };
  return {
    size: list.length,
    center: Float64Array.from(list, ({ location }) => location),
    spread: Float64Array.from(list, ({ scale }) => scale),
    // Where the tail, about (z / sqrt(df))^-df, has fallen below 1e-18; the normal's has at 9.
    steps: (k) => {
      const { df } = list[k]!;
      return steps(df > 1e9 ? 10 : Math.min(1e16, 9 + Math.sqrt(df) * (10 ** (18 / df) - 1)));
    },
    density: (k, nodes, out) => {
      for (let j = 0; j < nodes.length; j += 1) out[j] = Math.exp(logDensity(k, nodes[j]!));
    },
    lowerMass: (k, at) => {
      const { location, df } = list[k]!;
      return df > 1e9 ? 0 : Math.exp(logDensity(k, at)) * (Math.abs(at - location) / df);
    },
  };
}
