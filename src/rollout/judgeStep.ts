import type { ABTest } from '../abtest/index.ts';
import type { CanaryDeployment } from '../canary/index.ts';
import type { AnyModel } from '../core/Model.ts';
import type { StepReason, StepVerdict } from './StepVerdict.ts';

/** What a test decides, as a step says it. */
export function judgeABTest(test: Pick<ABTest<AnyModel, AnyModel>, 'decide'>): StepVerdict {
  const { decision, reasons, remaining } = test.decide();
  const verdicts = { PROMOTE: 'promote', REJECT: 'reject', CONTINUE: 'hold', INVALID: 'invalid' } as const;
  const told = reasons.map(({ rule, verdict, message }): StepReason => ({ rule, verdict, message }));
  return { verdict: verdicts[decision], reasons: told, remaining };
}

/** Where a canary stands, as a step says it. A canary that went back by itself is out, whatever the rollout is doing. */
export function judgeCanary(canary: CanaryDeployment<AnyModel, AnyModel>): StepVerdict {
  const { phase } = canary;
  if (phase.phase === 'promoted') {
    return { verdict: 'promote', reasons: [{ rule: 'stages', verdict: 'pass', message: 'passed every stage' }] };
  }
  if (phase.phase === 'rolled-back') {
    return { verdict: 'reject', urgent: true, reasons: [{ rule: 'canary', verdict: 'fail', message: phase.reason }] };
  }
  if (phase.phase === 'paused' && phase.reason !== 'manual') {
    const message = `the canary has paused: ${phase.reason}`;
    return { verdict: 'invalid', reasons: [{ rule: 'canary', verdict: 'fail', message }] };
  }
  const { waitingFor, needed, weight } = canary.status;
  const requests = needed === undefined || weight <= 0 ? undefined : Math.ceil((needed * 100) / weight);
  return {
    verdict: 'hold',
    reasons: [{ rule: 'canary', verdict: 'inconclusive', message: waitingFor }],
    remaining: { requests, days: undefined },
  };
}

/** What a shadow's promotion says, in the part that a rollout needs. */
interface PromotingShadow {
  promotion(shadow: string): {
    readonly decision: 'promote' | 'hold' | 'reject' | 'expired';
    readonly gates: readonly {
      readonly name: string;
      readonly verdict: StepReason['verdict'];
      readonly message: string;
    }[];
  };
}

/** What a shadow's promotion gates say, as a step says it. */
export function judgeShadow(shadow: PromotingShadow, name: string): StepVerdict {
  const { decision, gates } = shadow.promotion(name);
  const reasons = gates.map(({ name: rule, verdict, message }): StepReason => ({ rule, verdict, message }));
  return { verdict: decision === 'expired' ? 'reject' : decision, reasons };
}
