// Project 7: a page has ten slots, and fifty advertisers want each of them.
import { beta, type Rng } from 'coronate/random';
import type { Row } from '../models.ts';

/** Slots on a page. */
export const SLOTS = 10;
/** Advertisers. */
export const ADVERTISERS = 50;
/** The most that an advertiser pays for a click, in dollars: rewards are scaled by it. */
export const MAX_REVENUE = 1.2;

/** What is true of the market. Bandits must find it out. */
export interface AdMarket {
  /** Click-through rate of each advertiser in each slot (slot first), over all pages. */
  readonly clickRates: readonly (readonly number[])[];
  /** What each advertiser pays for a click, in dollars; known. */
  readonly revenuePerClick: readonly number[];
  /**
   * How much more each advertiser is clicked on phones, in the evening, and on sports pages (a third more at most),
   * or less.
   */
  readonly affinities: readonly Row[];
}

/** A page view. */
export interface Page {
  readonly id: string;
  /** On a phone, in the evening, about sports: 1 or 0 each. */
  readonly row: Row;
  /** Uniform on [0, 1), one a slot: the ad is clicked if this is below its rate. Known to the world alone. */
  readonly luck: readonly number[];
}

/**
 * A market by the formula: click rates ~ Beta(2, 98) for every pair of slot and advertiser (mean 2 %), revenue per
 * click uniform on [$0.80, $1.20], affinities uniform on [−1/3, 1/3].
 *
 * The best of fifty draws from Beta(2, 98) is about 6.5 %: the oracle clicks about three times as often as random
 * placement.
 *
 * @param equal a control: every advertiser clicks at 2 %, pays $1 and has no affinity, so that no placement is
 * better. @defaultValue false
 */
export function makeAdMarket(rng: Rng, equal = false): AdMarket {
  const advertisers = Array.from({ length: ADVERTISERS });
  const rates = Array.from({ length: SLOTS }, () => advertisers.map(() => (equal ? 0.02 : beta(rng, 2, 98))));
  return {
    clickRates: rates,
    revenuePerClick: advertisers.map(() => (equal ? 1 : 0.8 + 0.4 * rng.next())),
    affinities: advertisers.map(() => [0, 1, 2].map(() => (equal ? 0 : (2 * rng.next() - 1) / 3))),
  };
}

/** Page views: each of phone, evening and sports with probability 1/2, independently. */
export function makePages(rng: Rng, n: number): readonly Page[] {
  return Array.from({ length: n }, (_, i) => ({
    id: `page-${i}`,
    row: [0, 1, 2].map(() => (rng.next() < 0.5 ? 1 : 0)),
    luck: Array.from({ length: SLOTS }, () => rng.next()),
  }));
}

/**
 * The probability of a click: rate × Π (1 + affinity_k (2 row_k − 1)). The product is 1 on average over pages, so the
 * rate is the mean.
 */
export function clickRate(market: AdMarket, slot: number, advertiser: number, row: Row): number {
  const affinity = market.affinities[advertiser]!;
  return affinity.reduce((p, a, k) => p * (1 + a * (2 * row[k]! - 1)), market.clickRates[slot]![advertiser]!);
}

/** Whether the ad is clicked: 1 or 0, always the same for the same page, slot and advertiser. */
export function clicks(market: AdMarket, slot: number, advertiser: number, page: Page): 0 | 1 {
  return page.luck[slot]! < clickRate(market, slot, advertiser, page.row) ? 1 : 0;
}

/** Click rate and revenue per impression, over all slots and pages. */
export interface PlacementValue {
  readonly clickRate: number;
  readonly revenue: number;
}

/**
 * What a placement is worth that never looks at the page: `choose(slot)` is the advertiser, or 'random' an even mix
 * of all.
 */
export function placementValue(market: AdMarket, choose: 'random' | ((slot: number) => number)): PlacementValue {
  let clicked = 0;
  let revenue = 0;
  market.clickRates.forEach((rates, slot) => {
    rates.forEach((rate, advertiser) => {
      const share = choose === 'random' ? 1 / ADVERTISERS : choose(slot) === advertiser ? 1 : 0;
      clicked += (share * rate) / SLOTS;
      revenue += (share * rate * market.revenuePerClick[advertiser]!) / SLOTS;
    });
  });
  return { clickRate: clicked, revenue };
}

/** The placement that earns most a slot without looking at the page. */
export function oraclePlacement(market: AdMarket): (slot: number) => number {
  const best = market.clickRates.map((rates) => {
    const values = rates.map((rate, advertiser) => rate * market.revenuePerClick[advertiser]!);
    return values.indexOf(Math.max(...values));
  });
  return (slot) => best[slot]!;
}
