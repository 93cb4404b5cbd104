// The safest path as one object: shadow, A/B test, canary, production. A worse forest does not leave the shadow; an equal
// line is promoted, by a process that is killed in every step and goes on from its last snapshot with the same evidence.
// Run: npm run example -- examples/rollout.ts
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { nonInferiorityRule } from 'coronate/abtest';
import { FileStore } from 'coronate/adapters/file';
import { type Json, ManualClock, type Snapshot } from 'coronate/core';
import { absoluteError } from 'coronate/metrics';
import { createRng } from 'coronate/random';
import { Rollout, type RolloutOptions } from 'coronate/rollout';
import { trainForest } from './lib/forest.ts';
import { trainLinear } from './lib/linear.ts';
import type { RegressionModel } from './lib/models.ts';
import { heading, paragraph, table, target } from './lib/print.ts';
import { freshWafers, loadWafers } from './lib/wafer.ts';

const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 5);
const REQUESTS = 12_000;
const SAVE_EVERY = 40;

const { train } = loadWafers();
const half = { rows: train.rows.slice(0, 400), yields: train.yields.slice(0, 400) };
const line = trainLinear(train.rows, train.yields);
const equal = trainLinear(half.rows, half.yields);
const wafers = freshWafers(createRng(7), REQUESTS);

type Options = RolloutOptions<RegressionModel, RegressionModel>;

/** Shadow: no worse by 10 % on the same wafers. Test: no worse by 15 %. Canary: three stages, the last one approved. */
function optionsFor(candidate: RegressionModel, clock: ManualClock): Options {
  return {
    name: 'yield-model',
    seed: 42,
    clock,
    current: line,
    candidate,
    shadow: {
      cpuShare: 1,
      metrics: [absoluteError()],
      promotion: { minSamples: 500, minDurationMs: 0, minLabelled: 500, nonInferiority: { absoluteError: 0.12 } },
    },
    abTest: {
      metrics: [absoluteError({ role: 'guardrail', margin: { relative: 0.15 } })],
      decision: nonInferiorityRule(),
    },
    canary: { metrics: [absoluteError({ limit: { relative: 0.3 } })], stages: [10, 50, 100] },
    production: { requireApproval: true },
  };
}

type Wafers = Rollout<RegressionModel, RegressionModel>;

/** Request `i`, a minute after the one before; its yield is measured a hundred wafers later. */
function request(rollout: Wafers, clock: ManualClock, i: number): void {
  clock.advance(MINUTE);
  rollout.predict(wafers.rows[i]!, { id: `wafer-${i}`, unit: `lot-${i % 400}` });
  if (i >= 100) rollout.record(`wafer-${i - 100}`, wafers.yields[i - 100]!);
  // The person who approves, as soon as asked.
  if (rollout.phase.phase === 'gated') rollout.approve({ actor: 'ada', reason: 'looks good' });
}

const over = (rollout: Wafers): boolean => ['promoted', 'rejected'].includes(rollout.phase.phase);

/** All requests in one process, until it is over. */
function runWhole(candidate: RegressionModel): { readonly rollout: Wafers; readonly requests: number } {
  const clock = new ManualClock(START);
  const rollout = new Rollout(optionsFor(candidate, clock));
  let i = 0;
  for (; i < REQUESTS && !over(rollout); i += 1) request(rollout, clock, i);
  return { rollout, requests: i };
}

interface Saved {
  readonly next: number;
  readonly snapshot: Snapshot;
}

/** A process that serves until it is over or killed, and keeps its state in a folder. Says where it is after every save. */
async function work(folder: string): Promise<void> {
  const store = await FileStore.open(folder);
  const stored = await store.load('rollout');
  const saved = stored?.value as unknown as Saved | undefined;
  const from = saved?.next ?? 0;
  const clock = new ManualClock(START + from * MINUTE);
  const options = optionsFor(equal, clock);
  const rollout = saved === undefined ? new Rollout(options) : Rollout.restore(saved.snapshot, options);
  let version = stored?.version ?? 0;
  console.log(JSON.stringify({ resumed: from, step: rollout.status.step }));
  for (let i = from; i < REQUESTS && !over(rollout); i += 1) {
    request(rollout, clock, i);
    if ((i + 1) % SAVE_EVERY > 0 && !over(rollout)) continue;
    const value = { next: i + 1, snapshot: rollout.snapshot() } as unknown as Json;
    version = (await store.compareAndSet('rollout', version, value)).version;
    console.log(JSON.stringify({ served: i + 1, step: rollout.status.step }));
  }
  await store.close?.();
}

interface Life {
  readonly resumed: number;
  readonly step: string;
  readonly killedIn: string;
  readonly after: number;
}

/** One life of the worker: killed once it has saved three times in a step that it was not yet killed in. */
function live(folder: string, killed: Set<string>): Promise<Life> {
  const child = spawn(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), 'work', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let life: Life = { resumed: 0, step: '', killedIn: 'nobody', after: 0 };
  let saves = 0;
  createInterface({ input: child.stdout }).on('line', (text) => {
    const said = JSON.parse(text) as { resumed?: number; served?: number; step: string };
    if (said.resumed !== undefined) {
      life = { ...life, resumed: said.resumed, step: said.step };
      return;
    }
    saves = killed.has(said.step) || said.step === 'production' ? 0 : saves + 1;
    life = { ...life, after: said.served! };
    if (saves < 3) return;
    killed.add(said.step);
    life = { ...life, killedIn: said.step };
    child.kill('SIGKILL');
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (signal === 'SIGKILL' || code === 0) resolve(life);
      else reject(new Error(`the worker ended with code ${String(code)}`));
    });
  });
}

async function main(): Promise<void> {
  heading('A worse forest');
  const forest = await trainForest(half.rows, half.yields, { trees: 10, maxDepth: 5 });
  const worse = runWhole(forest);
  console.log(worse.rollout.toText());

  heading('An equal line, in one process');
  const whole = runWhole(equal);
  console.log(whole.rollout.toText());

  heading('The same, killed in every step');
  const folder = mkdtempSync(join(tmpdir(), 'coronate-rollout-'));
  const killed = new Set<string>();
  const lives: Life[] = [];
  try {
    do lives.push(await live(folder, killed));
    while (lives.at(-1)!.killedIn !== 'nobody' && lives.length < 10);
    table(
      ['process', 'resumed at', 'in step', 'killed in', 'after saving'],
      lives.map(({ resumed, step, killedIn, after }, i) => [i + 1, resumed, step, killedIn, after]),
    );
    const store = await FileStore.open(folder);
    const { snapshot, next } = (await store.load('rollout'))!.value as unknown as Saved;
    await store.close?.();
    const same = JSON.stringify(snapshot) === JSON.stringify(whole.rollout.snapshot());
    paragraph(
      'What a process had served since its last save was served again by the next one. Every number of the last snapshot, every outcome that still waits and every line of the audit log must be those of the process that nobody killed.',
    );
    const { phase } = worse.rollout;
    const steps = ['shadow', 'abTest', 'canary'];
    const met = [
      target(
        'the worse forest is rejected',
        'in shadow',
        phase.phase === 'rejected' ? `in shadow, ${worse.requests} requests` : phase.phase,
        phase.phase === 'rejected' && worse.rollout.abTest === undefined,
      ),
      target(
        'answers that it gave to callers',
        '0',
        String(worse.rollout.story().steps[1]!.report?.requests ?? 0),
        worse.rollout.story().steps[1]!.report === undefined,
      ),
      target(
        'the equal line is promoted',
        'promoted',
        `${whole.rollout.phase.phase}, ${whole.requests} requests`,
        whole.rollout.phase.phase === 'promoted',
      ),
      target(
        'killed by SIGKILL',
        'in every step',
        [...killed].join(', '),
        steps.every((step) => killed.has(step)),
      ),
      target('the same number of requests', String(whole.requests), String(next), next === whole.requests),
      target('the same evidence, byte for byte', 'equal', same ? 'equal' : 'different', same),
    ];
    if (met.includes(false)) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[2] === 'work') await work(process.argv[3]!);
else await main();
