// A shadow answers everything behind the primary's back: a good one, and one that throws, hangs and spoils its input.
import { rmse } from 'coronate/metrics';
import { createRng } from 'coronate/random';
import { ShadowRunner } from 'coronate/shadow';
import { trainForest } from './lib/forest.ts';
import { trainLinear } from './lib/linear.ts';
import { fields, heading, table, target } from './lib/print.ts';
import { freshWafers, loadWafers } from './lib/wafer.ts';

const { train } = loadWafers();
const production = await trainForest(train.rows, train.yields, { trees: 10, maxDepth: 8 });
const linear = trainLinear(train.rows, train.yields);
let calls = 0;
const vandal = {
  predict(row: readonly number[]): number | Promise<number> {
    calls += 1;
    (row as number[])[0] = Number.NaN;
    if (calls % 3 === 0) throw new Error('no luck');
    return calls % 3 === 1 ? -1 : new Promise(() => undefined);
  },
};

const runner = new ShadowRunner({
  primary: production,
  shadows: { linear, vandal },
  metrics: [rmse()],
  seed: 42,
  cpuShare: 1,
  shadowTimeoutMs: 20,
  queue: { concurrency: 100 },
});
const wafers = freshWafers(createRng(9), 300);
let changed = 0;
wafers.rows.forEach((row, i) => {
  const { requestId, prediction } = runner.serve(row);
  if (prediction !== production.predict(row)) changed += 1;
  runner.record(requestId, wafers.yields[i]);
});
await runner.drain();

heading('What the shadows did');
const both = ['linear', 'vandal'].map((name) => runner.compare(name));
table(
  ['shadow', 'offered', 'compared', 'errors', 'timeouts', 'RMSE primary', 'RMSE shadow'],
  both.map(({ shadow, offered, compared, shadowErrors, shadowTimeouts, metrics: [error] }) => [
    shadow,
    offered,
    compared,
    shadowErrors,
    shadowTimeouts,
    error!.primary?.toFixed(3) ?? '',
    error!.shadow?.toFixed(3) ?? '',
  ]),
);
const [good, bad] = both as [(typeof both)[0], (typeof both)[0]];
fields({ 'answers that shadows changed': changed });
heading('Target against measured');
const lost = bad.offered - bad.compared - bad.incomparable - bad.waiting;
const met = [
  target('answers changed', '0', String(changed), changed === 0),
  target(
    'every request accounted for',
    '0 missing',
    String(lost),
    lost === Object.values(bad.dropped).reduce((a, b) => a + b, 0),
  ),
  target('the vandal is seen for what it is', '> 0 errors', String(bad.shadowErrors), bad.shadowErrors > 0),
  target(
    'the line is better than production',
    'lower RMSE',
    good.metrics[0]!.shadow!.toFixed(3),
    good.metrics[0]!.shadow! < good.metrics[0]!.primary!,
  ),
];
if (met.includes(false)) process.exitCode = 1;
