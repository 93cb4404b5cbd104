import type { ReplicaStatus } from '../../src/sharing/index.ts';

/** Values by variant. */
export type Tallies = Record<string, { n: number; sum: number }>;

/** What a process writes down, and makes safe, about one flush. */
export interface LedgerLine {
  readonly type: 'sent' | 'acknowledged';
  readonly strategy: string;
  readonly replica: string;
  readonly flush: number;
  readonly tallies: Tallies;
}

/** What the driver tells a process. */
export type ChaosCommand =
  | { readonly type: 'record'; readonly strategy: string; readonly requestId: string; readonly truth: number }
  | { readonly type: 'ramp'; readonly share: number }
  | { readonly type: 'rollback' | 'pause' | 'settle' | 'report' | 'stop' };

/** What a process tells the driver. */
export type ChaosReply =
  | { readonly type: 'ready' }
  | { readonly type: 'settled' }
  | { readonly type: 'ramped' }
  | { readonly type: 'truth'; readonly strategy: string; readonly requestId: string; readonly truth: number }
  | { readonly type: 'rolled-back'; readonly at: number }
  | { readonly type: 'saw-rollback'; readonly at: number }
  | {
      readonly type: 'report';
      readonly served: number;
      readonly totals: {
        readonly held: Readonly<Record<string, Tallies>>;
        readonly shares: Readonly<Record<string, number>>;
        readonly phase: string;
      };
      readonly status: Readonly<Record<string, ReplicaStatus>>;
    };

/** Adds up values by variant. */
export function addTo(into: Tallies, from: Tallies): void {
  for (const [key, { n, sum }] of Object.entries(from)) {
    const tally = into[key] ?? { n: 0, sum: 0 };
    into[key] = { n: tally.n + n, sum: tally.sum + sum };
  }
}
