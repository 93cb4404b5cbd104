// The notebook's third cell: Thompson sampling and UCB choose among three models.
import { ThompsonSampling, UCB } from 'coronate/bandits';
import { closeness } from 'coronate/metrics';
import { createRng } from 'coronate/random';
import { dollars, fields, heading, paragraph, percent, table } from '../lib/print.ts';
import { freshWafers } from '../lib/wafer.ts';
import type { Figures } from './Figures.ts';
import { recorded, type Stage } from './stage.ts';

const reward = closeness({ scale: 10 });

/** UCB over the recorded predictions, in the notebook's order and with its ties: its very sequence of arms. */
function asTheNotebookComputesIt({ expected, test }: Stage, figures: Figures): void {
  const { linear, randomForest50Depth5, randomForest100Depth10 } = expected.testPredictions;
  const arms = {
    linear: recorded(linear),
    simpleForest: recorded(randomForest50Depth5),
    forest: recorded(randomForest100Depth10),
  };
  const bandit = new UCB({ arms, reward, c: 2, ties: 'first', seed: 42 });
  const names = Object.keys(arms);
  const sequence = test.yields.map((truth, request) => names.indexOf(bandit.serve(request, { truth }).variant));
  const pulls = bandit.statistics().map((arm) => arm.pulls);
  figures.same('UCB (c = 2) picks the recorded sequence of arms', sequence, expected.bandit.ucb200.sequence);
  figures.same('its pulls', pulls, expected.bandit.ucb200.pulls);
  paragraph(
    `As the notebook computes it: UCB with c = 2 over its 200 rows pulls the arms ${pulls.join(', ')} times, in the very order that it recorded.`,
  );
}

function report(title: string, bandit: ThompsonSampling<never> | UCB<never>): number {
  heading(title);
  const arms = bandit.statistics();
  table(
    ['arm', 'pulls', 'share', 'mean reward', '95 % interval'],
    arms.map(({ arm, pulls, selectionRate, meanReward, interval }) => [
      arm,
      pulls,
      percent(selectionRate),
      meanReward.toFixed(3),
      `${interval[0].toFixed(3)} to ${interval[1].toFixed(3)}`,
    ]),
  );
  const total = arms.reduce((sum, { totalReward }) => sum + totalReward, 0);
  fields({ 'best arm': bandit.bestArm(), 'total reward': total.toFixed(1) });
  return total;
}

/** Both bandits over fresh wafers, with the models trained here. */
export function playBandits(stage: Stage, figures: Figures): void {
  heading('3. Multi-armed bandits: which of three models is best?');
  asTheNotebookComputesIt(stage, figures);
  paragraph(
    'Where the notebook is wrong: it asks for 300 requests on 200 rows and stops with an IndexError at request 201. Here 300 fresh wafers come from its own formula.',
  );
  const { linear, simpleForest, forest } = stage;
  const arms = { linear, simpleForest, forest };
  const wafers = freshWafers(createRng(42).fork('bandits'), 300);
  const thompson = new ThompsonSampling({ arms, reward, seed: 42 });
  const ucb = new UCB({ arms, reward, c: 2, seed: 42 });
  for (const bandit of [thompson, ucb]) {
    wafers.rows.forEach((row, i) => {
      bandit.serve(row, { truth: wafers.yields[i] });
    });
  }
  const totals = [
    report('Thompson sampling, 300 requests', thompson as never),
    report('UCB (c = 2), 300 requests', ucb as never),
  ] as const;
  figures.holds('Thompson sampling settles on the linear model', thompson.bestArm() === 'linear');
  figures.holds('UCB settles on the linear model', ucb.bestArm() === 'linear');
  heading('Business value');
  // One reward is 1 - |error| / 10, so what a bandit lost to the best arm is an error in percentage points of yield.
  const best = Math.max(
    ...ucb.statistics().map(({ meanReward }) => meanReward),
    ...thompson.statistics().map(({ meanReward }) => meanReward),
  );
  const costPerWafer = totals.map((total) => 10 * (best - total / 300) * 500);
  fields({
    winner: totals[0] > totals[1] ? 'Thompson sampling' : 'UCB',
    'cost of learning, Thompson': `${dollars(costPerWafer[0]! * 300)} over 300 wafers`,
    'cost of learning, UCB': `${dollars(costPerWafer[1]! * 300)} over 300 wafers`,
  });
  paragraph(
    'The notebook claims a 15 % better error than a single model here. On this data one model, the line, is best everywhere: a bandit finds it and cannot beat it. (1 % of yield error costs $50,000 / 100 a wafer, as the notebook has it.)',
  );
}
