import type { Inconclusive, Validity } from './types.ts';

/** The answer where there are too few data, or where they do not vary. `reason` says what is missing. */
export function inconclusive(
  method: string,
  n: readonly number[],
  reason: string,
  validity: Validity = 'fixed-n',
  warnings: readonly string[] = [],
): Inconclusive {
  return { status: 'inconclusive', method, validity, n, warnings, reason };
}
