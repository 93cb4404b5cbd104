// Project 5: a shop shows each visitor one of nine items. What a visitor likes depends on the segment, and within it
// on the hour and the purse.
import { normal, type Rng } from 'coronate/random';
import { choose } from './counts.ts';

/** The segments, and their shares of the visitors. */
export const SEGMENTS = ['students', 'families', 'professionals', 'seniors', 'tourists'] as const;
/** A segment. */
export type Segment = (typeof SEGMENTS)[number];
/** The share of each segment. */
export const SEGMENT_SHARES: readonly number[] = [0.35, 0.15, 0.2, 0.15, 0.15];

/** How many items there are. */
export const ITEMS = 9;
/** How often a visitor buys an item that is not the favourite. */
export const BASE_CONVERSION = 0.05;
/** How often a visitor buys the favourite. */
const FAVOURITE_CONVERSION = 0.1;

/** A visitor. */
export interface Visitor {
  readonly id: string;
  readonly segment: Segment;
  /** Hour of the day, 0 to 23; from 17 on it is evening. */
  readonly hour: number;
  /** The logarithm of what was spent before, standardised; above 0 is a big spender. */
  readonly spend: number;
  /** How often this visitor buys the favourite. */
  readonly favouriteRate: number;
  /** Uniform on [0, 1): the visitor buys an item if this is below its rate. Known to the world alone. */
  readonly luck: number;
}

/**
 * The item that a visitor likes best, by segment: students 1 in the evening, else 0; families 2; professionals 4 if
 * big spenders, else 3; seniors 6 if one of evening and big spender holds, 5 if both or none; tourists 8 if both
 * hold, else 7.
 */
export function favouriteItem({ segment, hour, spend }: Pick<Visitor, 'segment' | 'hour' | 'spend'>): number {
  const evening = hour >= 17;
  const big = spend > 0;
  if (segment === 'students') return evening ? 1 : 0;
  if (segment === 'families') return 2;
  if (segment === 'professionals') return big ? 4 : 3;
  if (segment === 'seniors') return evening !== big ? 6 : 5;
  return evening && big ? 8 : 7;
}

/** How to make visitors. */
export interface VisitorOptions {
  /** Visitors of this segment alone. @defaultValue all, by their shares */
  readonly segment?: Segment;
  /** @defaultValue 0.1; for a control in which no recommendation is better than another, `BASE_CONVERSION` */
  readonly favouriteRate?: number;
}

/**
 * Visitors: segment by its share, hour uniform on 0..23, spend ~ N(0, 1). The favourite converts at 10 %, any other
 * item at 5 %.
 *
 * Optimum: a model that serves one segment perfectly and the others not at all converts at 6.75 % at best (the one of
 * the students, 0.35 × 10 % + 0.65 × 5 %); the oracle converts at 10 %, a lift of 48.1 % over that.
 */
export function makeVisitors(rng: Rng, n: number, options: VisitorOptions = {}): readonly Visitor[] {
  const { segment, favouriteRate = FAVOURITE_CONVERSION } = options;
  return Array.from({ length: n }, (_, i) => ({
    id: `visitor-${i}`,
    segment: segment ?? SEGMENTS[choose(rng, SEGMENT_SHARES)]!,
    hour: Math.floor(24 * rng.next()),
    spend: normal(rng),
    favouriteRate,
    luck: rng.next(),
  }));
}

/** The probability that a visitor buys an item: for pseudo-regret and oracles. */
export function conversionRate(visitor: Visitor, item: number): number {
  return item === favouriteItem(visitor) ? visitor.favouriteRate : BASE_CONVERSION;
}

/** Whether the visitor buys the item: 1 or 0, always the same for the same visitor and item. */
export function converts(visitor: Visitor, item: number): 0 | 1 {
  return visitor.luck < conversionRate(visitor, item) ? 1 : 0;
}

/** The context of a decision: the five segments as indicators, whether it is evening, and the spend; seven numbers. */
export function visitorContext({ segment, hour, spend }: Visitor): readonly number[] {
  return [...SEGMENTS.map((s) => (s === segment ? 1 : 0)), hour >= 17 ? 1 : 0, spend];
}
