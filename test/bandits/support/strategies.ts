import {
  type Arms,
  type BanditOptions,
  type BanditStrategy,
  BayesUCB,
  EpsilonGreedy,
  EXP3,
  IMED,
  KLUCB,
  KlUcbPolicy,
  LinGreedy,
  LinTS,
  LinUCB,
  LogisticThompson,
  type MemoryOptions,
  MOSS,
  RandomBandit,
  SegmentBandit,
  Softmax,
  SuccessiveElimination,
  ThompsonSampling,
  UCB,
  UCB1,
  UCBTuned,
} from '../../../src/bandits/index.ts';
import type { Snapshot } from '../../../src/core/index.ts';

/** A strategy class with options of its own. */
export interface StrategyUnderTest {
  readonly create: (options: BanditOptions<Arms> & { readonly memory?: MemoryOptions }) => BanditStrategy<Arms>;
  readonly restore: (snapshot: Snapshot, options: BanditOptions<Arms>) => BanditStrategy<Arms>;
  /** Memories that are refused at construction, by name of `memories`; the others go. */
  readonly refuses: readonly string[];
  /** Whether deltas of processes can be merged where the memory is stationary. */
  readonly mergeable: boolean;
}

type Class = {
  // biome-ignore lint/suspicious/noExplicitAny: a table of classes with options of many kinds
  new (options: any): BanditStrategy<Arms>;
  // biome-ignore lint/suspicious/noExplicitAny: the same
  restore(snapshot: Snapshot, options: any): BanditStrategy<Arms>;
};

/** Memories by name. */
export const memories: Readonly<Record<string, MemoryOptions | undefined>> = {
  none: undefined,
  stationary: { type: 'stationary' },
  discounted: { type: 'discounted', gamma: 0.97 },
  window: { type: 'window', size: 25 },
  cusum: { type: 'changeDetection', method: 'cusum', threshold: 2, warmUp: 5 },
  glr: { type: 'changeDetection', method: 'glr', threshold: 3, history: 30, reset: 'all' },
};
const FORGETTING = ['discounted', 'window', 'cusum', 'glr'];
const ALL = ['stationary', ...FORGETTING];

function under(Class: Class, own: object = {}, refuses: readonly string[] = [], mergeable = true): StrategyUnderTest {
  return {
    create: (options) => new Class({ ...options, ...own }),
    restore: (snapshot, options) => Class.restore(snapshot, { ...options, ...own }),
    refuses,
    mergeable,
  };
}

const vector = { dimension: 3, contextOf: (x: number) => [1, Math.sin(x), Math.cos(x)] };
const segment = { contextOf: (x: number) => `segment ${x % 2}`, segmentOf: (name: string) => name };

/** Every class of bandit over models, some with more than one set of options. */
export const strategies: Readonly<Record<string, StrategyUnderTest>> = {
  RandomBandit: under(RandomBandit),
  EpsilonGreedy: under(EpsilonGreedy),
  Softmax: under(Softmax),
  EXP3: under(EXP3, {}, FORGETTING, false),
  UCB: under(UCB),
  'UCB, c auto': under(UCB, { c: 'auto' }),
  UCB1: under(UCB1),
  UCBTuned: under(UCBTuned),
  MOSS: under(MOSS, { horizon: 500 }),
  KLUCB: under(KLUCB),
  'KLUCB+': under(KLUCB, { plus: true, explorationFloor: 0.05 }),
  BayesUCB: under(BayesUCB),
  IMED: under(IMED),
  ThompsonSampling: under(ThompsonSampling),
  'ThompsonSampling, Gaussian': under(ThompsonSampling, { model: 'gaussian' }, ['glr']),
  'ThompsonSampling, top two': under(ThompsonSampling, { topTwo: 0.5 }),
  SuccessiveElimination: under(SuccessiveElimination, {}, FORGETTING),
  LinUCB: under(LinUCB, vector, ALL),
  'LinUCB, hybrid': under(
    LinUCB,
    { ...vector, hybrid: { dimension: 1, features: (_: ArrayLike<number>, arm: string) => [arm.length] } },
    ALL,
  ),
  LinTS: under(LinTS, vector, ALL),
  LinGreedy: under(LinGreedy, vector, ALL),
  LogisticThompson: under(LogisticThompson, vector, ALL, false),
  SegmentBandit: under(SegmentBandit, segment, ALL),
  'SegmentBandit of KL-UCB': under(
    SegmentBandit,
    {
      ...segment,
      shrinkage: 5,
      create: (setup: ConstructorParameters<typeof KlUcbPolicy>[0]) => new KlUcbPolicy(setup),
    },
    ALL,
  ),
};
