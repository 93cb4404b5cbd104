/** Kullback-Leibler divergence of two Bernoulli distributions, in nats; Infinity where q excludes what p allows. */
export function bernoulliKl(p: number, q: number): number {
  let kl = 0;
  if (p > 0) kl += p * Math.log(p / q);
  if (p < 1) kl += (1 - p) * Math.log((1 - p) / (1 - q));
  return kl > 0 ? kl : 0;
}

/** An upper bound of {@link klUpper}: Pinsker's inequality, or the divergence without its first term, whichever is lower. */
export function klUpperStart(p: number, budget: number): number {
  const pinsker = p + Math.sqrt(budget / 2);
  const entropy = p > 0 ? p * Math.log(p) : 0;
  const chernoff = 1 - (1 - p) * Math.exp((entropy - budget) / (1 - p));
  return chernoff < pinsker ? chernoff : pinsker;
}

/**
 * The largest q with kl(p, q) <= budget, for p in [0, 1] and budget >= 0: the KL-UCB index (Garivier & Cappé 2011, eq. 7).
 * The divergence is convex in q, so that Newton's method falls monotonically from an upper bound onto the root: it starts
 * at {@link klUpperStart} and stops where it no longer falls, after 6 steps or so, at machine precision.
 */
export function klUpper(p: number, budget: number): number {
  if (p >= 1) return 1;
  if (p <= 0) return -Math.expm1(-budget);
  if (!(budget > 0)) return p;
  let q = klUpperStart(p, budget);
  if (q >= 1) return 1;
  for (let step = 0; step < 60; step += 1) {
    const excess = p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q)) - budget;
    const next = q - (excess * q * (1 - q)) / (q - p);
    if (!(next < q && next > p)) break;
    q = next;
  }
  return q;
}

/** The smallest q with kl(p, q) <= budget. Computed in q itself, not in 1 - q, so that a tiny bound keeps its digits. */
export function klLower(p: number, budget: number): number {
  if (p <= 0) return 0;
  if (p >= 1) return Math.exp(-budget);
  if (!(budget > 0)) return p;
  const chernoff = p * Math.exp(((1 - p) * Math.log(1 - p) - budget) / p);
  let q = Math.max(chernoff, p - Math.sqrt(budget / 2));
  for (let step = 0; step < 60; step += 1) {
    const excess = p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q)) - budget;
    const next = q + (excess * q * (1 - q)) / (p - q);
    if (!(next > q && next < p)) break;
    q = next;
  }
  return q;
}
