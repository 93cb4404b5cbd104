import type { BanditPolicy } from '../policies/BanditPolicy.ts';
import { SegmentPolicy } from '../policies/SegmentPolicy.ts';
import { estimateRegret, type RegretEstimate, type RegretInconclusive } from './estimateRegret.ts';

/**
 * The estimated regret of a policy: for segments the sum over them, each against its own best arm. A policy whose rewards
 * depend on a context has none: what the other arms would have earned for the same contexts is not in its statistics.
 */
export function regretOfPolicy(policy: BanditPolicy<never>, level: number): RegretEstimate | RegretInconclusive {
  if (policy instanceof SegmentPolicy) return regretOfSegments(policy, level);
  if (!policy.contextual) return estimateRegret(policy, level);
  const reason = 'rewards depend on the context: ask a held-out share, replay or evaluateOffPolicy';
  return { status: 'inconclusive', reason };
}

function regretOfSegments(policy: SegmentPolicy<never>, level: number): RegretEstimate | RegretInconclusive {
  const { segments } = policy;
  if (segments.length === 0) return { status: 'inconclusive', reason: 'no segment has a reward yet' };
  // Bonferroni over the segments: together they hold at the level.
  const each = segments.map((name) => estimateRegret(policy.segment(name)!, 1 - (1 - level) / segments.length));
  const open = each.findIndex(({ status }) => status === 'inconclusive');
  if (open >= 0) {
    return { status: 'inconclusive', reason: `${segments[open]}: ${(each[open] as RegretInconclusive).reason}` };
  }
  const parts = each as readonly RegretEstimate[];
  const total = (read: (part: RegretEstimate) => number): number => parts.reduce((sum, part) => sum + read(part), 0);
  const [regret, pulls] = [total((part) => part.regret), total((part) => part.pulls)];
  const interval = [total((part) => part.interval[0]), total((part) => part.interval[1])] as const;
  return { status: 'ok', regret, interval, level, bestArm: policy.bestArm(), pulls, perPull: regret / pulls };
}
