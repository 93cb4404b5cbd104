// Project 3: five fabs, three yield models, none best everywhere. A Thompson bandit per fab finds the best of them while
// it serves, notices when a process changes, and shows no lift where no model is better.
import { KlUcbPolicy, LinTS, SegmentBandit, ThompsonPolicy, UcbPolicy } from 'coronate/bandits';
import { ManualClock } from 'coronate/core';
import { closeness } from 'coronate/metrics';
import { createRng } from 'coronate/random';
import { FABS, type FabWafer, fabContext, makeFabWafers, PRODUCTS } from '../lib/data/fabs.ts';
import { heading, paragraph, percent, table, target } from '../lib/print.ts';
import { progressBar } from '../lib/progress.ts';
import { type FabModels, trainEqualFabModels, trainFabModels } from '../lib/train/fabs.ts';

/** A model over wafers that remembers its answers: the same wafers are played many times here. */
function remembering(model: { predict(row: FabWafer['row']): number }) {
  const answers = new WeakMap<FabWafer, number>();
  return {
    predict(wafer: FabWafer): number {
      const known = answers.get(wafer) ?? model.predict(wafer.row);
      answers.set(wafer, known);
      return known;
    },
  };
}

type FabArms = Readonly<Record<keyof FabModels, ReturnType<typeof remembering>>>;
const armsOf = ({ linear, forest, neural }: FabModels): FabArms => ({
  linear: remembering(linear),
  forest: remembering(forest),
  neural: remembering(neural),
});
const NAMES = ['linear', 'forest', 'neural'] as const;
const reward = closeness({ scale: 10 });
const clock = () => new ManualClock(0);
const mean = (xs: readonly number[]): number => xs.reduce((sum, x) => sum + x, 0) / xs.length;

const arms = armsOf(await trainFabModels(42, { onProgress: progressBar('Forest of fabs C and D (25 trees)') }));
const equal = armsOf(trainEqualFabModels(42));

/** A bandit per fab, with Thompson sampling that notices changes. */
function perFab(models: FabArms, seed: string) {
  return new SegmentBandit({
    arms: models,
    reward,
    contextOf: (wafer: FabWafer) => wafer.fab,
    segmentOf: (fab: string) => fab,
    create: (setup) =>
      new ThompsonPolicy({ ...setup, memory: { type: 'changeDetection', method: 'cusum', slack: 0.05, threshold: 3 } }),
    clock: clock(),
    seed,
  });
}

interface Bandit {
  serve(
    wafer: FabWafer,
    request: { readonly truth: number; readonly context: unknown },
  ): { readonly variant: string; readonly prediction: number };
}

/** Serves the wafers in order and gives the arm and the absolute error of each. */
function play(bandit: Bandit, wafers: readonly FabWafer[]) {
  return wafers.map((wafer) => {
    const { variant, prediction } = bandit.serve(wafer, { truth: wafer.yield, context: fabContext(wafer) });
    return { variant, error: Math.abs(prediction - wafer.yield) };
  });
}

const errorOf = (models: FabArms, name: (typeof NAMES)[number], wafers: readonly FabWafer[]): number =>
  mean(wafers.map((wafer) => Math.abs(models[name].predict(wafer) - wafer.yield)));
const bestIn = (models: FabArms, wafers: readonly FabWafer[]): (typeof NAMES)[number] =>
  NAMES.reduce((best, name) => (errorOf(models, name, wafers) < errorOf(models, best, wafers) ? name : best));
const inFab = (wafers: readonly FabWafer[], fab: string): readonly FabWafer[] => wafers.filter((w) => w.fab === fab);

// 1. What there is to find: the mean absolute error of every model in every fab, on fresh wafers.
const fresh = makeFabWafers(createRng(3), 6000);
const best = Object.fromEntries(FABS.map((fab) => [fab, bestIn(arms, inFab(fresh, fab))]));
heading('Project 3: which of three yield models for which fab?');
table(
  ['fab', ...NAMES.map((name) => `${name}, MAE`), 'best'],
  FABS.map((fab) => [fab, ...NAMES.map((name) => errorOf(arms, name, inFab(fresh, fab)).toFixed(2)), best[fab]!]),
);
const gaps = FABS.map((fab) => {
  const rewards = NAMES.map((name) =>
    mean(inFab(fresh, fab).map((w) => 1 - Math.min(1, Math.abs(arms[name].predict(w) - w.yield) / 10))),
  );
  rewards.sort((a, b) => b - a);
  return rewards[0]! - rewards[1]!;
});
paragraph(`Rewards are 1 - |error| / 10; the smallest gap between best and second is ${Math.min(...gaps).toFixed(2)}.`);

// 2. Forty streams of 500 wafers a fab: is the best model found in all five?
const STREAMS = 40;
let found = 0;
let late: number[] = [];
for (let stream = 0; stream < STREAMS; stream += 1) {
  const bandit = perFab(arms, `stream ${stream}`);
  for (const fab of FABS) {
    const choices = play(bandit, makeFabWafersOf(fab, stream));
    late = [...late, mean(choices.slice(400).map(({ variant }) => (variant === best[fab] ? 1 : 0)))];
  }
  if (FABS.every((fab) => bandit.segment(fab)!.bestArm() === best[fab])) found += 1;
}

/** 500 wafers of one fab, out of the fresh ones of that fab: another order for every stream. */
function makeFabWafersOf(fab: string, stream: number): readonly FabWafer[] {
  const rng = createRng(`order ${fab} ${stream}`);
  const pool = inFab(fresh, fab);
  return Array.from({ length: 500 }, () => pool[Math.floor(rng.next() * pool.length)]!);
}

// 3. One year of all fabs: the bandit against each single model, and against knowing the best per fab.
const year = makeFabWafers(createRng(5), 6000);
const served = play(perFab(arms, 'year'), year);
const linTs = play(new LinTS({ arms, reward, dimension: 9, v: 0.1, lambda: 0.1, clock: clock(), seed: 42 }), year);
const single = NAMES.map((name) => ({ name, error: errorOf(arms, name, year) })).sort((a, b) => a.error - b.error)[0]!;
const banditError = mean(served.map(({ error }) => error));
const cells = new Map(
  FABS.flatMap((fab) =>
    PRODUCTS.map((product) => {
      const cell = inFab(fresh, fab).filter((wafer) => wafer.product === product);
      return [`${fab} ${product}`, bestIn(arms, cell)] as const;
    }),
  ),
);
const cellError = mean(year.map((w) => Math.abs(arms[cells.get(`${w.fab} ${w.product}`)!].predict(w) - w.yield)));
const oracleError = mean(year.map((w) => Math.abs(arms[best[w.fab]! as 'linear'].predict(w) - w.yield)));
heading('A year of all five fabs (6,000 wafers)');
table(
  ['who answers', 'MAE', 'better than the best single model'],
  [
    [`${single.name} everywhere`, single.error.toFixed(3), '0.0 %'],
    ['Thompson, one bandit a fab', banditError.toFixed(3), percent(1 - banditError / single.error)],
    [
      'LinTS on fab, product and date',
      mean(linTs.map(({ error }) => error)).toFixed(3),
      percent(1 - mean(linTs.map(({ error }) => error)) / single.error),
    ],
    ['the best model of each fab', oracleError.toFixed(3), percent(1 - oracleError / single.error)],
    ['... of each fab and product', cellError.toFixed(3), percent(1 - cellError / single.error)],
  ],
);

// 4. In fab A the process changes from the line to the steps: how soon does the forest serve? Without a change it must not.
function reaction(changed: boolean, run: number): number {
  const bandit = perFab(arms, `drift ${run}`);
  const before = makeFabWafers(createRng(`before ${run}`), 600, { fab: 'A', days: [0, 99] });
  const changes = changed ? [{ fab: 'A', day: 100, law: 'steps' } as const] : [];
  const after = makeFabWafers(createRng(`after ${run}`), 250, { fab: 'A', days: [100, 140], changes });
  play(bandit, before);
  const hits = play(bandit, after).map(({ variant }) => (variant === 'forest' ? 1 : 0));
  for (let s = 0; s + 20 <= hits.length; s += 1) if (mean(hits.slice(s, s + 20)) >= 0.8) return s;
  return Number.POSITIVE_INFINITY;
}
const RUNS = 40;
const reactions = Array.from({ length: RUNS }, (_, run) => reaction(true, run)).sort((a, b) => a - b);
const placebo = Array.from({ length: RUNS }, (_, run) => reaction(false, run));
const within = (list: readonly number[]): number => mean(list.map((r) => (r <= 100 ? 1 : 0)));

// 5. The control: three lines that differ by chance alone.
const control = play(perFab(equal, 'control'), year);
const controlSingle = Math.min(...NAMES.map((name) => errorOf(equal, name, year)));
const controlLift = 1 - mean(control.map(({ error }) => error)) / controlSingle;

// 6. What a choice costs, without the model's own time.
function medianMicros(policy: { selectIndex(): number; update(arm: number, reward: number): void }): number {
  const times: number[] = [];
  for (let i = 0; i < 20_000; i += 1) {
    const start = performance.now();
    policy.update(policy.selectIndex(), i % 2);
    times.push(performance.now() - start);
  }
  return 1000 * times.sort((a, b) => a - b)[10_000]!;
}
const setup = { arms: NAMES, seed: 1 };
const micros = {
  Thompson: medianMicros(new ThompsonPolicy(setup)),
  UCB: medianMicros(new UcbPolicy(setup)),
  'KL-UCB': medianMicros(new KlUcbPolicy(setup)),
};
paragraph(
  `Median time to choose and learn: ${Object.entries(micros)
    .map(([name, time]) => `${name} ${time.toFixed(1)} us`)
    .join(', ')}.`,
);

heading('Target against measured');
const lift = 1 - banditError / single.error;
const met = [
  target('best model in all 5 fabs by 500 each', '>= 97 %', percent(found / STREAMS), found / STREAMS >= 0.97),
  target('share of the last 100 on the best', '>= 90 %', percent(mean(late)), mean(late) >= 0.9),
  target('error below the best single model', '>= 15 %', percent(lift), lift >= 0.15),
  target('(what knowing the fab would give)', '', percent(1 - oracleError / single.error), true),
  target('reaction to a drift within 100', '>= 90 %', percent(within(reactions)), within(reactions) >= 0.9),
  target('the same without a drift (placebo)', '<= 5 %', percent(within(placebo)), within(placebo) <= 0.05),
  target('time to choose (median)', '< 1 ms', `${micros.Thompson.toFixed(1)} us`, micros.Thompson < 1000),
  target('control: equal models, no lift', '-2 % to 2 %', percent(controlLift), Math.abs(controlLift) <= 0.02),
];
paragraph(
  `After the change the forest serves four of five wafers from wafer ${reactions[RUNS / 2]} on (median; the slowest: ${reactions.at(-1)}). LinTS knows the product as well: it learns that radio chips of fab E follow the line, which one model a fab cannot.`,
);
if (met.includes(false)) process.exitCode = 1;
