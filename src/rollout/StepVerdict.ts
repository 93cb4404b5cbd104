import { show } from '../core/errors.ts';
import { abandon } from '../core/perRow.ts';

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

const SAID: readonly unknown[] = ['promote', 'hold', 'reject', 'invalid'];
const CAME_OUT: readonly unknown[] = ['pass', 'fail', 'inconclusive'];

/** What criteria answered, as plain data. @throws TypeError where it is no verdict */
export function readVerdict(verdict: StepVerdict): StepVerdict {
  if (abandon(verdict)) throw new TypeError('criteria must answer at once, got a promise');
  const { verdict: said, reasons, remaining, urgent = false } = verdict;
  if (!SAID.includes(said) || !Array.isArray(reasons)) {
    throw new TypeError(`a verdict must be promote, hold, reject or invalid with a list of reasons, got ${show(said)}`);
  }
  return {
    verdict: said,
    reasons: reasons.map(readReason),
    ...(remaining === undefined || remaining === null ? {} : { remaining: readRemaining(remaining) }),
    ...(urgent === true ? { urgent } : {}),
  };
}

function readReason({ rule, verdict, message }: StepReason): StepReason {
  if (!CAME_OUT.includes(verdict)) {
    throw new TypeError(`a reason's verdict must be pass, fail or inconclusive, got ${show(verdict)}`);
  }
  return { rule: String(rule), verdict, message: String(message) };
}

function readRemaining({ requests, days }: NonNullable<StepVerdict['remaining']>): StepVerdict['remaining'] {
  const finite = (value: unknown): number | undefined =>
    typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  return { requests: finite(requests), days: finite(days) };
}
