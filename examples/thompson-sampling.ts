// Thompson sampling finds the best of three models while it serves them, and a control shows that it is not luck.
import { ThompsonSampling } from 'coronate/bandits';
import { closeness } from 'coronate/metrics';
import { createRng } from 'coronate/random';
import { trainForest } from './lib/forest.ts';
import { trainLinear } from './lib/linear.ts';
import { heading, paragraph, percent, table, target } from './lib/print.ts';
import { freshWafers, loadWafers } from './lib/wafer.ts';

const { train } = loadWafers();
const linear = trainLinear(train.rows, train.yields);
const forest = await trainForest(train.rows, train.yields, { trees: 20, maxDepth: 8 });
const mean = train.yields.reduce((sum, y) => sum + y, 0) / train.yields.length;
const constant = { predict: () => mean };
const wafers = freshWafers(createRng(7), 1000);

function run(title: string, arms: Record<string, { predict(row: readonly number[]): number }>) {
  const bandit = new ThompsonSampling({ arms, reward: closeness({ scale: 10 }), seed: 42 });
  wafers.rows.forEach((row, i) => {
    const { requestId } = bandit.serve(row);
    bandit.record(requestId, wafers.yields[i]);
  });
  heading(title);
  const known = bandit.statistics();
  table(
    ['arm', 'pulls', 'share', 'mean reward'],
    known.map(({ arm, pulls, selectionRate, meanReward }) => [
      arm,
      pulls,
      percent(selectionRate),
      meanReward.toFixed(3),
    ]),
  );
  return { best: bandit.bestArm(), leading: Math.max(...known.map(({ selectionRate }) => selectionRate)) };
}

const found = run('Three models, one of them best', { linear, forest, constant });
const equal = run('Control: the same model three times', {
  first: linear,
  second: { ...linear },
  third: { ...linear },
});
heading('Target against measured');
const met = [
  target('the best model is found', 'linear', found.best, found.best === 'linear'),
  target('and gets most of the traffic', '> 80 %', percent(found.leading), found.leading > 0.8),
  target('no arm runs away where none is better', '< 80 %', percent(equal.leading), equal.leading < 0.8),
];
paragraph('A bandit that starved two equal arms would claim a winner that is none.');
if (met.includes(false)) process.exitCode = 1;
