// Project 6: a new fraud detector in five stages, looked at in windows of a minute, with a pager.
// Run: npm run example -- examples/projects/6-fraud-canary.ts
import { CanaryDeployment, type CanaryPhase } from 'coronate/canary';
import { ManualClock } from 'coronate/core';
import { defineMetric, type Outcome } from 'coronate/metrics';
import { createRng } from 'coronate/random';
import { makeTransactions, type Transaction } from '../lib/data/fraud.ts';
import type { BinaryModel, Row } from '../lib/models.ts';
import { dollars, heading, percent, target } from '../lib/print.ts';
import { trainFraudModels } from '../lib/train/fraud.ts';

type Case = Outcome<Row, number, Transaction>;

/** Honest transactions that are blocked: at most 0.5 %. */
const falsePositives = defineMetric({
  name: 'falsePositives',
  kind: 'rate',
  direction: 'lower',
  value: ({ prediction, truth }: Case) => (truth?.fraud === 0 ? prediction === 1 : undefined),
  role: 'goal',
  limit: { max: 0.005 },
  critical: true,
});

/** Fraud that is found: at least 85 %. A guard: at 1.5 % fraud, proving it takes long; failing it does not. */
const detection = defineMetric({
  name: 'detection',
  kind: 'rate',
  direction: 'higher',
  value: ({ prediction, truth }: Case) => (truth?.fraud === 1 ? prediction === 1 : undefined),
  role: 'guardrail',
  limit: { min: 0.85 },
  missing: 'ignore',
});

/** Honest dollars let through, per honest transaction: reported. */
const honestValue = defineMetric({
  name: 'honestValue',
  kind: 'mean',
  direction: 'higher',
  value: ({ prediction, truth }: Case) => (truth?.fraud === 0 ? (prediction === 1 ? 0 : truth.amount) : undefined),
});

interface Rollout {
  readonly canary: CanaryDeployment<BinaryModel, BinaryModel>;
  readonly minutes: number;
  readonly after: number;
}

/** The truth (a chargeback, or none) is known 500 transactions later; the rollout moves once a minute at most. */
function roll(name: string, baseline: BinaryModel, next: BinaryModel, transactions: readonly Transaction[]): Rollout {
  const clock = new ManualClock(0);
  const window = { minDwellMs: 60_000 };
  const canary = new CanaryDeployment({
    name,
    baseline,
    canary: next,
    stages: [5, 10, 25, 50, 100].map((weight) => ({ weight, ...window })),
    metrics: [falsePositives, detection, honestValue],
    hooks: {
      rollback: ({ reason, at }) =>
        console.log(`  pager: ${name} is out after ${(at / 60_000).toFixed(1)} minutes: ${reason}`),
    },
    seed: 42,
    clock,
  });
  let out = -1;
  for (const [i, transaction] of transactions.entries()) {
    clock.advance(Math.max(0, transaction.at - clock.now()));
    canary.predict(transaction.row, { id: transaction.id });
    const late = transactions[i - 500];
    if (late !== undefined) canary.record(late.id, late);
    const { phase }: CanaryPhase = canary.phase;
    if (phase === 'promoted') break;
    if (phase === 'rolled-back' && out < 0) out = canary.served.canary;
    if (phase === 'rolled-back' && canary.served.baseline > 2000 + out * 20) break;
  }
  return { canary, minutes: clock.now() / 60_000, after: out < 0 ? 0 : canary.served.canary - out };
}

const models = trainFraudModels(42);
const transactions = makeTransactions(createRng(9), 150_000);

heading('Project 6: fraud in five stages');
const good = roll('good', models.current, models.good, transactions);
const equal = roll('equal', models.current, models.equal, transactions);
const bad = roll('bad', models.current, models.bad, transactions);
const drilled = roll('drill', models.current, models.equal, transactions.slice(0, 1000)).canary;
const drill = await drilled.drill(
  transactions.slice(0, 20).map(({ row }) => row),
  'risk desk',
);
console.log(`\n${good.canary.toText()}\n`);

const health = good.canary.checkHealth();
const value = (name: string): number => health.metrics[name] ?? Number.NaN;
const before = health.baselineMetrics.honestValue ?? Number.NaN;
const checkOf = (name: string) => health.checks.find(({ metric }) => metric === name)!;
const phaseOf = ({ canary }: Rollout): string => canary.phase.phase;
const overall = (name: string): number => checkOf(name).estimate ?? Number.NaN;

heading('Target against measured');
const met = [
  target(
    'good model',
    'promoted',
    `${phaseOf(good)} after ${good.minutes.toFixed(0)} min`,
    phaseOf(good) === 'promoted',
  ),
  target('equal model', 'not rolled back', phaseOf(equal), phaseOf(equal) !== 'rolled-back'),
  target(
    'bad model',
    'rolled back',
    `${phaseOf(bad)}, ${bad.canary.served.canary} answers`,
    phaseOf(bad) === 'rolled-back',
  ),
  target(
    'false positives of the good model',
    'at most 0.5 %',
    percent(overall('falsePositives'), 2),
    overall('falsePositives') <= 0.005,
  ),
  target('detection of the good model', 'at least 85 %', percent(overall('detection')), overall('detection') >= 0.85),
  target(
    'honest value per transaction',
    'at least -5 %',
    `${dollars(value('honestValue'))} (was ${dollars(before)})`,
    value('honestValue') >= 0.95 * before,
  ),
  target('stages shorter than a minute', '0', String(shortStages(good)), shortStages(good) === 0),
  target('transactions to a canary that is out', '0', String(bad.after), bad.after === 0),
  target(
    'drill of the way back',
    'passes',
    `${drill.answered} of ${drill.inputs} answered, ${drill.toCanary} to the canary`,
    drill.passed,
  ),
];
if (met.includes(false)) process.exitCode = 1;

function shortStages({ canary }: Rollout): number {
  const times = canary.history.flatMap((event) =>
    event.type === 'transition' && event.to.phase === 'progressing' ? [event.at] : [],
  );
  return times.filter((at, i) => i > 0 && at - times[i - 1]! < 60_000).length;
}
