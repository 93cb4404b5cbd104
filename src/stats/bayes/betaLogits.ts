import { betaExponent, betaTail } from '../special/betaTail.ts';
import { betaDifference } from '../special/incompleteBeta.ts';
import { logLower, logUpper, type TailPair } from '../special/TailPair.ts';

/** The shapes of a beta distribution: one plus successes and one plus failures under a uniform prior. */
export interface BetaShapes {
  readonly a: number;
  readonly b: number;
}

/** A beta distribution over the logit of its variable, in logarithms that do not end where doubles do. */
export interface BetaLogits {
  /** The logit of the mean, where the density over the logit is greatest. */
  readonly centre: number;
  /** Between these two, five standard deviations to both sides of the centre, density and tails change. */
  readonly turns: readonly number[];
  logPdf(u: number): number;
  logCdf(u: number): number;
  logSf(u: number): number;
}

/** The functions of one beta distribution. With x and 1 - x both from the logit, neither end loses digits. */
export function betaLogits({ a, b }: BetaShapes): BetaLogits {
  const scale = 0.5 * (Math.log(a / (2 * Math.PI)) - Math.log1p(a / b));
  const tails = (u: number): TailPair => {
    const [x, y] = [1 / (1 + Math.exp(-u)), 1 / (1 + Math.exp(u))];
    return betaTail(a, b, x, y, betaDifference(a, b, x, y));
  };
  const [centre, sd] = [Math.log(a / b), Math.sqrt(1 / a + 1 / b)];
  return {
    centre,
    turns: [centre - 5 * sd, centre + 5 * sd],
    logPdf(u) {
      const [x, y] = [1 / (1 + Math.exp(-u)), 1 / (1 + Math.exp(u))];
      return scale + betaExponent(a, b, x, y, betaDifference(a, b, x, y));
    },
    logCdf: (u) => logLower(tails(u)),
    logSf: (u) => logUpper(tails(u)),
  };
}
