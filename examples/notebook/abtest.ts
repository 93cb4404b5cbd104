// The notebook's first cell: champion against challenger on live traffic.
import { ABTest, notebookRule } from 'coronate/abtest';
import { ManualClock } from 'coronate/core';
import { absoluteError, rmse } from 'coronate/metrics';
import { createRng, recordedRng } from 'coronate/random';
import { Moments, welchTest } from 'coronate/stats';
import { dollars, fields, heading, paragraph, percent, table } from '../lib/print.ts';
import { freshWafers } from '../lib/wafer.ts';
import type { Figures } from './Figures.ts';
import { recorded, type Stage } from './stage.ts';

/** What 1 % of yield error costs per wafer, and wafers per year, in the notebook's words. */
const COST = 50_000 / 100;
const WAFERS = 500 * 365;

/** The notebook's own experiment: its routing draws and its models' predictions, through `ABTest`. */
function asTheNotebookComputesIt({ expected, test }: Stage, figures: Figures): void {
  heading('As the notebook computes it, and as it should be computed');
  const { linear, randomForest100Depth10 } = expected.testPredictions;
  const experiment = new ABTest({
    name: 'YieldPrediction_v2.0_vs_v1.8',
    rng: recordedRng(expected.abTest.routingDraws),
    seed: 42,
    champion: recorded(linear),
    challenger: { model: recorded(randomForest100Depth10), trafficShare: 0.5 },
    metrics: [absoluteError({ role: 'goal' })],
    decision: notebookRule(),
  });
  const errors = { champion: new Moments(), challenger: new Moments() };
  test.yields.forEach((truth, request) => {
    const { variant, prediction } = experiment.serve(request, { truth });
    errors[variant as keyof typeof errors].push(Math.abs(prediction - truth));
  });
  const welch = experiment.statisticalTest('absoluteError', { method: 'welch' });
  const ranks = experiment.statisticalTest('absoluteError', { method: 'mann-whitney' });
  const { decision } = experiment.decide();
  if (welch.status !== 'ok' || ranks.status !== 'ok') throw new Error('200 requests are enough for both tests');

  // The notebook divides by n where a sample's variance takes n - 1: the same test on those variances gives its t and df.
  const population = ({ n, mean, variance }: Moments) => ({ n, mean, variance: (variance * (n - 1)) / n });
  const asNotebook = welchTest(population(errors.champion), population(errors.challenger));
  if (asNotebook.status !== 'ok') throw new Error('200 requests are enough');

  const { abTest } = expected;
  const told = abTest.statisticalTest;
  table(
    ['', 'notebook', 'here'],
    [
      ['champion requests', abTest.championN, welch.reference.n],
      ['challenger requests', abTest.challengerN, welch.candidate.n],
      ['mean error, champion', told.champion_mean.toFixed(8), welch.reference.value!.toFixed(8)],
      ['mean error, challenger', told.challenger_mean.toFixed(8), welch.candidate.value!.toFixed(8)],
      ['improvement', `${told.improvement_pct.toFixed(3)} %`, percent(welch.relative!.estimate, 3)],
      ['t, population variance', told.t_statistic.toFixed(6), asNotebook.statistic.toFixed(6)],
      ['t, as it should be', '', welch.statistic!.toFixed(6)],
      ['degrees of freedom', told.df.toFixed(4), welch.df!.toFixed(4)],
      ['p', String(told.p_value_approx), welch.pValue.toExponential(5)],
      ['p, Mann-Whitney', '', ranks.pValue.toFixed(8)],
      ['decision', told.decision, decision],
    ],
  );
  paragraph(
    'Where the notebook is wrong: its p-value is a table of three steps (|t| > 2.58 gives 0.01) and its variances divide by n. The p-value here is exact, and the decision happens to be the same.',
  );

  figures.same('requests per variant', [welch.reference.n, welch.candidate.n], [abTest.championN, abTest.challengerN]);
  figures.number('mean error of the champion', welch.reference.value!, told.champion_mean, 1e-12);
  figures.number('mean error of the challenger', welch.candidate.value!, told.challenger_mean, 1e-12);
  figures.number('improvement in percent', 100 * welch.relative!.estimate, told.improvement_pct, 1e-10);
  figures.number("the notebook's t (population variance)", asNotebook.statistic, told.t_statistic);
  figures.number("the notebook's degrees of freedom", asNotebook.df!, told.df);
  figures.number('Welch t', welch.statistic!, abTest.exact.welchT);
  figures.number('Welch degrees of freedom', welch.df!, abTest.exact.welchDf);
  figures.number('Welch p', welch.pValue, abTest.exact.welchP);
  figures.number('Mann-Whitney U1', ranks.statistic!, abTest.exact.mannWhitneyU1);
  figures.number('Mann-Whitney p', ranks.pValue, abTest.exact.mannWhitneyP);
  figures.same('decision', decision, told.decision);
}

/** The same two models, trained here, on fresh traffic: looked at after every request, and stopped when it is known. */
function onLiveTraffic({ linear, forest }: Stage, figures: Figures): void {
  heading('The same experiment on live traffic, looked at after every request');
  const clock = new ManualClock(0);
  const experiment = new ABTest({
    name: 'yield-v2',
    seed: 42,
    clock,
    champion: linear,
    challenger: { model: forest, trafficShare: 0.5 },
    metrics: [absoluteError({ role: 'goal', minEffect: { relative: 0.05 } }), rmse()],
  });
  const wafers = freshWafers(createRng(42).fork('A/B test'), 5000);
  let served = 0;
  while (served < wafers.rows.length && experiment.decide().decision === 'CONTINUE') {
    clock.advance(60_000);
    experiment.serve(wafers.rows[served]!, { unit: `wafer ${served}`, truth: wafers.yields[served] });
    served += 1;
  }
  const { variants, comparisons, sampleRatio, decision } = experiment.summary();
  table(
    ['variant', 'requests', ...variants[0]!.metrics.map(({ metric }) => metric)],
    variants.map(({ variant, assigned, metrics }) => [
      variant,
      assigned,
      ...metrics.map(({ value }) => value?.toFixed(3) ?? ''),
    ]),
  );
  const goal = comparisons.find(({ metric }) => metric === 'absoluteError')!;
  fields({
    requests: served,
    improvement:
      goal.relative === undefined
        ? goal.status
        : `${percent(goal.relative.estimate)} (95 % ${percent(goal.relative.interval[0])} to ${percent(goal.relative.interval[1])})`,
    'valid at every look': goal.validity === 'anytime' ? `yes (${goal.method})` : 'no',
    'traffic split as planned': sampleRatio.healthy ? 'yes' : 'no',
    decision: decision.decision,
  });
  paragraph(`The reason: ${decision.reasons[0]!.message}.`);
  figures.same('the worse forest is rejected on live traffic', decision.decision, 'REJECT');
}

/** The first cell, and what it is worth. */
export function testChallenger(stage: Stage, figures: Figures): void {
  heading('1. A/B test: is the forest better than the line?');
  asTheNotebookComputesIt(stage, figures);
  onLiveTraffic(stage, figures);
  heading('Business value');
  const { champion_mean: champion, challenger_mean: challenger } = stage.expected.abTest.statisticalTest;
  const millions = (error: number): string => `${dollars((error * WAFERS * COST) / 1e6)}M a year`;
  fields({
    'error cost of the champion': millions(champion),
    'error cost of the challenger': millions(challenger),
    'loss that the test prevented': millions(challenger - champion),
  });
}
