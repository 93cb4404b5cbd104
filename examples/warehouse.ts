// Outcome logs analysed where they lie: a test writes its outcomes as lines of JSON, a database sums them up in SQL, and
// `ABTest.fromSummary` concludes what the running test concluded itself.
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { ABTest } from 'coronate/abtest';
import { absoluteError } from 'coronate/metrics';
import { createRng } from 'coronate/random';
import { trainForest } from './lib/forest.ts';
import { trainLinear } from './lib/linear.ts';
import { fields, heading, paragraph, table, target } from './lib/print.ts';
import { freshWafers, loadWafers } from './lib/wafer.ts';

const { train } = loadWafers();
const linear = trainLinear(train.rows, train.yields);
const forest = await trainForest(train.rows, train.yields, { trees: 20, maxDepth: 8 });
const wafers = freshWafers(createRng(11), 3000);
const folder = mkdtempSync(join(tmpdir(), 'coronate-warehouse-'));
const database = await PGlite.create();

interface SqlRow {
  readonly variant: string;
  readonly n: string;
  readonly sum: number;
  readonly sum_squares: number;
}

/** Sums by variant, computed by PostgreSQL from the lines. */
async function sumUp(table: string, log: string): Promise<Map<string, { n: number; sum: number; sumSquares: number }>> {
  await database.exec(`CREATE TABLE ${table} (line jsonb NOT NULL)`);
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
  await database.query(`INSERT INTO ${table} SELECT value FROM jsonb_array_elements($1::jsonb)`, [
    `[${lines.join(',')}]`,
  ]);
  const { rows } = await database.query<SqlRow>(`
    SELECT variant, count(*) AS n, sum(error) AS sum, sum(error * error) AS sum_squares
    FROM (
      SELECT line->>'variant' AS variant,
             abs((line->>'prediction')::float8 - (line->>'truth')::float8) AS error
      FROM ${table}
      WHERE line->>'truth' IS NOT NULL
    ) AS errors
    GROUP BY variant`);
  return new Map(
    rows.map(({ variant, n, sum, sum_squares }) => [variant, { n: Number(n), sum, sumSquares: sum_squares }]),
  );
}

/** Serves the wafers, logs every outcome as a line, and has both sides conclude. */
async function run(title: string, name: string, challenger: typeof linear) {
  const log = join(folder, `${name}.ndjson`);
  const test = new ABTest({
    name,
    seed: 42,
    champion: linear,
    challenger: { model: challenger, trafficShare: 0.5 },
    metrics: [absoluteError({ role: 'goal', minEffect: { relative: 0.05 } })],
  });
  const lines: string[] = [];
  wafers.rows.forEach((row, i) => {
    const { requestId, variant, prediction } = test.serve(row);
    // Every tenth truth never comes: neither side may count it.
    const truth = i % 10 === 9 ? null : wafers.yields[i]!;
    if (truth !== null) test.record(requestId, truth);
    lines.push(JSON.stringify({ requestId, variant, prediction, truth }));
  });
  appendFileSync(log, `${lines.join('\n')}\n`);
  const sums = await sumUp(name, log);
  const [metric] = test.summary().comparisons;
  const inProcess = test.statisticalTest(metric!.metric);
  const inSql = ABTest.fromSummary({
    champion: sums.get('champion')!,
    challenger: sums.get('challenger')!,
    metric: metric!.metric,
    direction: 'lower',
    trafficShare: 0.5,
  });
  if (inProcess.status !== 'ok' || inSql.status !== 'ok') throw new Error('too few data');
  heading(title);
  const cells = (result: typeof inSql) => [...result.n, result.estimate, ...result.interval, result.pValue];
  const short = (values: readonly number[]) => values.map((value) => Number(value.toPrecision(8)));
  table(
    ['', 'n old', 'n new', 'improvement', 'from', 'to', 'p'],
    [
      ['in process', ...short(cells(inProcess))],
      ['in SQL', ...short(cells(inSql))],
    ],
  );
  const [ours, theirs] = [cells(inProcess), cells(inSql)];
  const apart = Math.max(...ours.map((value, i) => Math.abs(value - theirs[i]!) / Math.max(Math.abs(value), 1e-300)));
  return { apart, pValue: inSql.pValue, estimate: inSql.estimate, lines: lines.length };
}

const worse = await run('A worse model', 'forest', forest as typeof linear);
const placebo = await run('Placebo: the champion against itself', 'placebo', { ...linear });
fields({ database: 'PostgreSQL (PGlite, in this process)', lines: worse.lines + placebo.lines });
heading('Target against measured');
const met = [
  target('SQL equals the process, forest', '1e-12', worse.apart.toExponential(1), worse.apart <= 1e-12),
  target('SQL equals the process, placebo', '1e-12', placebo.apart.toExponential(1), placebo.apart <= 1e-12),
  target(
    'the worse model is found worse',
    'p < 0.05',
    worse.pValue.toPrecision(2),
    worse.pValue < 0.05 && worse.estimate < 0,
  ),
  target('the placebo is not', 'p > 0.05', placebo.pValue.toPrecision(2), placebo.pValue > 0.05),
];
paragraph('Counts, sums and sums of squares are all that a mean needs: they add up in any engine, in any order.');
await database.close();
rmSync(folder, { recursive: true });
if (met.includes(false)) process.exitCode = 1;
