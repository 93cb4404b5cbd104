import { normalDistribution } from '../distributions/normalDistribution.ts';
import { mixtureMultiplier } from '../sequential/normalMixture.ts';
import { tightestRatio } from '../sequential/normalMixtureRho.ts';
import type { Alternative } from '../types.ts';

/** A standard Brownian motion with drift that is watched against the boundary of the normal mixture. */
export interface Passage {
  /** Drift per observation, in standard deviations of one observation: positive. */
  readonly drift: number;
  readonly alpha: number;
  readonly alternative: Alternative;
  /** Observations at which the boundary is tightest. */
  readonly horizon: number;
  /** Observations before the first look. */
  readonly burnIn: number;
}

/** When the boundary is crossed: ascending observations with the probability of having crossed by then. */
export interface PassageCurve {
  readonly n: Float64Array;
  readonly probability: Float64Array;
}

const STEPS = 400;
/** Looks at single observations find the path beyond the boundary by this much on average (Siegmund 1985). */
const OVERSHOOT = 0.5826;

/** The boundary of the sum of observations at a time, with its slope there. */
interface Boundary {
  readonly height: number;
  readonly slope: number;
}

/** The boundary of the normal mixture at time v, shifted by what single looks overshoot. */
export function boundary(v: number, prior: number, alpha: number, alternative: Alternative): Boundary {
  const height = mixtureMultiplier(v / prior, alpha, alternative) * Math.sqrt(v);
  const threshold = (height * height) / (v + prior);
  // (v + prior) times the derivative of the logarithm in the boundary.
  const root = Math.sqrt(1 + v / prior);
  const growth = alternative === 'two-sided' ? 1 : root / (2 * alpha + root);
  return { height: height + OVERSHOOT, slope: (threshold + growth) / (2 * height) };
}

/** What is left below the boundary at the first look sends this density of crossings through it at a later time v. */
function fromFirstLook(v: number, { height, slope }: Boundary, drift: number, first: number, start: number): number {
  const lag = v - start;
  // Given the path is at the boundary at v, it was normal about `bridge` at the first look.
  const bridge = (height * start) / v;
  const spread = Math.sqrt((start * lag) / v);
  const below = (first - bridge) / spread;
  const rate =
    normalDistribution.cdf(below) * (slope - (height - bridge) / lag) - (spread / lag) * normalDistribution.pdf(below);
  return -rate * normalDistribution.pdf(height, drift * v, Math.sqrt(v));
}

/**
 * The distribution of the time at which the boundary is crossed on the side of the drift, for a Brownian motion seen at
 * whole times from the burn-in on.
 *
 * At the first look by the normal distribution; from then on the density of the first passage solves a Volterra equation
 * without singularity, here by the trapezoidal rule. Looking at whole times only is allowed for by Siegmund's shift of
 * the boundary.
 *
 * Sources: Buonocore, Nobile & Ricciardi (1987), Adv. Appl. Probab. 19(4), doi:10.2307/1427102; Siegmund (1985), Sequential
 * Analysis, chapter X.
 */
export function firstPassage({ drift, alpha, alternative, horizon, burnIn }: Passage): PassageCurve {
  const prior = horizon / tightestRatio(alpha, alternative, 'approximate');
  const margin = (v: number): number => drift * Math.sqrt(v) - mixtureMultiplier(v / prior, alpha, alternative);
  let end = 2 * burnIn;
  while (margin(end) < 5) end *= 1.25;
  // In the root of the logarithm of time, which tames the rush right after the first look.
  const step = Math.sqrt(Math.log(end / burnIn)) / STEPS;
  const n = Float64Array.from({ length: STEPS + 1 }, (_, i) => burnIn * Math.exp((i * step) ** 2));
  const walls = Array.from(n, (v) => boundary(v, prior, alpha, alternative));
  const first = walls[0]!.height - OVERSHOOT;
  const rate = new Float64Array(STEPS + 1);
  const probability = new Float64Array(STEPS + 1);
  probability[0] = normalDistribution.cdf(margin(burnIn));
  for (let i = 1; i <= STEPS; i += 1) {
    const [v, wall] = [n[i]!, walls[i]!];
    let density = fromFirstLook(v, wall, drift, first, burnIn);
    for (let j = 1; j < i; j += 1) {
      const lag = v - n[j]!;
      const rise = wall.height - walls[j]!.height;
      const kernel = (wall.slope - rise / lag) * Math.exp(-((rise - drift * lag) ** 2) / (2 * lag));
      density += (rate[j]! * step * kernel) / Math.sqrt(2 * Math.PI * lag);
    }
    rate[i] = density * v * 2 * i * step;
    // The rate right after the first look is not known at the look itself: it is taken to be flat there.
    const before = i === 1 ? rate[1]! : rate[i - 1]!;
    probability[i] = Math.min(1, probability[i - 1]! + ((before + rate[i]!) / 2) * step);
  }
  return { n, probability };
}

/** The observations by which the boundary has been crossed with this probability. */
export function passageQuantile({ n, probability }: PassageCurve, target: number): number {
  const i = probability.findIndex((p) => p >= target);
  if (i <= 0) return i === 0 ? n[0]! : n.at(-1)!;
  const share = (target - probability[i - 1]!) / (probability[i]! - probability[i - 1]!);
  return n[i - 1]! + share * (n[i]! - n[i - 1]!);
}

/** The probability of having crossed by this many observations. */
export function passageProbability({ n, probability }: PassageCurve, at: number): number {
  if (at < n[0]!) return 0;
  const i = n.findIndex((v) => v >= at);
  if (i === -1) return probability.at(-1)!;
  if (i === 0) return probability[0]!;
  const share = (at - n[i - 1]!) / (n[i]! - n[i - 1]!);
  return probability[i - 1]! + share * (probability[i]! - probability[i - 1]!);
}

/** The mean of the stopping time, where everything stops at `at` at the latest. */
export function meanPassage(curve: PassageCurve, at: number): number {
  const { n } = curve;
  let mean = Math.min(at, n[0]!);
  for (let i = 1; i < n.length && n[i - 1]! < at; i += 1) {
    const right = Math.min(at, n[i]!);
    const open = 2 - passageProbability(curve, n[i - 1]!) - passageProbability(curve, right);
    mean += (open / 2) * (right - n[i - 1]!);
  }
  return mean;
}
