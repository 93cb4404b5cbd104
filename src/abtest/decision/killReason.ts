import { formatPValue } from '../../core/text/formatPValue.ts';
import type { KillReport } from '../KillSwitch.ts';
import type { DecisionReason } from './Decision.ts';

/** Why a challenger was killed, as a reason of the decision. */
export function killReason({ variant, failures, requests, pValue }: KillReport): DecisionReason {
  const [champion, challenger] = failures;
  const message = `${challenger} failures of ${requests[1]} requests, champion ${champion} of ${requests[0]}: p ${formatPValue(pValue)}`;
  return { rule: 'kill-switch', verdict: 'fail', message, variant };
}

/** The reasons against a challenger that was killed; undefined for one that was not. */
export function killedReasons(killed: readonly KillReport[], variant: string): readonly DecisionReason[] | undefined {
  const found = killed.find((report) => report.variant === variant);
  return found === undefined ? undefined : [killReason(found)];
}
