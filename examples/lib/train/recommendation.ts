import { createRng, type Rng } from 'coronate/random';
import { BASE_CONVERSION, converts, ITEMS, makeVisitors, type Segment, type Visitor } from '../data/recommendation.ts';
import { trainLogistic } from '../logistic.ts';
import { trainNeuralClassifier } from '../neural.ts';

/** A trained model that picks an item for a visitor. */
export interface Recommender {
  readonly name: string;
  predict(visitor: Visitor): number;
}

/** The five recommenders of project 5, each trained on the log of one segment alone. */
export interface Recommenders {
  /** Counts conversions by item and daypart, on students. */
  readonly collaborative: Recommender;
  /** Counts conversions by item, on families. */
  readonly popular: Recommender;
  /** One logistic regression an item on hour and spend, on professionals. */
  readonly content: Recommender;
  /** A multilayer perceptron on hour, spend and item, on seniors. */
  readonly neural: Recommender;
  /** The mean of counts by item, daypart and purse and of one logistic regression an item, on tourists. */
  readonly hybrid: Recommender;
}

interface Impression {
  readonly visitor: Visitor;
  readonly item: number;
  readonly bought: 0 | 1;
}

type Score = (visitor: Visitor, item: number) => number;

/** A log of items shown at random to visitors of one segment. */
function makeLog(rng: Rng, segment: Segment, n: number): readonly Impression[] {
  return makeVisitors(rng, n, { segment }).map((visitor) => {
    const item = Math.floor(ITEMS * rng.next());
    return { visitor, item, bought: converts(visitor, item) };
  });
}

function recommender(name: string, score: Score): Recommender {
  return {
    name,
    predict(visitor) {
      const scores = Array.from({ length: ITEMS }, (_, item) => score(visitor, item));
      return scores.indexOf(Math.max(...scores));
    },
  };
}

/** Conversion rates by item within groups, shrunk towards the base rate as if by 100 more impressions. */
function countRates(log: readonly Impression[], groupOf: (visitor: Visitor) => string): Score {
  const cells = new Map<string, { shown: number; bought: number }>();
  const key = (visitor: Visitor, item: number): string => `${groupOf(visitor)}:${item}`;
  for (const { visitor, item, bought } of log) {
    const cell = cells.get(key(visitor, item)) ?? { shown: 0, bought: 0 };
    cells.set(key(visitor, item), { shown: cell.shown + 1, bought: cell.bought + bought });
  }
  return (visitor, item) => {
    const { shown, bought } = cells.get(key(visitor, item)) ?? { shown: 0, bought: 0 };
    return (bought + 100 * BASE_CONVERSION) / (shown + 100);
  };
}

const daypart = (visitor: Visitor): string => (visitor.hour >= 17 ? 'evening' : 'day');
const features = ({ hour, spend }: Visitor): number[] => [hour >= 17 ? 1 : 0, Math.tanh(3 * spend)];

/** One logistic regression an item. */
function regressItems(log: readonly Impression[]): Score {
  const models = Array.from({ length: ITEMS }, (_, item) => {
    const shown = log.filter((impression) => impression.item === item);
    return trainLogistic(
      shown.map(({ visitor }) => features(visitor)),
      shown.map(({ bought }) => bought),
      { ridge: 10 },
    );
  });
  return (visitor, item) => models[item]!.probability(features(visitor));
}

/** One network for all items: the item is part of its input. */
function trainNetwork(log: readonly Impression[], seed: number): Score {
  const oneHot = (item: number): number[] => Array.from({ length: ITEMS }, (_, i) => (i === item ? 1 : 0));
  const network = trainNeuralClassifier(
    log.map(({ visitor, item }) => [...features(visitor), ...oneHot(item)]),
    log.map(({ bought }) => bought),
    { hidden: [12], epochs: 6, batch: 128, learningRate: 0.02, seed },
  );
  return (visitor, item) => network.probability([...features(visitor), ...oneHot(item)]);
}

/** Trains the five, each on 60,000 impressions of its home segment. */
export function trainRecommenders(seed: number): Recommenders {
  const rng = createRng(seed);
  const log = (segment: Segment): readonly Impression[] => makeLog(rng.fork(`log ${segment}`), segment, 60_000);
  const tourists = log('tourists');
  const counted = countRates(tourists, (visitor) => `${daypart(visitor)} ${visitor.spend > 0}`);
  const regressed = regressItems(tourists);
  return {
    collaborative: recommender('collaborative', countRates(log('students'), daypart)),
    popular: recommender(
      'popular',
      countRates(log('families'), () => 'all'),
    ),
    content: recommender('content', regressItems(log('professionals'))),
    neural: recommender('neural', trainNetwork(log('seniors'), seed)),
    hybrid: recommender('hybrid', (visitor, item) => counted(visitor, item) + regressed(visitor, item)),
  };
}
