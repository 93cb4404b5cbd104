import { ClusterMoments, type ClusterMomentsState } from '../../stats/summaries/ClusterMoments.ts';
import type { Arm } from './Arm.ts';

/** The state of `ClusteredArms`. */
export type ClusteredArmsState = readonly [canary: ClusterMomentsState, baseline: ClusterMomentsState];

/** Below so many clusters their variance is not known well enough. */
const LEAST_CLUSTERS = 20;

/** Both models' values by unit, where whole units and not requests are independent. Constant memory. */
export class ClusteredArms {
  readonly canary: ClusterMoments;
  readonly baseline: ClusterMoments;

  constructor(
    [canary, baseline]: readonly [ClusterMoments, ClusterMoments] = [new ClusterMoments(), new ClusterMoments()],
  ) {
    this.canary = canary;
    this.baseline = baseline;
  }

  push(arm: Arm, value: number, cluster: number): void {
    this[arm].push(cluster, value);
  }

  /** Whether both models have enough units for a variance between units. */
  get enough(): boolean {
    return Math.min(this.canary.clusters, this.baseline.clusters) >= LEAST_CLUSTERS;
  }

  merge(other: ClusteredArms): void {
    this.canary.merge(other.canary);
    this.baseline.merge(other.baseline);
  }

  toJSON(): ClusteredArmsState {
    return [this.canary.toJSON(), this.baseline.toJSON()];
  }

  static fromJSON([canary, baseline]: ClusteredArmsState): ClusteredArms {
    return new ClusteredArms([ClusterMoments.fromJSON(canary), ClusterMoments.fromJSON(baseline)]);
  }
}

/** The canary's units over all stages, each unit once; undefined while they are too few. */
export function poolCanaryUnits(
  stages: readonly { readonly clusters: ClusteredArms | undefined }[],
): ClusterMoments | undefined {
  const pooled = new ClusterMoments();
  for (const { clusters } of stages) if (clusters !== undefined && clusters.canary.n > 0) pooled.merge(clusters.canary);
  return pooled.clusters >= LEAST_CLUSTERS ? pooled : undefined;
}
