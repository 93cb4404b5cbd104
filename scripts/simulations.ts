// Runs test/simulations/*.sim.ts: `npm run test:simulations [-- name …] [-- --full]`.
// A name filters by topic or by simulation. With --full and no filter the report docs/simulations.md is rewritten.
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Simulation, SimulationResult, SimulationScale } from '../test/simulations/Simulation.ts';
import { discover, parseArguments } from './discover.ts';

/** One simulation with what came of it. */
interface Run {
  readonly topic: string;
  readonly simulation: Simulation;
  readonly result: SimulationResult;
  readonly seconds: number;
}

/** Numbers as a reader compares them: four significant digits, no trailing noise. */
function formatMeasured(measured: Record<string, number>): string {
  return Object.entries(measured)
    .map(([name, value]) => `${name} = ${Number.isInteger(value) ? value : Number(value.toPrecision(4))}`)
    .join(', ');
}

async function loadTopics(words: readonly string[]): Promise<readonly { topic: string; simulation: Simulation }[]> {
  const all: { topic: string; simulation: Simulation }[] = [];
  for (const { topic, url } of discover('test/simulations', '.sim.ts')) {
    const { simulations } = (await import(url)) as { simulations?: readonly Simulation[] };
    if (simulations === undefined || simulations.length === 0) {
      throw new Error(`test/simulations/${topic}.sim.ts exports no \`simulations\``);
    }
    all.push(...simulations.map((simulation) => ({ topic, simulation })));
  }
  const names = new Set(all.map(({ simulation }) => simulation.name));
  if (names.size < all.length) throw new Error('two simulations have the same name');
  return all.filter(
    ({ topic, simulation }) =>
      words.length === 0 || words.some((word) => topic.includes(word) || simulation.name.includes(word)),
  );
}

/** A simulation that throws has failed, and the others still run. */
async function runOne(simulation: Simulation, scale: SimulationScale): Promise<SimulationResult> {
  try {
    return await simulation.run(scale);
  } catch (error) {
    console.error(error);
    return { measured: {}, passed: false, detail: `threw ${String(error)}` };
  }
}

async function runAll(words: readonly string[], scale: SimulationScale): Promise<readonly Run[]> {
  const runs: Run[] = [];
  let heading = '';
  for (const { topic, simulation } of await loadTopics(words)) {
    if (topic !== heading) console.log(`\n${topic}`);
    heading = topic;
    const start = performance.now();
    const result = await runOne(simulation, scale);
    const seconds = (performance.now() - start) / 1000;
    runs.push({ topic, simulation, result, seconds });
    console.log(`  ${result.passed ? 'pass' : 'FAIL'}  ${simulation.name}  (${seconds.toFixed(1)} s)`);
    console.log(`        claim     ${simulation.claim}`);
    console.log(`        measured  ${formatMeasured(result.measured)}`);
    console.log(`        detail    ${result.detail}`);
  }
  return runs;
}

/** The report has no times in it: the same seeds give the same file, so that a change of a figure shows in the diff. */
function report(runs: readonly Run[]): string {
  const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  const sections = [...new Set(runs.map((run) => run.topic))].map((topic) => {
    const rows = runs
      .filter((run) => run.topic === topic)
      .map(({ simulation, result }) =>
        [
          simulation.name,
          simulation.claim,
          formatMeasured(result.measured),
          result.detail,
          result.passed ? 'yes' : '**no**',
        ]
          .map(cell)
          .join(' | '),
      );
    const head = '| simulation | claim | measured | how | holds |\n|---|---|---|---|---|';
    return `## ${topic}\n\n${head}\n${rows.map((row) => `| ${row} |`).join('\n')}\n`;
  });
  const intro = `What the library claims of its statistics, measured by simulation at full size. Every figure is seeded;
the rule that decides allows for the Monte Carlo standard error. Written by \`npm run test:simulations -- --full\`.`;
  return `# Simulations\n\n${intro}\n\n${sections.join('\n')}`;
}

async function main(): Promise<void> {
  const { flags, words } = parseArguments(process.argv.slice(2), ['--full']);
  const full = flags.has('--full');
  const runs = await runAll(words, { full });
  if (runs.length === 0) {
    console.error(words.length === 0 ? 'no simulations yet' : `no simulation matches ${words.join(' ')}`);
    process.exitCode = 1;
    return;
  }
  if (full && words.length === 0) writeFileSync(resolve(import.meta.dirname, '../docs/simulations.md'), report(runs));
  const failed = runs.filter((run) => !run.result.passed);
  const seconds = runs.reduce((sum, run) => sum + run.seconds, 0);
  console.log(`\n${runs.length - failed.length} of ${runs.length} claims hold (${seconds.toFixed(0)} s)`);
  for (const { topic, simulation } of failed) console.log(`FAIL  ${topic}: ${simulation.name}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}

await main();
