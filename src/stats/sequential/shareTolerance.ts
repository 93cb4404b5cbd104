import { averageEValues } from './eValues.ts';
import type { ShareCounts } from './ShareCounts.ts';
import { likeliestLogMultiplier, type ShareEpoch, type ShareMixture, shareLogEValue } from './shareMixture.ts';

/**
 * The log e-value against all plans that are met but for a tolerance: every group may lack up to that fraction of its
 * observations. Of each group against all others it is the smallest e-value of the odds multipliers within
 * `[1 - tolerance, 1 / (1 - tolerance)]`, an e-value whichever of them is true, the same in every epoch; of several groups, their mean.
 *
 * @param epochs checked; no group whose planned share is 0 has observations
 * @internal
 */
export function toleratedLogEValue(epochs: readonly ShareCounts[], concentration: number, tolerance: number): number {
  const most = -Math.log1p(-tolerance);
  return averageEValues(
    groupsToTest(epochs[0]!.counts.length).map((group) => {
      const mixture = groupMixture(epochs, group, concentration);
      if (mixture.epochs.length === 0) return 0;
      // The likelihood has one peak, so that the e-value is smallest as near to it as the tolerance allows.
      const nearest = Math.min(most, Math.max(-most, likeliestLogMultiplier(mixture.epochs)));
      return shareLogEValue(mixture, nearest);
    }),
  );
}

/** Of two groups one says all. @internal */
export function groupsToTest(groups: number): readonly number[] {
  return groups === 2 ? [1] : Array.from({ length: groups }, (_, i) => i);
}

/** One group against all the others, with a prior that is centred on its plan. @internal */
export function groupMixture(epochs: readonly ShareCounts[], group: number, concentration: number): ShareMixture {
  const read = epochsOf(epochs, group);
  const share = read[0]?.share ?? 0.5;
  const priors = [{ a: concentration * share, b: concentration * (1 - share) }];
  return { epochs: read, priors, alternative: 'two-sided' };
}

/** The epochs in which the share of a group could be something else than 0 or 1. */
function epochsOf(epochs: readonly ShareCounts[], group: number): ShareEpoch[] {
  return epochs.flatMap(({ counts, shares }) => {
    const share = shares[group]!;
    if (share === 0 || share === 1) return [];
    const first = counts[group]!;
    return [{ first, second: counts.reduce((sum, count) => sum + count, 0) - first, share }];
  });
}
