/** One check of a step, and how it came out. */
export interface StepReason {
  /** The check, for example `goal`, `guardrail`, `minimum-requests`. */
  readonly rule: string;
  readonly verdict: 'pass' | 'fail' | 'inconclusive';
  readonly message: string;
}

/**
 * What a step says. `promote`: its criteria are met. `reject`: they will not be. `hold`: not known yet. `invalid`: the
 * evidence cannot be trusted, or the step has stopped by itself: a person has to look.
 */
export interface StepVerdict {
  readonly verdict: 'promote' | 'hold' | 'reject' | 'invalid';
  readonly reasons: readonly StepReason[];
  /** What is still missing, at the present pace; left out where nothing is, or nobody can tell. */
  readonly remaining?: { readonly requests: number | undefined; readonly days: number | undefined } | undefined;
  /** Whether a rejection counts while the rollout is paused as well. @defaultValue false */
  readonly urgent?: boolean;
}

/** The reasons of a verdict in one line: what decides it first. */
export function reasonText({ verdict, reasons }: StepVerdict): string {
  const wanted = { promote: 'pass', reject: 'fail', hold: 'inconclusive', invalid: 'fail' } as const;
  const telling = reasons.filter((reason) => reason.verdict === wanted[verdict]);
  const told = (telling.length > 0 ? telling : reasons).map(({ message }) => message);
  return told.length === 0 ? verdict : told.join('; ');
}
