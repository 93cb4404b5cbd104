import { InvalidDataError } from '../../core/errors.ts';

/** A decision of the past: what was chosen, how likely that was, and what it earned. */
export interface LoggedDecision<Context = unknown> {
  /** The arm that was chosen. */
  readonly arm: string;
  readonly reward: number;
  /** Probability with which the logging policy chose the arm; within (0, 1]. */
  readonly propensity: number;
  /** What was known at the decision. */
  readonly context?: Context;
}

/**
 * Checks a log and gives the position of each decision's arm.
 * @throws InvalidDataError naming the first bad entry
 */
export function armPositions(log: readonly LoggedDecision[], arms: readonly string[]): Int32Array {
  if (!Array.isArray(log)) throw new InvalidDataError('log', log, 'a list of decisions');
  const positions = new Map(arms.map((arm, i) => [arm, i]));
  return Int32Array.from(log, (decision: LoggedDecision | null | undefined, t) => {
    const { arm, reward, propensity } = decision ?? ({} as Partial<LoggedDecision>);
    const position = positions.get(arm as string);
    if (position === undefined) throw new InvalidDataError(`log[${t}].arm`, arm, `one of ${arms.join(', ')}`);
    if (!Number.isFinite(reward)) throw new InvalidDataError(`log[${t}].reward`, reward, 'a finite number');
    if (!(propensity! > 0 && propensity! <= 1)) {
      throw new InvalidDataError(`log[${t}].propensity`, propensity, 'within (0, 1]: log it at the decision');
    }
    return position;
  });
}
