// A service with a rollout in it, seen from outside: started on a free loopback port, driven by a client, asked for metrics,
// stopped in the middle, started again from its store, approved by a person.
// Run: npm run example -- examples/service/demo.ts
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OpenFeature } from '@openfeature/server-sdk';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { FileStore } from 'coronate/adapters/file';
import { createRng } from 'coronate/random';
import { trainForest } from '../lib/forest.ts';
import { trainLinear } from '../lib/linear.ts';
import { fields, heading, table, target } from '../lib/print.ts';
import { freshWafers, loadWafers } from '../lib/wafer.ts';
import { type LoadReport, sendLoad } from './load.ts';
import { createService, type Service } from './server.ts';

const { train } = loadWafers();
// The forest is in charge; the line, which is better, is to take its place.
const current = await trainForest(train.rows.slice(0, 400), train.yields.slice(0, 400), { trees: 10, maxDepth: 5 });
const candidate = trainLinear(train.rows, train.yields);
const models = { current, candidate };
const wafers = freshWafers(createRng(11), 12_000);
const folder = mkdtempSync(join(tmpdir(), 'coronate-service-'));
const exporter = new InMemorySpanExporter();
const tracer = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).getTracer('service');

async function start(): Promise<{ service: Service; url: string; store: FileStore }> {
  const store = await FileStore.open(folder);
  const service = await createService({ ...models, store, tracer });
  const url = await service.server.listen({ host: '127.0.0.1', port: 0 });
  return { service, url, store };
}

const get = async (url: string): Promise<string> => (await fetch(url)).text();
interface Status {
  readonly phase: string;
  readonly step?: string;
  readonly waitingFor: string;
  readonly progress: number;
}
const statusOf = async (url: string): Promise<Status> => JSON.parse(await get(`${url}/status`)) as Status;

/** The lines of the exposition format that a person would look for. */
function show(metrics: string, ...names: string[]): void {
  for (const line of metrics.split('\n')) {
    if (names.some((name) => line.startsWith(`coronate_${name}{`)) && !line.endsWith(' 0')) console.log(`  ${line}`);
  }
}

function showAnswers({ answers }: LoadReport): void {
  table(['answered in step by', 'requests'], Object.entries(answers).sort());
}

try {
  heading('Up, and in the shadow');
  let { service, url, store } = await start();
  const refused = await fetch(`${url}/predict`, {
    method: 'POST',
    body: '{"row":"x"}',
    headers: { 'content-type': 'application/json' },
  });
  const early = await fetch(`${url}/act`, {
    method: 'POST',
    body: '{"act":"approve","actor":"ada"}',
    headers: { 'content-type': 'application/json' },
  });
  const first = await sendLoad(url, wafers, models, {
    from: 0,
    to: 4000,
    until: async () => (await statusOf(url)).step === 'abTest',
  });
  showAnswers(first);
  fields({ 'waits for': (await statusOf(url)).waitingFor.slice(0, 56) });
  show(await get(`${url}/metrics`), 'phase', 'traffic_share', 'truths_total', 'shadow_requests');

  heading('Stopped, and started again');
  const before = service.rollout.status;
  const stopped = await service.stop();
  await store.close();
  ({ service, url, store } = await start());
  const after = service.rollout.status;
  fields({
    'shadows still waiting at the end': stopped.pending,
    'step before and after': `${before.step} / ${after.step}`,
    'requests known before and after': `${before.requests} / ${after.requests}`,
  });

  heading('A/B test and canary, until a person is asked');
  const second = await sendLoad(url, wafers, models, {
    from: first.requests,
    to: 12_000,
    until: async () => (await statusOf(url)).phase !== 'running',
  });
  showAnswers(second);
  const gated = await statusOf(url);
  fields({ 'waits for': gated.waitingFor });

  heading('Approved, and asked through OpenFeature');
  const approved = await fetch(`${url}/act`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ act: 'approve', actor: 'ada', reason: 'looks good' }),
  });
  await OpenFeature.setProviderAndWait(service.provider);
  const client = OpenFeature.getClient();
  const row = [...wafers.rows[0]!];
  const details = await client.getNumberDetails('yield-model', 0, { targetingKey: 'lot-1', row });
  client.track('coronate.truth', {}, { requestId: String(details.flagMetadata.requestId), value: wafers.yields[0]! });
  fields({ variant: String(details.variant), reason: String(details.reason), value: details.value.toFixed(2) });
  const metrics = await get(`${url}/metrics`);
  show(metrics, 'phase', 'traffic_share', 'rollout_progress');
  const story = await get(`${url}/story`);
  console.log(`\n${story.split('\n').slice(0, 10).join('\n')}`);
  const [span] = exporter.getFinishedSpans().slice(-1);
  await OpenFeature.close();
  await service.stop();
  await store.close();

  heading('What it must show');
  const reports = [first, second];
  const sum = (of: (report: LoadReport) => number): number => reports.reduce((total, report) => total + of(report), 0);
  const recorded = sum(({ truths }) => truths.recorded ?? 0);
  const met = [
    target(
      'bad input, early approval',
      '400, 409',
      `${refused.status}, ${early.status}`,
      refused.status === 400 && early.status === 409,
    ),
    target('requests that failed', '0', String(sum(({ failed }) => failed)), sum(({ failed }) => failed) === 0),
    target(
      'answers of another model than named',
      '0',
      String(sum(({ wrong }) => wrong)),
      sum(({ wrong }) => wrong) === 0,
    ),
    target(
      'truths recorded',
      String(sum(({ requests }) => requests)),
      String(recorded),
      recorded === sum(({ requests }) => requests),
    ),
    target(
      'same step after the restart',
      'abTest',
      String(after.step),
      after.step === 'abTest' && before.requests === after.requests,
    ),
    target('waits for a person', 'gated', gated.phase, gated.phase === 'gated'),
    target(
      'promoted by her word',
      '200, candidate',
      `${approved.status}, ${String(details.variant)}`,
      approved.ok && details.variant === 'candidate',
    ),
    target(
      'spans',
      'one a request',
      String(exporter.getFinishedSpans().length),
      exporter.getFinishedSpans().length === sum(({ requests }) => requests) && span !== undefined,
    ),
    target(
      'metrics say promoted',
      '1',
      /coronate_phase\{strategy="yield-model",phase="promoted"\} 1/.test(metrics) ? '1' : '0',
      metrics.includes('coronate_phase{strategy="yield-model",phase="promoted"} 1'),
    ),
  ];
  if (met.includes(false)) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
