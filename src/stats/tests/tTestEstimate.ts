import type { EffectSize, TestEstimate } from '../types.ts';
import { studentInference } from './studentInference.ts';
import type { CheckedOptions } from './TestOptions.ts';

/** What a t-test of two means has found before inference. */
export interface TTestParts {
  readonly method: string;
  readonly n: readonly number[];
  readonly estimate: number;
  readonly standardError: number;
  readonly df: number;
  readonly effectSize: EffectSize;
}

/** The one result of every t-test of two means: its parts with statistic, p-value and interval. */
export function tTestEstimate(parts: TTestParts, checked: CheckedOptions): TestEstimate {
  const { method, n, estimate, standardError, df, effectSize } = parts;
  const { level, alternative } = checked;
  const inference = studentInference(estimate, standardError, df, checked);
  const fixed = { status: 'ok', method, validity: 'fixed-n', n, warnings: [] } as const;
  return { ...fixed, estimate, ...inference, level, alternative, standardError, df, effectSize };
}
