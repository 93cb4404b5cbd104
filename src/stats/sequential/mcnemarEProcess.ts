import { InvalidDataError } from '../../core/errors.ts';
import { inconclusive } from '../inconclusive.ts';
import type { EstimateResult } from '../types.ts';
import { type BoundedTable, boundedMeanEstimate, boundedMeanEvidence, boundedTable } from './boundedMeanEstimate.ts';
import { resolveSequence, type SequenceOptions } from './SequenceOptions.ts';

/** Two yes-no verdicts on the same requests, as counts. */
export interface PairedCounts {
  /** Requests on which only the first says yes (is right). */
  readonly onlyFirst: number;
  /** Requests on which only the second says yes. */
  readonly onlySecond: number;
  /** All requests that both judged. */
  readonly pairs: number;
}

/**
 * The e-process of McNemar's test: whether the first of two models is right more often than the second on the same
 * requests, exact at every look. Against equality it bets on the discordant pairs alone; the interval is that of the
 * difference of both rates, first minus second. Needs only the counts. The exact twin of `pairedDifferenceSequence`.
 *
 * @returns `inconclusive` without pairs
 * @throws InvalidDataError for counts that cannot be
 * @throws InvalidOptionError
 * @example
 * const result = mcnemarEProcess({ onlyFirst: 121, onlySecond: 59, pairs: 3000 });
 * result.status === 'ok' && result.pValue; // 0.00033380141824907155
 * @see McNemar (1947), Psychometrika 12, doi:10.1007/BF02295996; Waudby-Smith & Ramdas (2024), JRSS-B 86(1),
 * doi:10.1093/jrsssb/qkad009
 */
export function mcnemarEProcess(counts: PairedCounts, options: SequenceOptions = {}): EstimateResult {
  const method = 'mcnemar-e-process';
  const resolved = resolveSequence(options);
  const table = toTable(counts);
  if (counts.pairs === 0) return inconclusive(method, [0], 'there are no pairs yet', 'anytime');
  return { ...boundedMeanEstimate(method, table, resolved), n: [counts.pairs] };
}

/**
 * The logarithm of the e-value of `mcnemarEProcess` alone, without the interval: for a judge that looks at every
 * request. 0 where there are no pairs.
 *
 * @throws InvalidDataError for counts that cannot be
 * @throws InvalidOptionError
 */
export function mcnemarLogEValue(counts: PairedCounts, options: SequenceOptions = {}): number {
  return boundedMeanEvidence(toTable(counts), resolveSequence(options)).logEValue;
}

function toTable(counts: PairedCounts): BoundedTable {
  const { onlyFirst, onlySecond, pairs } = counts;
  for (const name of ['onlyFirst', 'onlySecond', 'pairs'] as const) {
    const count = counts[name];
    if (!(Number.isFinite(count) && count >= 0)) throw new InvalidDataError(name, count, 'a finite count at least 0');
  }
  const both = pairs - onlyFirst - onlySecond;
  if (!(both >= 0))
    throw new InvalidDataError('pairs', pairs, `at least the ${onlyFirst + onlySecond} discordant ones`);
  return boundedTable([-1, 0, 1], [onlySecond, both, onlyFirst], [-1, 1]);
}
