import { createRng } from 'coronate/random';
import { describe, expect, it } from 'vitest';
import {
  ADVERTISERS,
  clickRate,
  clicks,
  MAX_REVENUE,
  makeAdMarket,
  makePages,
  oraclePlacement,
  placementValue,
  SLOTS,
} from '../../examples/lib/data/ads.ts';
import {
  BASE_CONVERSION,
  conversionRate,
  converts,
  favouriteItem,
  ITEMS,
  makeVisitors,
  SEGMENT_SHARES,
  SEGMENTS,
  visitorContext,
} from '../../examples/lib/data/recommendation.ts';
import { trainBidders } from '../../examples/lib/train/ads.ts';
import { trainRecommenders } from '../../examples/lib/train/recommendation.ts';
import { expectRate, mean } from './statistics.ts';

describe('visitors', () => {
  const visitors = makeVisitors(createRng(1), 20_000);

  it('come from the seed alone, segments by their shares', () => {
    expect(makeVisitors(createRng(1), 20)).toEqual(visitors.slice(0, 20));
    SEGMENTS.forEach((segment, i) => {
      expectRate(
        visitors.map((v) => v.segment === segment),
        SEGMENT_SHARES[i]!,
        segment,
      );
    });
    expect(SEGMENT_SHARES.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    expect(visitorContext({ ...visitors[0]!, segment: 'seniors', hour: 17, spend: 0.5 })).toEqual([
      0, 0, 0, 1, 0, 1, 0.5,
    ]);
  });

  it('buy their favourite twice as often as anything else, and make up their mind once', () => {
    expectRate(
      visitors.map((v) => converts(v, favouriteItem(v)) === 1),
      0.1,
    );
    expectRate(
      visitors.map((v) => converts(v, (favouriteItem(v) + 1) % ITEMS) === 1),
      BASE_CONVERSION,
    );
    expect(visitors.slice(0, 100).map((v) => converts(v, 3))).toEqual(
      visitors.slice(0, 100).map((v) => converts(v, 3)),
    );
    const control = makeVisitors(createRng(1), 10, { favouriteRate: BASE_CONVERSION });
    for (const v of control) for (let item = 0; item < ITEMS; item += 1) expect(conversionRate(v, item)).toBe(0.05);
  });

  it('are each served best by the recommender of their own segment', () => {
    const { collaborative, popular, content, neural, hybrid } = trainRecommenders(3);
    const home = [collaborative, popular, content, neural, hybrid];
    SEGMENTS.forEach((segment, s) => {
      const group = visitors.slice(0, 3000).filter((v) => v.segment === segment);
      home.forEach((model, m) => {
        const rate = mean(group.map((v) => conversionRate(v, model.predict(v))));
        if (m === s) expect(rate, `${model.name} at home`).toBeGreaterThan(0.09);
        else expect(rate, `${model.name} for ${segment}`).toBeLessThan(0.055);
      });
    });
  });
});

describe('the ad market', () => {
  const market = makeAdMarket(createRng(1));

  it('comes from the seed alone, its rates averaging 2 %', () => {
    expect(makeAdMarket(createRng(1))).toEqual(market);
    const rates = market.clickRates.flat();
    expect(rates).toHaveLength(SLOTS * ADVERTISERS);
    // The standard deviation of Beta(2, 98) is 0.0139.
    expect(Math.abs(mean(rates) - 0.02)).toBeLessThan(4 * (0.0139 / Math.sqrt(rates.length)));
    expect(market.revenuePerClick.every((worth) => worth >= 0.8 && worth <= MAX_REVENUE)).toBe(true);
  });

  it('clicks at its rates: page by page as the affinities say, over all pages as the table says', () => {
    const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((i) => [i & 1, (i >> 1) & 1, i >> 2]);
    expect(mean(corners.map((row) => clickRate(market, 4, 7, row)))).toBeCloseTo(market.clickRates[4]![7]!, 12);
    const pages = makePages(createRng(2), 30_000);
    const best = oraclePlacement(market)(0);
    expectRate(
      pages.map((page) => clicks(market, 0, best, page) === 1),
      market.clickRates[0]![best]!,
    );
  });

  it('pays about three times as much under the oracle as at random, and nothing more in the control', () => {
    const random = placementValue(market, 'random');
    const oracle = placementValue(market, oraclePlacement(market));
    expect(random.clickRate).toBeCloseTo(mean(market.clickRates.flat()), 12);
    expect(oracle.revenue / random.revenue).toBeGreaterThan(2.5);
    const equal = makeAdMarket(createRng(1), true);
    expect(placementValue(equal, oraclePlacement(equal)).revenue).toBeCloseTo(
      placementValue(equal, 'random').revenue,
      12,
    );
  });

  it('has bidders that have learned something: placing by the highest bid beats random by a third', () => {
    const bidders = trainBidders(market, 3);
    expect(bidders).toHaveLength(ADVERTISERS);
    const pages = makePages(createRng(4), 100);
    const rates = pages.flatMap(({ row }) =>
      Array.from({ length: SLOTS }, (_, slot) => {
        const bids = bidders.map((bidder) => bidder.predict({ slot, row }));
        expect(bids.every((bid) => bid > 0 && bid < MAX_REVENUE)).toBe(true);
        return clickRate(market, slot, bids.indexOf(Math.max(...bids)), row);
      }),
    );
    expect(mean(rates) / placementValue(market, 'random').clickRate).toBeGreaterThan(1.33);
  });
});
