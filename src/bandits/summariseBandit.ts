import type { BanditMode } from './BanditOptions.ts';
import type { ArmReport, BanditCounts, BanditSummary } from './BanditReport.ts';
import type { RegretEstimate, RegretInconclusive } from './evidence/estimateRegret.ts';
import type { HoldoutReport } from './Holdout.ts';
import type { BanditPolicy } from './policies/BanditPolicy.ts';

/** What a summary is made of. */
export interface SummaryParts {
  readonly name: string;
  readonly mode: BanditMode;
  readonly policy: BanditPolicy;
  readonly arms: readonly ArmReport[];
  readonly regret: RegretEstimate | RegretInconclusive;
  readonly holdout: HoldoutReport | undefined;
  readonly counts: BanditCounts;
  /** Truths that came where there is no reward to read them. */
  readonly unread: number;
  readonly replica: string;
  readonly logPropensities: boolean;
}

export function summariseBandit(parts: SummaryParts): BanditSummary {
  const { name, mode, policy, arms, regret, holdout, counts } = parts;
  const best = policy.contextual ? undefined : policy.probabilityBest();
  return {
    name,
    policy: policy.kind,
    mode,
    arms,
    bestArm: policy.bestArm(),
    ...(best === undefined ? {} : { probabilityBest: Object.fromEntries(best) }),
    regret,
    ...(holdout === undefined ? {} : { holdout }),
    counts,
    warnings: warningsOf(parts),
  };
}

function warningsOf({ policy, arms, counts, unread, replica, logPropensities, holdout }: SummaryParts): string[] {
  const warnings: string[] = [];
  const untried = arms.filter(({ pulls }) => pulls === 0).map(({ arm }) => arm);
  if (arms.length === 2 && !policy.contextual && !policy.forgets) {
    warnings.push(
      'two arms whose rewards keep their law: an A/B test says with a known error rate which one is better, and by how much; a bandit only loses less meanwhile',
    );
  }
  if (untried.length > 0) warnings.push(`no reward yet of ${untried.join(', ')}`);
  if (counts.refused > 0) warnings.push(`${counts.refused} rewards were refused: see the reward-refused events`);
  if (replica !== '' && !policy.mergeable) {
    warnings.push(`replicas of ${policy.kind} learn each by itself: it depends on the order of updates`);
  }
  if (unread > 0) warnings.push(`${unread} truths taught nothing: give a reward option, or call recordReward`);
  if (logPropensities && holdout === undefined && !everyArmPossible(policy)) {
    warnings.push(
      'some arms have a propensity of 0: off-policy evaluation needs an explorationFloor or a held-out random share',
    );
  }
  return warnings;
}

/** Whether each arm could be chosen now; contextual policies cannot be asked without a context. */
function everyArmPossible(policy: BanditPolicy): boolean {
  return policy.contextual || [...policy.probabilities().values()].every((p) => p > 0);
}
