/**
 * Newcombe's score-type bounds of an area under the ROC curve: the areas A at which the observed one is z standard
 * errors away, with the standard error of Hanley and McNeil at A itself. They have a width also at 0, ½ and 1, where
 * DeLong's variance is 0.
 *
 * Source: Newcombe (2006), Statist. Med. 25(4), doi:10.1002/sim.2324, method 5.
 */
export function aucScoreBounds(auc: number, positives: number, negatives: number, z: number): [number, number] {
  const mean = (positives + negatives) / 2 - 1;
  const variance = (a: number): number =>
    ((a * (1 - a)) / (positives * negatives)) * (1 + mean * ((1 - a) / (2 - a) + a / (1 + a)));
  const beyond = (a: number): boolean => (a - auc) ** 2 > z * z * variance(a);
  // Both ends by bisection: at the observed area nothing is beyond, at 0 and 1 everything but the area itself is.
  const end = (far: number): number => {
    if (auc === far) return far;
    let [inside, outside] = [auc, far];
    for (let i = 0; i < 60; i += 1) {
      const middle = (inside + outside) / 2;
      if (beyond(middle)) outside = middle;
      else inside = middle;
    }
    return inside;
  };
  return [end(0), end(1)];
}
