import type { ABTest } from '../../abtest/index.ts';
import type { ArmReport } from '../../bandits/index.ts';
import type { CanaryDeployment } from '../../canary/index.ts';
import type { AnyModel } from '../../core/index.ts';
import type { Rollout } from '../../rollout/index.ts';
import type { ShadowComparison } from '../../shadow/index.ts';
import type { Watched } from './watchTree.ts';

/** A number that somebody wants to see, with what it is of. */
export interface Reading {
  readonly metric:
    | 'weight'
    | 'phase'
    | 'stage'
    | 'progress'
    | 'decision'
    | 'armPulls'
    | 'armReward'
    | 'shadowed'
    | 'truthsWaiting';
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

type Untyped = AnyModel;

/** What a strategy says of itself now. May throw what the strategy throws. */
export function readStrategy(watched: Watched): readonly Reading[] {
  const { kind, protocol } = watched;
  const readings: Reading[] = [];
  const push = (metric: Reading['metric'], value: number, labels: Readonly<Record<string, string>> = {}): void => {
    readings.push({ metric, labels, value });
  };
  push('truthsWaiting', protocol.truths().waiting ?? 0);
  const strategy = watched.strategy();
  if (strategy === undefined) return readings;
  if (kind === 'canary') readCanary(strategy as unknown as CanaryDeployment<Untyped, Untyped>, push);
  else if (kind === 'abtest') readABTest(strategy as unknown as ABTest<Untyped, Untyped>, push);
  else if (kind === 'rollout') readRollout(strategy as unknown as Rollout<Untyped, Untyped>, push);
  else if (kind === 'shadow') readShadow(strategy, push);
  else if ('statistics' in strategy) readBandit(strategy as unknown as { statistics(): readonly ArmReport[] }, push);
  return readings;
}

type Push = (metric: Reading['metric'], value: number, labels?: Readonly<Record<string, string>>) => void;

const phases = {
  canary: ['pending', 'shadowing', 'progressing', 'gated', 'baking', 'paused', 'promoted', 'rolled-back'],
  rollout: ['pending', 'gated', 'running', 'paused', 'promoted', 'rejected'],
} as const;

function pushPhases(known: readonly string[], phase: string, push: Push): void {
  for (const name of known) push('phase', Number(name === phase), { phase: name });
}

function readCanary(canary: CanaryDeployment<Untyped, Untyped>, push: Push): void {
  const { phase, weight, stage } = canary.status;
  pushPhases(phases.canary, phase, push);
  push('weight', weight / 100, { variant: 'canary' });
  push('weight', 1 - weight / 100, { variant: 'baseline' });
  push('stage', stage ?? 0);
}

function readABTest(test: ABTest<Untyped, Untyped>, push: Push): void {
  for (const [variant, share] of Object.entries(test.shares)) push('weight', share, { variant });
  const { decision } = test.decide();
  for (const known of ['PROMOTE', 'REJECT', 'CONTINUE', 'INVALID']) {
    push('decision', Number(known === decision), { decision: known });
  }
}

function readRollout(rollout: Rollout<Untyped, Untyped>, push: Push): void {
  const { phase, weight, stepNumber, progress } = rollout.status;
  pushPhases(phases.rollout, phase, push);
  push('weight', weight / 100, { variant: 'candidate' });
  push('weight', 1 - weight / 100, { variant: 'current' });
  push('stage', stepNumber ?? 0);
  push('progress', progress);
}

function readShadow(strategy: unknown, push: Push): void {
  const runner = strategy as {
    readonly shadows: readonly string[];
    compare(shadow: string): ShadowComparison;
  };
  for (const shadow of runner.shadows) {
    const { agreed, disagreed, ignored, incomparable, waiting, dropped } = runner.compare(shadow);
    const counts = { agreed, disagreed, ignored, incomparable, waiting };
    for (const [outcome, n] of Object.entries(counts)) push('shadowed', n, { shadow, outcome });
    for (const [reason, n] of Object.entries(dropped)) push('shadowed', n, { shadow, outcome: `dropped: ${reason}` });
  }
}

function readBandit(bandit: { statistics(): readonly ArmReport[] }, push: Push): void {
  for (const { arm, pulls, meanReward, selectionRate } of bandit.statistics()) {
    push('armPulls', pulls, { arm });
    push('armReward', meanReward, { arm });
    push('weight', selectionRate, { variant: arm });
  }
}
