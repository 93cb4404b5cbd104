// An A/B test of two models on live wafers, and of a placebo: looked at after every wafer, decided once it is known.
import { ABTest } from 'coronate/abtest';
import { absoluteError } from 'coronate/metrics';
import { createRng } from 'coronate/random';
import { trainForest } from './lib/forest.ts';
import { trainLinear } from './lib/linear.ts';
import type { RegressionModel } from './lib/models.ts';
import { fields, heading, target } from './lib/print.ts';
import { freshWafers, loadWafers } from './lib/wafer.ts';

const { train } = loadWafers();
const forest = await trainForest(train.rows, train.yields, { trees: 10, maxDepth: 8 });
const line = trainLinear(train.rows, train.yields);

/** The forest is in charge; how does a challenger do on fresh wafers, half of which it gets? */
function challenge(challenger: RegressionModel): ABTest<RegressionModel, RegressionModel> {
  const test = new ABTest({
    name: `${challenger.name} against forest`,
    seed: 42,
    champion: forest,
    challenger,
    metrics: [absoluteError({ role: 'goal', minEffect: { relative: 0.05 } })],
    horizon: 1000,
  });
  const { rows, yields } = freshWafers(createRng(1), 2000);
  for (const [i, row] of rows.entries()) {
    const { requestId } = test.serve(row, { unit: `wafer-${i}` });
    test.record(requestId, yields[i]);
    if (test.decide().decision !== 'CONTINUE') break;
  }
  return test;
}

heading('Before the test');
const plan = ABTest.plan({ baseline: { mean: 2.2, sd: 1.9 }, effect: { relative: 0.25 }, requestsPerDay: 500 });
fields({ 'wafers for a 25 % smaller error': plan.requests, 'half of such tests end at': plan.medianRequests ?? 0 });

const better = challenge(line);
const placebo = challenge(forest);
console.log(`\n${better.toText()}`);
heading('Target against measured');
const met = [
  target('the line against the forest', 'PROMOTE', better.decide().decision, better.decide().decision === 'PROMOTE'),
  target(
    'the forest against itself',
    'not PROMOTE',
    placebo.decide().decision,
    placebo.decide().decision !== 'PROMOTE',
  ),
];
if (met.includes(false)) process.exitCode = 1;
