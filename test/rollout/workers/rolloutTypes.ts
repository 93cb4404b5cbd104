import type { RecordResult } from '../../../src/core/index.ts';

/** What the driver tells a process. */
export type RolloutCommand =
  | { readonly type: 'serve'; readonly from: number; readonly times: number }
  | { readonly type: 'record'; readonly truths: readonly (readonly [id: string, truth: number])[] }
  | { readonly type: 'act'; readonly act: 'skip' | 'approve' | 'reject' | 'retry' }
  | { readonly type: 'report' };

/** What a process answers. */
export type RolloutReply =
  | { readonly type: 'ready' | 'acted' }
  | { readonly type: 'served'; readonly ids: readonly string[] }
  | { readonly type: 'recorded'; readonly results: readonly RecordResult[] }
  | {
      readonly type: 'report';
      readonly evidence: Record<string, unknown>;
      readonly asked: number;
      readonly refused: number;
      readonly story: string;
    };
