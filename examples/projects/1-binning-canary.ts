// Project 1: a new binning model for devices, rolled out in four stages with a gate before all of the traffic.
// A good, an equal and a bad model; and forty bad ones, to see how many devices they reach.
// Run: npm run example -- examples/projects/1-binning-canary.ts
import { CanaryDeployment, type CanaryPhase } from 'coronate/canary';
import { ManualClock } from 'coronate/core';
import { defineMetric, type Outcome } from 'coronate/metrics';
import { createRng } from 'coronate/random';
import { type Bin, type Device, makeDevices, revenue } from '../lib/data/binning.ts';
import type { Row } from '../lib/models.ts';
import { heading, percent, target } from '../lib/print.ts';
import { type BinningModel, trainBadBinning, trainBinningModels } from '../lib/train/binning.ts';

type Sale = Outcome<Row, Bin, Device>;

/** At least 98 % in the right bin. */
const accuracy = defineMetric({
  name: 'binAccuracy',
  kind: 'rate',
  direction: 'higher',
  value: ({ prediction, truth }: Sale) => truth !== undefined && prediction === truth.bin,
  role: 'goal',
  limit: { min: 0.98 },
  critical: true,
});

/** Revenue per device, at most 5 % below the baseline's. */
const revenuePerDevice = defineMetric({
  name: 'revenue',
  kind: 'mean',
  direction: 'higher',
  value: ({ prediction, truth }: Sale) =>
    truth === undefined || prediction === undefined ? undefined : revenue(prediction, truth.bin),
  role: 'guardrail',
  limit: { relative: 0.05 },
});

/** The share of devices sold as Premium: reported, decides nothing. */
const premium = defineMetric({
  name: 'premiumShare',
  kind: 'rate',
  direction: 'higher',
  due: 'serve',
  value: ({ prediction }: Sale) => prediction === 'Premium',
});

interface Rollout {
  readonly canary: CanaryDeployment<BinningModel, BinningModel>;
  readonly rollbackMs: number;
  /** The percentage at which the canary was when it was rolled back. */
  readonly at: number;
  readonly after: number;
  /** Of each model: devices, those sold as Premium, those in the right bin, and dollars. */
  readonly sold: Record<string, { n: number; premium: number; right: number; dollars: number }>;
}

/** A rollout over devices whose final test is 200 devices behind. */
function roll(name: string, baseline: BinningModel, next: BinningModel, devices: readonly Device[]): Rollout {
  const clock = new ManualClock(0);
  let at = 0;
  const canary = new CanaryDeployment({
    name,
    baseline,
    canary: next,
    stages: [10, 25, 50, { weight: 100, requireApproval: true }],
    metrics: [accuracy, revenuePerDevice, premium],
    hooks: { gate: ({ reason }) => console.log(`  ${name}: gate before 100 %:\n    ${reason}`) },
    seed: 42,
    clock,
  });
  const none = { n: 0, premium: 0, right: 0, dollars: 0 };
  const sold: Rollout['sold'] = { baseline: { ...none }, canary: { ...none } };
  const seen = { rolledBack: false, reached: 0, ms: 0 };
  for (const [i, device] of devices.entries()) {
    clock.advance(1000);
    if (!seen.rolledBack) at = canary.weight;
    const { answeredBy, prediction } = canary.serve(device.row, { id: device.id });
    const tally = sold[answeredBy]!;
    tally.n += 1;
    tally.premium += Number(prediction === 'Premium');
    tally.right += Number(prediction === device.bin);
    tally.dollars += revenue(prediction, device.bin);
    const started = performance.now();
    const late = devices[i - 200];
    if (late !== undefined) canary.record(late.id, late);
    const { phase }: CanaryPhase = canary.phase;
    if (phase === 'gated') canary.approve('quality engineer');
    if (phase === 'rolled-back' && !seen.rolledBack) {
      Object.assign(seen, { rolledBack: true, reached: canary.served.canary, ms: performance.now() - started });
    }
    if (phase === 'promoted') break;
  }
  return { canary, rollbackMs: seen.ms, at, after: canary.served.canary - seen.reached, sold };
}

const models = trainBinningModels(42);
const devices = makeDevices(createRng(7), 12_000);

heading('Project 1: binning in four stages');
const good = roll('good', models.current, models.good, devices);
const equal = roll('equal', models.current, models.equal, devices);
const bad = roll('bad', models.current, models.bad, devices);
const drilled = roll('drill', models.current, models.equal, devices.slice(0, 300)).canary;
const drill = await drilled.drill(
  devices.slice(0, 20).map(({ row }) => row),
  'quality engineer',
);
console.log(`\n${bad.canary.toText()}\n`);

const many = Array.from({ length: 40 }, (_, i) => {
  const rng = createRng(1000 + i);
  return roll(`bad ${i}`, models.current, trainBadBinning(i, 0.05), makeDevices(rng, 8000));
});
const early = many.filter(({ canary, at }) => canary.phase.phase === 'rolled-back' && at <= 25).length / many.length;
const { baseline: was, canary: is } = good.sold as Record<'baseline' | 'canary', Rollout['sold'][string]>;
const change = is.dollars / is.n / (was.dollars / was.n) - 1;
const phaseOf = ({ canary }: Rollout): string => canary.phase.phase;

heading('Target against measured');
const met = [
  target('good model', 'promoted', phaseOf(good), phaseOf(good) === 'promoted'),
  target('equal model', 'not rolled back', phaseOf(equal), phaseOf(equal) !== 'rolled-back'),
  target('bad model', 'rolled back', `${phaseOf(bad)} at ${bad.at} %`, phaseOf(bad) === 'rolled-back'),
  target('accuracy of the good model', 'at least 98 %', percent(is.right / is.n), is.right >= 0.98 * is.n),
  target('revenue against the baseline', 'at least -5 %', percent(change), change >= -0.05),
  target(
    'Premium share, good model',
    'no lower',
    `${percent(is.premium / is.n)} (was ${percent(was.premium / was.n)})`,
    is.premium / is.n >= was.premium / was.n,
  ),
  target('bad models caught by the 25 % stage', 'at least 95 %', `${percent(early)} of ${many.length}`, early >= 0.95),
  target('rollback time', 'under 1 s', `${bad.rollbackMs.toFixed(2)} ms, next request`, bad.rollbackMs < 1000),
  target(
    'devices to a canary that is out',
    '0',
    String(bad.after + many.reduce((sum, { after }) => sum + after, 0)),
    bad.after === 0 && many.every(({ after }) => after === 0),
  ),
  target(
    'drill of the way back',
    'passes',
    `${drill.answered} of ${drill.inputs} answered, ${drill.toCanary} to the canary`,
    drill.passed,
  ),
];
if (met.includes(false)) process.exitCode = 1;
