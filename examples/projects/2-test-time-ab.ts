// Project 2: may a model skip test blocks? An A/B test with one rule, run on three challengers, two of which must fail.
import { ABTest, defaultRule } from 'coronate/abtest';
import { ManualClock } from 'coronate/core';
import { defineMetric, type Outcome } from 'coronate/metrics';
import { createRng } from 'coronate/random';
import {
  makeTestWafers,
  missedDies,
  reportedYield,
  TESTER_COST,
  type TestPlan,
  testMinutes,
  trueYield,
  type Wafer,
} from '../lib/data/testTime.ts';
import { dollars, heading, paragraph, percent, target } from '../lib/print.ts';
import { type PlanModel, trainTestTimeModels } from '../lib/train/testTime.ts';

type Tested = Outcome<unknown, TestPlan, Wafer>;
const models = trainTestTimeModels(42);

/** What a plan did on a wafer whose full results are known: final test finds what was skipped. */
const of =
  (read: (plan: TestPlan, wafer: Wafer) => number) =>
  ({ prediction, truth }: Tested): number | undefined =>
    prediction && truth && read(prediction, truth);

const metrics = () => [
  defineMetric({
    name: 'minutes',
    kind: 'mean',
    direction: 'lower',
    value: of(testMinutes),
    role: 'goal',
    minEffect: { relative: 0.25 },
  }),
  // The champion tests everything, so its correlation is 1: no more than 0.01 below means above 0.99.
  defineMetric({
    name: 'correlation',
    kind: 'pearson',
    direction: 'higher',
    value: ({ prediction, truth }: Tested) =>
      prediction && truth && ([reportedYield(prediction, truth), trueYield(truth)] as const),
    role: 'guardrail',
    margin: { absolute: 0.01 },
  }),
  defineMetric({
    name: 'yieldError',
    kind: 'mean',
    direction: 'lower',
    value: of((plan, wafer) => reportedYield(plan, wafer) - trueYield(wafer)),
  }),
  defineMetric({
    name: 'falseNegatives',
    kind: 'ratio',
    direction: 'lower',
    value: ({ prediction, truth }: Tested) =>
      prediction && truth && ([missedDies(prediction, truth), sum(truth.fails)] as const),
  }),
];

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, x) => total + x, 0);
}

/** Runs one challenger to its conclusion, asked every 200 wafers: looking costs nothing. */
function run(challenger: PlanModel) {
  const clock = new ManualClock(Date.UTC(2026, 0, 5));
  const test = new ABTest({
    name: `test-time: ${challenger.name}`,
    seed: 42,
    clock,
    champion: models.champion,
    challenger: { model: challenger, trafficShare: 0.5 },
    metrics: metrics(),
    alpha: 0.05,
    minSamples: 1000,
    decision: defaultRule({ practical: 'interval' }),
  });
  const wafers = makeTestWafers(createRng(7).fork(challenger.name), 8000);
  for (const [i, wafer] of wafers.entries()) {
    clock.advance(86_400_000 / 500);
    const { requestId } = test.serve(wafer.row, { unit: wafer.id });
    test.record(requestId, wafer);
    if ((i + 1) % 200 === 0 && test.decide().decision !== 'CONTINUE') break;
  }
  return test;
}

heading('Project 2: may a model skip test blocks?');
paragraph(
  'Promote if the tests take less than 75 % of the time and the reported yield follows the true one with a ' +
    'correlation above 0.99: both proven at 95 %, with at least 1,000 wafers each, whenever one looks.',
);
const [planner, placebo, careless] = [run(models.challenger), run(models.placebo), run(models.careless)];
console.log(`\n${planner.toText()}`);

heading('The challengers that must not be promoted');
for (const test of [placebo, careless]) {
  const { decision, reasons } = test.decide();
  const why = reasons.find(({ verdict }) => verdict === 'fail');
  paragraph(`${test.name}: ${decision} after ${test.summary().requests} wafers. ${why?.message ?? ''}`);
}

heading('Target against measured');
const summary = planner.summary();
const minutes = planner.statisticalTest('minutes');
const welch = planner.statisticalTest('minutes', { method: 'welch' });
const [, planned] = summary.variants;
const measured = (name: string): number => planned!.metrics.find(({ metric }) => metric === name)?.value ?? Number.NaN;
const error = planner.statisticalTest('yieldError');
const saved = (minutes.reference.value ?? 0) - (minutes.candidate.value ?? 0);
const p = minutes.status === 'ok' ? minutes.pValue : 1;
const welchP = welch.status === 'ok' ? welch.pValue : 1;
const written = (value: number): string => (value < 1e-300 ? '< 1e-300' : value.toExponential(1));
const reduction = minutes.relative?.estimate ?? 0;
const unbiased = error.status === 'ok' && error.interval[0] <= 0 && error.interval[1] >= 0;
const promoted = (test: typeof planner): boolean => test.decide().decision === 'PROMOTE';
const met = [
  target('p-value, valid at every look', '< 0.05', written(p), p < 0.05),
  target('p-value, Welch', '< 0.05', written(welchP), welchP < 0.05),
  target('test time saved', '>= 25 %', percent(reduction), reduction >= 0.25),
  target('correlation of the yield', '> 0.99', measured('correlation').toFixed(4), measured('correlation') > 0.99),
  target('yield lost by skipping (points)', '0 within CI', measured('yieldError').toFixed(3), unbiased),
  target(
    'wafers of each variant',
    '>= 1,000',
    summary.variants.map(({ assigned }) => assigned).join(' / '),
    summary.variants.every(({ assigned }) => assigned >= 1000),
  ),
  target('planner', 'promoted', planner.decide().decision, promoted(planner)),
  target('placebo', 'not promoted', placebo.decide().decision, !promoted(placebo)),
  target('mixed-up planner', 'not promoted', careless.decide().decision, !promoted(careless)),
];
paragraph(
  `False negatives: ${percent(measured('falseNegatives'))} of the failing dies are found later, at final test. ` +
    `${saved.toFixed(2)} minutes a wafer are worth ${dollars(saved * TESTER_COST.perMinute * TESTER_COST.wafersPerYear)} a year.`,
  '  ',
);
if (met.includes(false)) process.exitCode = 1;
