// The notebook's second cell: traffic moves to a new model in stages, and comes back when it is worse.
import { CanaryDeployment, type TransitionEvent } from 'coronate/canary';
import { ManualClock } from 'coronate/core';
import { createRng, recordedRng } from 'coronate/random';
import { trainLinear } from '../lib/linear.ts';
import type { RegressionModel } from '../lib/models.ts';
import { dollars, fields, heading, paragraph, percent, table } from '../lib/print.ts';
import { freshWafers } from '../lib/wafer.ts';
import type { Figures } from './Figures.ts';
import { errorsOf, rootMeanSquare, type Stage } from './stage.ts';

/** A second, so that a rollout has a time line; models answer at once, or a forest's microseconds would decide. */
const SECOND = 1000;

function asTheNotebookComputesIt({ expected, linear, forest, test }: Stage, figures: Figures): void {
  const { routingDraws, servedByNew, baselineRmsePassedIn } = expected.canary;
  // The notebook's canary takes the low end of a draw, ours the high end: mirrored, the same requests are its own.
  const rng = recordedRng(routingDraws.map((draw) => 1 - draw));
  const deployment = new CanaryDeployment({
    baseline: linear,
    canary: forest,
    rng,
    seed: 42,
    clock: new ManualClock(0),
  });
  for (let i = 0; i < 50; i += 1) deployment.serve(test.rows[i]!, { truth: test.yields[i] });
  const { served, phase } = deployment.status;
  const actual = rootMeanSquare(errorsOf(linear, test));
  figures.same('canary requests of 50, by the recorded draws', served.canary, servedByNew);
  figures.same('8 samples are not a failure: the rollout holds', phase, 'progressing');
  figures.number('RMSE of the line on rows 800-999', actual, expected.testErrors.rmse.linear);
  paragraph('Where the notebook is wrong:');
  paragraph(
    `- 50 requests at 10 % gave its canary ${servedByNew} samples; it wants 20, calls the check failed, rolls back, and claims a catch. Any model at all would be "caught". Here: ${phase}, ${deployment.checkHealth().reason}.`,
    '  ',
  );
  const inflated = actual / baselineRmsePassedIn - 1;
  paragraph(
    `- It passes a mean absolute error (${baselineRmsePassedIn.toFixed(3)}) as the baseline's RMSE (${actual.toFixed(3)}): the line itself, as its own canary, would look ${percent(inflated)} worse and be rolled back. Here both are measured on the same traffic.`,
    '  ',
  );
  figures.holds('the notebook would roll an identical model back', inflated > 0.2);
}

function rollOut(
  title: string,
  baseline: RegressionModel,
  canary: RegressionModel,
): CanaryDeployment<RegressionModel, RegressionModel> {
  heading(title);
  const clock = new ManualClock(0);
  const deployment = new CanaryDeployment({ name: title, baseline, canary, seed: 42, clock });
  const wafers = freshWafers(createRng(42).fork(title), 20_000);
  for (let i = 0; i < wafers.rows.length; i += 1) {
    clock.advance(SECOND);
    deployment.serve(wafers.rows[i]!, { truth: wafers.yields[i] });
    const { phase } = deployment.status;
    if (phase === 'promoted' || phase === 'rolled-back') break;
  }
  const moves = deployment.history.filter((event): event is TransitionEvent => event.type === 'transition');
  table(
    ['request', 'to', 'canary RMSE', 'baseline', 'why'],
    moves.map(({ at, to, weight, evidence, reason }) => [
      at / SECOND,
      to.phase === 'progressing' ? `${weight} %` : to.phase,
      evidence?.metrics.rmse?.toFixed(3) ?? '',
      evidence?.baselineMetrics.rmse?.toFixed(3) ?? '',
      reason.replace('surely less than 20 % worse', 'surely within +20 %'),
    ]),
  );
  return deployment;
}

/** The worse forest and an equal line, each through a real canary. */
export function rollOutCanaries(stage: Stage, figures: Figures): void {
  heading('2. Canary: traffic moves in stages');
  asTheNotebookComputesIt(stage, figures);
  const bad = rollOut('Canary: the forest, which is worse', stage.linear, stage.forest);
  const { served, waitingFor } = bad.status;
  fields({ outcome: `${bad.status.phase}: ${waitingFor}`, 'wafers that saw the forest': served.canary });
  figures.same('the forest is rolled back', bad.status.phase, 'rolled-back');
  figures.holds('for the right reason: its RMSE', waitingFor.startsWith('rmse '));

  const rows = freshWafers(createRng(42).fork('an equal model'), 800);
  const equal = trainLinear(rows.rows, rows.yields, 'equal');
  const good = rollOut('Canary: a line trained on other wafers, which is as good', stage.linear, equal);
  figures.same('an equal model reaches 100 %', [good.status.phase, good.status.weight], ['promoted', 100]);

  heading('Business value');
  const cost = (model: RegressionModel): number => {
    const errors = errorsOf(model, stage.test);
    return (errors.reduce((sum, error) => sum + Math.abs(error), 0) / errors.length) * 500;
  };
  const extra = cost(stage.forest) - cost(stage.linear);
  fields({
    'extra cost of the forest per wafer': dollars(extra),
    'paid by the wafers of the canary': dollars(extra * served.canary),
    'paid in a year without one (182,500)': dollars(extra * 182_500),
  });
  paragraph('(1 % of yield error costs $50,000 / 100 a wafer, as the notebook has it.)');
}
