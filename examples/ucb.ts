// UCB with the notebook's c = 2, and what its caution costs beside c = 'auto'.
import { UCB } from 'coronate/bandits';
import { closeness } from 'coronate/metrics';
import { createRng } from 'coronate/random';
import { trainForest } from './lib/forest.ts';
import { trainLinear } from './lib/linear.ts';
import { heading, percent, table, target } from './lib/print.ts';
import { freshWafers, loadWafers } from './lib/wafer.ts';

const { train } = loadWafers();
const linear = trainLinear(train.rows, train.yields);
const forest = await trainForest(train.rows, train.yields, { trees: 20, maxDepth: 8 });
const broken = {
  predict(): number {
    throw new Error('the feature store is down');
  },
};
const wafers = freshWafers(createRng(8), 1000);

/** A failing arm earns the lowest reward and is answered for by the line: no caller sees its error. */
function run(c: number | 'auto') {
  const arms = { linear, forest, broken };
  const bandit = new UCB({ arms, reward: closeness({ scale: 10 }), fallback: 'linear', c, seed: 42 });
  const answers = wafers.rows.map((row, i) => bandit.serve(row, { truth: wafers.yields[i] }).prediction);
  const arms3 = bandit.statistics();
  return {
    c,
    best: bandit.bestArm(),
    answers,
    shares: arms3.map(({ selectionRate }) => selectionRate),
    errors: arms3[2]!.errorRate,
  };
}

const runs = [run(2), run('auto')];
heading('UCB over two models and a broken one, 1,000 requests');
table(
  ['c', 'best arm', 'linear', 'forest', 'broken', 'errors of broken'],
  runs.map(({ c, best, shares, errors }) => [
    String(c),
    best,
    ...shares.map((share) => percent(share)),
    percent(errors, 0),
  ]),
);
heading('Target against measured');
const [two, auto] = runs as [(typeof runs)[0], (typeof runs)[0]];
const seen = runs.flatMap(({ answers }) => answers).filter((answer) => !Number.isFinite(answer)).length;
const met = [
  target('the line is found, c = 2', 'linear', two.best, two.best === 'linear'),
  target('the line is found, c = auto', 'linear', auto.best, auto.best === 'linear'),
  target('errors that callers saw', '0', String(seen), seen === 0),
  target('the broken arm is left alone (auto)', '< 5 %', percent(auto.shares[2]!), auto.shares[2]! < 0.05),
  target(
    'auto wastes less than c = 2',
    'more linear',
    `${percent(auto.shares[0]!)} / ${percent(two.shares[0]!)}`,
    auto.shares[0]! > two.shares[0]!,
  ),
];
if (met.includes(false)) process.exitCode = 1;
