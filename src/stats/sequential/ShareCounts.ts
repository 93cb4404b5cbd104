/** What was counted in every group while the planned shares stood. */
export interface ShareCounts {
  /** One count a group. */
  readonly counts: readonly number[];
  /** The planned share of each group; they sum to one. A group may have share 0. */
  readonly shares: readonly number[];
}
