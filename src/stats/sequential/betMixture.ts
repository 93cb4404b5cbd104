/** Neighbouring bets of the mixture differ by this factor: finer ones would add less than 0.02 to a log e-value of 1. */
const STEP = 1.25;
const SMALLEST_BET = 1e-4;
/** Below about this fraction the prior over bets is flat, above it it is flat in the logarithm. */
const SCALE = 0.01;

/** The bets of the mixture, as fractions of the largest bet that cannot go bankrupt, with their log weights. */
function betGrid(): { bets: Float64Array; logWeights: Float64Array } {
  const steps = Math.ceil(-Math.log(SMALLEST_BET) / Math.log(STEP));
  const bets = Float64Array.from({ length: steps + 1 }, (_, i) => SMALLEST_BET ** (1 - i / steps));
  const weights = bets.map((bet) => bet / (bet + SCALE));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return { bets, logWeights: weights.map((weight) => Math.log(weight / total)) };
}

const { bets, logWeights } = /* @__PURE__ */ betGrid();

/**
 * The log wealth of the mixture of constant bets that the mean of non-negative payoffs exceeds 1: each bet stakes the
 * fraction v of the wealth on the payoff, which multiplies it by 1 - v + v payoff. The wealth is an e-process for the
 * null that payoffs have mean at most 1, whatever else they do.
 * @param counts how often each payoff occurred; above 0
 * @internal
 */
export function logBetMixture(payoffs: ArrayLike<number>, counts: ArrayLike<number>): number {
  const logs = new Float64Array(bets.length).fill(Number.NEGATIVE_INFINITY);
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < bets.length; i += 1) {
    const bet = bets[i]!;
    let log = logWeights[i]!;
    for (let j = 0; j < payoffs.length; j += 1) log += counts[j]! * Math.log(1 + bet * (payoffs[j]! - 1));
    logs[i] = log;
    if (log > largest) largest = log;
    // The wealth is log-concave in the bet: past the best one it only falls, and what is left is below 1e-17 of it.
    if (log < largest - 45) break;
  }
  if (!Number.isFinite(largest)) return largest;
  let sum = 0;
  for (const log of logs) sum += Math.exp(log - largest);
  return largest + Math.log(sum);
}
