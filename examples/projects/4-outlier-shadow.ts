// Project 4: a new outlier detector watches a week of production before anybody relies on it.
// Run: npm run example -- examples/projects/4-outlier-shadow.ts
import { ManualClock } from 'coronate/core';
import { createRng } from 'coronate/random';
import { type PromotionGate, type ShadowComparison, ShadowRunner } from 'coronate/shadow';
import { makeOutlierDevices } from '../lib/data/outliers.ts';
import type { BinaryModel, Row } from '../lib/models.ts';
import { fields, heading, paragraph, percent, table, target } from '../lib/print.ts';
import { trainOutlierModels } from '../lib/train/outliers.ts';

const DAY = 86_400_000;
const PER_DAY = 1700;
const DAYS = 7;

interface Answer {
  readonly score: number;
  readonly outlier: boolean;
}

/** A detector as the line asks it: the probability of a defect, and what follows from it. */
const detector = (model: BinaryModel, version: string) => ({
  version,
  predict: (row: Row): Answer => ({ score: model.probability(row), outlier: model.predict(row) === 1 }),
});

const models = trainOutlierModels(42);
const production = detector(models.production, 'trained on 1,500 devices');
const devices = makeOutlierDevices(createRng(7), DAYS * PER_DAY);

const clock = new ManualClock(Date.UTC(2026, 10, 2));
const runner = new ShadowRunner({
  name: 'outlier-detection',
  primary: production,
  shadows: {
    careful: detector(models.good, 'trained on 15,000 devices, flags from 0.9'),
    eager: detector(models.eager, 'trained on 15,000 devices, flags from 0.2'),
  },
  classification: {
    score: ({ score }: Answer) => score,
    positive: ({ outlier }: Answer) => outlier,
  },
  compare: (a, b) => a.outlier === b.outlier,
  promotion: {
    minSamples: 10_000,
    minDurationMs: 7 * DAY,
    minLabelled: 10_000,
    precision: { above: 0.95 },
    falsePositiveRate: { below: 0.01 },
    errorRate: { below: 0.001 },
    // A flag that is always right and never raised would pass all of that.
    superiority: { recall: 0 },
  },
  expiresAt: clock.now() + 7 * DAY,
  // The week is replayed in seconds: shadows may use all of the core. A service leaves the default of 1 %.
  cpuShare: 1,
  seed: 42,
  clock,
});

// A week of production. Final test finds the truth about each device a week later; somebody looks every evening.
let changed = 0;
const looks: string[][] = [];
const look = (day: number): void => {
  const [careful, eager] = ['careful', 'eager'].map((name) => runner.promotion(name));
  const { labelled } = runner.compare('careful');
  looks.push([String(day), String(labelled), careful!.decision, eager!.decision]);
};
for (let day = 1; day <= 2 * DAYS; day += 1) {
  const today = devices.slice((day - 1) * PER_DAY, day * PER_DAY);
  for (const device of today) {
    const { prediction } = runner.serve(device.row, { id: device.id });
    const alone = production.predict(device.row);
    if (prediction.score !== alone.score || prediction.outlier !== alone.outlier) changed += 1;
    clock.advance(DAY / PER_DAY);
  }
  const tested = devices.slice((day - 1 - DAYS) * PER_DAY, (day - DAYS) * PER_DAY);
  if (today.length === 0) for (const device of tested) runner.record(device.id, device.outlier);
  if (today.length === 0) clock.advance(DAY);
  if (day % 2 === 0) look(day);
}
await runner.drain();

heading('Project 4: outlier detection, one week in the shadow');
paragraph('Decisions at each look. Truths come a week late: nothing is promoted before.');
table(['day', 'labelled', 'careful', 'eager'], looks);

const side = ({ classification }: ShadowComparison, which: 'primary' | 'shadow') => classification![which];
const value = (result: { status: string; estimate?: number }): string =>
  result.status === 'ok' ? percent(result.estimate!, 2) : 'n/a';
const careful = runner.compare('careful');
const eager = runner.compare('eager');
heading('What the week has shown');
table(
  ['', 'production', 'careful', 'eager'],
  (['precision', 'recall', 'falsePositiveRate', 'f1', 'accuracy'] as const).map((metric) => [
    metric,
    value(side(careful, 'primary')[metric]),
    value(side(careful, 'shadow')[metric]),
    value(side(eager, 'shadow')[metric]),
  ]),
);
fields({
  'compared with production': careful.compared,
  'careful and production agree on': percent(careful.agreement!, 2),
  'p of the McNemar test, careful':
    careful.classification!.mcnemar.status === 'ok' ? careful.classification!.mcnemar.pValue.toExponential(1) : 'n/a',
});

const verdicts = { careful: runner.promotion('careful'), eager: runner.promotion('eager') };
heading('Gates');
for (const [name, { decision, gates }] of Object.entries(verdicts)) {
  console.log(`  ${name}: ${decision}`);
  for (const { verdict, message } of gates)
    console.log(`    ${{ pass: '+', fail: 'x', inconclusive: '?' }[verdict]} ${message}`);
}

const gate = (gates: readonly PromotionGate[], name: string): PromotionGate => gates.find((one) => one.name === name)!;
const precision = gate(verdicts.careful.gates, 'precision');
const alarms = gate(verdicts.careful.gates, 'falsePositiveRate');
const dropped = Object.values(careful.dropped).reduce((a, b) => a + b, 0);
heading('Target against measured');
const met = [
  target('devices compared', 'at least 10,000', careful.compared.toLocaleString('en-US'), careful.compared >= 10_000),
  target(
    'days in the shadow',
    '7',
    String((careful.times.last! - careful.times.first!) / DAY > 6.9 ? 7 : 0),
    careful.times.last! - careful.times.first! > 6.9 * DAY,
  ),
  target('answers changed', '0', String(changed), changed === 0),
  target('devices dropped', '0', String(dropped), dropped === 0),
  target('precision, lower bound', 'above 95 %', percent(precision.bound!, 2), precision.bound! > 0.95),
  target('false positives, upper bound', 'below 1 %', percent(alarms.bound!, 3), alarms.bound! < 0.01),
  target('the careful detector', 'promoted', verdicts.careful.decision, verdicts.careful.decision === 'promote'),
  target('the eager one', 'not promoted', verdicts.eager.decision, verdicts.eager.decision !== 'promote'),
];
if (met.includes(false)) process.exitCode = 1;
