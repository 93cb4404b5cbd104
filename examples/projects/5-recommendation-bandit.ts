// Project 5: five trained recommenders. An A/B test says first which one is best for everybody; a contextual bandit then
// learns who is best for whom. A control, in which no recommendation is better, must show no lift.
import { ABTest } from 'coronate/abtest';
import { SegmentBandit, ThompsonSampling } from 'coronate/bandits';
import { ManualClock } from 'coronate/core';
import { defineMetric, type Outcome } from 'coronate/metrics';
import { createRng } from 'coronate/random';
import {
  BASE_CONVERSION,
  conversionRate,
  converts,
  favouriteItem,
  makeVisitors,
  SEGMENTS,
  type Visitor,
} from '../lib/data/recommendation.ts';
import { heading, paragraph, percent, table, target } from '../lib/print.ts';
import { type Recommender, trainRecommenders } from '../lib/train/recommendation.ts';

const clock = () => new ManualClock(Date.UTC(2026, 0, 5));
const models = trainRecommenders(42);
const names = Object.keys(models) as (keyof typeof models)[];
const arms = Object.fromEntries(names.map((name) => [name, quick(models[name])])) as Record<
  keyof typeof models,
  { predict(visitor: Visitor): number }
>;

/** A recommender that remembers its answer to each visitor: several bandits ask it here. */
function quick(model: Recommender): { predict(visitor: Visitor): number } {
  const answers = new WeakMap<Visitor, number>();
  return {
    predict(visitor) {
      const item = answers.get(visitor) ?? model.predict(visitor);
      answers.set(visitor, item);
      return item;
    },
  };
}

/** 1 where the visitor bought the item shown. */
const bought = ({ prediction, truth }: Outcome<Visitor, number, Visitor>): number | undefined =>
  prediction === undefined || truth === undefined ? undefined : converts(truth, prediction);
const conversion = defineMetric({ name: 'conversion', kind: 'rate', direction: 'higher', value: bought, role: 'goal' });

// 1. The A/B test: five variants at 20 % each, asked every 5,000 visitors.
heading('Project 5: which recommender for whom?');
const { popular, ...challengers } = arms;
const test = new ABTest({
  name: 'recommenders',
  seed: 42,
  clock: clock(),
  champion: popular,
  challengers: Object.fromEntries(
    Object.entries(challengers).map(([name, model]) => [name, { model, trafficShare: 0.2 }]),
  ),
  metrics: [conversion],
  horizon: 100_000,
});
const testVisitors = makeVisitors(createRng(7), 100_000);
let tested = 0;
for (const visitor of testVisitors) {
  const { requestId } = test.serve(visitor, { unit: visitor.id });
  test.record(requestId, visitor);
  tested += 1;
  if (tested % 5000 === 0 && test.decide().decision !== 'CONTINUE') break;
}
const decision = test.decide();
table(
  ['recommender', 'visitors', 'conversion'],
  test.summary().variants.map((variant) => {
    const rate = variant.metrics.find(({ metric }) => metric === 'conversion')?.value ?? Number.NaN;
    return [variant.variant, variant.assigned, percent(rate, 2)];
  }),
);
paragraph(
  `The A/B test says ${decision.decision}${decision.variant === undefined ? '' : ` ${decision.variant}`} after ${tested.toLocaleString('en-US')} visitors.`,
);

// 2. The bandit: Thompson sampling in every segment; a tenth of the visitors see a random recommender, as its control.
const mean = (xs: readonly number[]): number => xs.reduce((sum, x) => sum + x, 0) / xs.length;
const VISITORS = 60_000;

function contextual(seed: string) {
  return new SegmentBandit({
    name: `recommendations ${seed}`,
    arms,
    reward: bought,
    contextOf: (visitor: Visitor) => visitor.segment,
    segmentOf: (segment: string) => segment,
    clock: clock(),
    seed,
  });
}

interface Shop {
  serve(visitor: Visitor, request: { readonly truth: Visitor }): { readonly prediction: number };
}
/** The conversion that a bandit is worth, in true rates, from a visitor on. */
function worth(bandit: Shop, visitors: readonly Visitor[]): number[] {
  return visitors.map((visitor) => conversionRate(visitor, bandit.serve(visitor, { truth: visitor }).prediction));
}

const visitors = makeVisitors(createRng(11), VISITORS);
const rateOf = (name: keyof typeof models, list: readonly Visitor[]): number =>
  mean(list.map((visitor) => conversionRate(visitor, arms[name].predict(visitor))));
const single = names.map((name) => ({ name, rate: rateOf(name, visitors) })).sort((a, b) => b.rate - a.rate)[0]!;
const bandit = contextual('by segment');
const start = performance.now();
const earned = worth(bandit, visitors);
const seconds = (performance.now() - start) / 1000;
const unaware = worth(new ThompsonSampling({ arms, reward: bought, clock: clock(), seed: 42 }), visitors);
const inSegment = (list: readonly Visitor[], segment: string) => list.filter((visitor) => visitor.segment === segment);
const bests = new Map(
  SEGMENTS.map((segment) => {
    const own = inSegment(visitors, segment);
    return [segment, names.map((name) => ({ name, rate: rateOf(name, own) })).sort((a, b) => b.rate - a.rate)[0]!];
  }),
);
const oracle = mean(visitors.map((visitor) => conversionRate(visitor, favouriteItem(visitor))));
const bySegment = mean(visitors.map(({ segment }) => bests.get(segment)!.rate));
heading(`The contextual bandit, ${VISITORS.toLocaleString('en-US')} visitors`);
table(
  ['segment', 'best recommender', 'bandit says', 'share of it', 'conversion'],
  SEGMENTS.map((segment) => {
    const policy = bandit.segment(segment)!;
    const best = bests.get(segment)!;
    const share = policy.statistics().find(({ arm }) => arm === best.name)!.selectionRate;
    return [segment, best.name, policy.bestArm(), percent(share), percent(best.rate, 2)];
  }),
);
const lift = (list: readonly number[]): number => mean(list) / single.rate - 1;
const reached = earned.findIndex((_, i) => i % 1000 === 999 && lift(earned.slice(0, i + 1)) >= 0.22);
paragraph(
  `${percent(lift(earned))} above ${single.name} everywhere (${percent(single.rate, 2)}); knowing the segments' best would give ${percent(bySegment / single.rate - 1)}, knowing each visitor ${percent(oracle / single.rate - 1)}. The lift, learning included, passes 22 % after ${(reached + 1).toLocaleString('en-US')} visitors.`,
);

// 3. The same with a tenth held out for random recommendations: what the shop sees, with no true rates to look at.
const held = new SegmentBandit({
  arms,
  reward: bought,
  contextOf: (visitor: Visitor) => visitor.segment,
  segmentOf: (segment: string) => segment,
  holdout: { share: 0.1, by: 'random' },
  clock: clock(),
  seed: 5,
});
for (const visitor of visitors) held.serve(visitor, { truth: visitor });
const report = held.holdout()!;
const proven = report.difference.status === 'ok' && report.difference.interval[0] > 0;

// 4. The control: visitors who like no item better than another.
const alike = makeVisitors(createRng(13), VISITORS, { favouriteRate: BASE_CONVERSION });
const control = new SegmentBandit({
  arms,
  reward: bought,
  contextOf: (visitor: Visitor) => visitor.segment,
  segmentOf: (segment: string) => segment,
  holdout: { share: 0.1, by: 'random' },
  clock: clock(),
  seed: 6,
});
for (const visitor of alike) control.serve(visitor, { truth: visitor });
const placebo = control.holdout()!;
const unproven =
  placebo.difference.status === 'ok' && placebo.difference.interval[0] <= 0 && placebo.difference.interval[1] >= 0;
const interval = ({ difference }: typeof report): string =>
  difference.status === 'ok' ? difference.interval.map((x) => (100 * x).toFixed(2)).join(' to ') : 'none yet';

heading('Target against measured');
const perSecond = VISITORS / seconds;
const found = SEGMENTS.filter((segment) => bandit.segment(segment)!.bestArm() === bests.get(segment)!.name).length;
const met = [
  target(
    'A/B test names the best single model',
    single.name,
    decision.variant ?? decision.decision,
    decision.variant === single.name,
  ),
  target('conversion above the best single', '>= 22 %', percent(lift(earned)), lift(earned) >= 0.22),
  target('(what knowing the segments gives)', '', percent(bySegment / single.rate - 1), true),
  target('segments whose best is found', '5 of 5', `${found} of 5`, found === 5),
  target('bandit without context, no lift', '<= 1 %', percent(lift(unaware)), lift(unaware) <= 0.01),
  target('holdout: above random (points)', 'above 0', interval(report), proven),
  target('control, no item is better (points)', '0 within', interval(placebo), unproven),
  target(
    'decisions a day at this speed',
    '> 1 million',
    `${((perSecond * 86_400) / 1e6).toFixed(0)} million`,
    perSecond * 86_400 > 1e6,
  ),
  target('a decision, model included', '< 10 ms', `${(1000 / perSecond).toFixed(3)} ms`, 1000 / perSecond < 10),
];
if (met.includes(false)) process.exitCode = 1;
