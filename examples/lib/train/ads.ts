import { createRng } from 'coronate/random';
import { ADVERTISERS, type AdMarket, clicks, makePages, SLOTS } from '../data/ads.ts';
import { trainLogistic } from '../logistic.ts';
import type { Row } from '../models.ts';

/** A request for an ad: which slot, on which page. */
export interface AdRequest {
  readonly slot: number;
  readonly row: Row;
}

/** One advertiser's trained bidder: what it expects an impression to earn, in dollars. */
export interface Bidder {
  readonly name: string;
  readonly advertiser: number;
  predict(request: AdRequest): number;
}

const features = ({ slot, row }: AdRequest): number[] => [
  ...row,
  ...Array.from({ length: SLOTS }, (_, i) => (i === slot ? 1 : 0)),
];

/**
 * One logistic regression of clicks an advertiser, on page and slot, from a log of random placements. The bid is its
 * probability times the revenue per click.
 *
 * @param pages how many pages the log has; each has ten impressions, so each advertiser gets a fifth as many.
 * @defaultValue 400
 */
export function trainBidders(market: AdMarket, seed: number, pages = 400): readonly Bidder[] {
  const rng = createRng(seed);
  const logs = Array.from({ length: ADVERTISERS }, () => ({ rows: [] as number[][], clicked: [] as number[] }));
  for (const page of makePages(rng.fork('log'), pages)) {
    for (let slot = 0; slot < SLOTS; slot += 1) {
      const advertiser = Math.floor(ADVERTISERS * rng.next());
      logs[advertiser]!.rows.push(features({ slot, row: page.row }));
      logs[advertiser]!.clicked.push(clicks(market, slot, advertiser, page));
    }
  }
  return logs.map(({ rows, clicked }, advertiser) => {
    const fit = trainLogistic(rows, clicked, { ridge: 2 });
    const worth = market.revenuePerClick[advertiser]!;
    const name = `advertiser-${String(advertiser + 1).padStart(2, '0')}`;
    return { name, advertiser, predict: (request) => worth * fit.probability(features(request)) };
  });
}
