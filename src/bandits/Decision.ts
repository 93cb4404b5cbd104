/** What a bandit decided about one request, or about one slot of it. */
export interface Decision {
  /** The arm that answers. */
  readonly acting: string;
  /** The arm that the policy would have chosen. */
  readonly advised: string;
  readonly context: unknown;
  /** The group of contexts within which the pull is in flight. */
  readonly segment: string;
  readonly propensity: number | undefined;
  readonly held: boolean;
  /** What was held out, or not, together with it; undefined where it was drawn alone. */
  readonly cluster: number | undefined;
  /** Whether its reward says something of the policy: not where no choice could be made. */
  readonly chosen: boolean;
}

/** What stays with a request until its reward is known: plain data. */
export interface Note {
  readonly arm: string;
  /** Which arm of that name. */
  readonly born: number;
  readonly context: unknown;
  /** Where the pull is counted in flight; null where it is not. */
  readonly segment: string | null;
  readonly propensity: number | undefined;
  readonly held: boolean;
  readonly cluster: number | undefined;
  /** Whether the reward teaches the policy: not in frozen mode. */
  readonly learn: boolean;
  /** Whether the reward counts in the comparison with the held-out share. */
  readonly chosen: boolean;
}
