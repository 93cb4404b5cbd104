import { checkBoolean, checkFinite, checkShares } from '../../core/check.ts';
import { InvalidOptionError } from '../../core/errors.ts';
import type { PowerOptions } from './PowerOptions.ts';

/** What a plan for an anytime-valid comparison of means rests on. */
export interface AnytimeDesign extends PowerOptions {
  /**
   * The difference of means in units of the standard deviation of one observation; where `paired`, of one difference.
   */
  readonly effectSize: number;
  /**
   * Whether both models score the same requests: n then counts pairs.
   * @defaultValue false
   */
  readonly paired?: boolean;
  /**
   * The shares of the two groups, which sum to 1. Not for pairs.
   * @defaultValue [0.5, 0.5]
   */
  readonly shares?: readonly [number, number];
  /**
   * Observations (of both groups together, or pairs) before the sequence says anything.
   * @defaultValue 200, or 100 pairs
   */
  readonly burnIn?: number;
}

/** The names of the options of a design. */
export const DESIGN_KEYS: readonly string[] = ['effectSize', 'paired', 'shares', 'burnIn'];

/** A design reduced to one stream of observations. */
export interface Stream {
  /** |effect| per observation, in standard errors of the estimate after one observation. */
  readonly drift: number;
  /** Shares of the groups in the stream; one where paired. */
  readonly shares: readonly number[];
  readonly burnIn: number;
}

/** @throws InvalidOptionError */
export function asStream({ effectSize, paired = false, shares, burnIn }: AnytimeDesign): Stream {
  checkBoolean('paired', paired);
  if (paired && shares !== undefined) throw new InvalidOptionError('shares', shares, 'left out where paired');
  const split = paired ? [1] : (shares ?? [0.5, 0.5]);
  if (!paired) {
    if (!Array.isArray(split) || split.length !== 2) throw new InvalidOptionError('shares', split, 'two shares');
    checkShares('shares', split);
    if (split.some((share) => share === 0)) throw new InvalidOptionError('shares', split, 'greater than 0 each');
  }
  const looks = checkFinite('burnIn', burnIn ?? (paired ? 100 : 200), { ge: 2 });
  const scale = paired ? 1 : Math.sqrt(split[0]! * split[1]!);
  return { drift: Math.abs(effectSize) * scale, shares: split, burnIn: looks };
}
