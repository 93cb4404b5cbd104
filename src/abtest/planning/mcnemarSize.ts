import { normalDistribution } from '../../stats/distributions/normalDistribution.ts';
import { mcnemarLogEValue } from '../../stats/sequential/mcnemarEProcess.ts';

/** What two models that are asked about the same requests are expected to do. */
export interface McnemarDesign {
  /** The share of requests on which exactly one of them is right. */
  readonly disagreement: number;
  /** The difference of both rates: positive. */
  readonly effect: number;
  readonly alpha: number;
  readonly power: number;
}

/** Pairs by which McNemar's e-process has rejected equality with the wanted power, and half of the times. */
export interface McnemarSize {
  readonly pairs: number;
  readonly median: number;
}

/** Beyond so many discordant pairs the steps are not worth counting one by one. */
const MOST_DISCORDANT = 20_000;
/** Chances below this are left out of the count. */
const NEGLIGIBLE = 1e-12;

/**
 * How many pairs a test by McNemar's e-process takes that is looked at after every one. Exact in the discordant pairs: a
 * walk of which every step is for the better model with a known chance, until the e-value reaches 1 / alpha; how many of
 * the pairs are discordant is taken for normal.
 *
 * @returns undefined where more than 20,000 discordant pairs are needed
 */
export function mcnemarSize({ disagreement, effect, alpha, power }: McnemarDesign): McnemarSize | undefined {
  const crossed = crossings((1 + effect / disagreement) / 2, alpha, power);
  if (crossed === undefined) return undefined;
  const pairs = pairsFor(crossed, disagreement, power);
  return { pairs, median: pairsFor(crossed, disagreement, 0.5) };
}

/** The chance of having rejected by each number of discordant pairs; undefined where the power is never reached. */
function crossings(better: number, alpha: number, power: number): readonly number[] | undefined {
  const limit = -Math.log(alpha);
  const evidence = (onlyFirst: number, onlySecond: number): number =>
    mcnemarLogEValue({ onlyFirst, onlySecond, pairs: onlyFirst + onlySecond });
  const crossed: number[] = [0];
  // By the number of steps for the better model; only those from `low` on are likely at all.
  let walk: number[] = [1];
  let low = 0;
  let wall = 1;
  // Until it is well beyond: the chance of more or fewer discordant pairs than expected needs the rest of the curve.
  for (let m = 1; m <= MOST_DISCORDANT && crossed.at(-1)! < power + (1 - power) * 0.99; m += 1) {
    const next = new Array<number>(walk.length + 1).fill(0);
    for (const [i, chance] of walk.entries()) {
      next[i]! += chance * (1 - better);
      next[i + 1]! += chance * better;
    }
    while (wall <= m && evidence(wall, m - wall) < limit) wall += 1;
    const beyond = Math.max(0, wall - low);
    const over = wall > m ? [] : next.splice(beyond);
    crossed.push(crossed.at(-1)! + over.reduce((sum, chance) => sum + chance, 0));
    const from = next.findIndex((chance) => chance > NEGLIGIBLE);
    walk = from > 0 ? next.slice(from) : next;
    low += Math.max(0, from);
  }
  return crossed.at(-1)! < power ? undefined : crossed;
}

/** The pairs among which there are enough discordant ones with the wanted chance. */
function pairsFor(crossed: readonly number[], disagreement: number, target: number): number {
  const chance = (pairs: number): number => {
    const [mean, sd] = [pairs * disagreement, Math.sqrt(pairs * disagreement * (1 - disagreement))];
    if (sd === 0) return crossed[Math.min(crossed.length - 1, Math.round(mean))]!;
    return crossed.reduce((sum, probability, m) => {
      const step = probability - (crossed[m - 1] ?? 0);
      return sum + step * normalDistribution.sf((m - 0.5 - mean) / sd);
    }, 0);
  };
  let [low, high] = [1, (2 * crossed.length) / disagreement];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (chance(middle) >= target) high = middle;
    else low = middle;
  }
  return Math.ceil(high);
}
