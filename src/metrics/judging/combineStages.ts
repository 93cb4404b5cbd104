import { combineInformation, type InformationEstimate } from '../../stats/sequential/InformationEstimate.ts';
import type { StageEvidence } from './StageEvidence.ts';

/**
 * What all stages together say of the logarithm of the ratio: weighted by their information. Where units are sticky, the
 * same units stand in several stages, first with one model and then with the other: what each unit adds to the whole is
 * summed over stages before it is squared, so that the variance holds whatever a unit's requests have in common.
 *
 * @see Liang & Zeger (1986), Biometrika 73(1), doi:10.1093/biomet/73.1.13 (the variance between clusters)
 */
export function combineStages(stages: readonly StageEvidence[]): InformationEstimate {
  const combined = combineInformation(stages.map(({ part }) => part));
  const { information } = combined;
  if (information === 0) return combined;
  const variance = varianceBetweenUnits(stages);
  if (variance === undefined || !(variance > 0)) return combined;
  const robust = (information * information) / variance;
  // Without pairs, units can only take information away: were they to add any, that would be chance.
  const paired = stages.some(({ pairs }) => pairs !== undefined);
  return { ...combined, information: paired ? robust : Math.min(information, robust) };
}

/** The variance of the sum over stages of information times estimate; undefined where units do not matter. */
function varianceBetweenUnits(stages: readonly StageEvidence[]): number | undefined {
  const influence = new Float64Array(
    stages.find(({ clusters }) => clusters !== undefined)?.clusters?.canary.places ?? 0,
  );
  if (influence.length === 0) return undefined;
  for (const { part, clusters, metric } of stages) {
    if (clusters === undefined || part.information === 0) continue;
    const scale = part.information * (metric.kind === 'rmse' ? 0.5 : 1);
    clusters.canary.addInfluence(scale / clusters.canary.mean, influence);
    clusters.baseline.addInfluence(-scale / clusters.baseline.mean, influence);
  }
  let [squares, units] = [0, 0];
  for (const x of influence) {
    squares += x * x;
    if (x !== 0) units += 1;
  }
  return units < 2 ? undefined : (squares * units) / (units - 1);
}
