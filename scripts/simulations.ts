// Runs test/simulations/*.sim.ts: `npm run test:simulations [-- name …] [-- --full]`.
// A name filters by topic or by simulation. With --full the rows of what was run are replaced in docs/simulations.md.
import type { Simulation, SimulationResult, SimulationScale } from '../test/simulations/Simulation.ts';
import { discover, parseArguments } from './discover.ts';
import { formatMeasured, type Run, stamp, type TopicSimulation, writeReport } from './simulationReport.ts';

async function loadTopics(): Promise<readonly TopicSimulation[]> {
  const all: TopicSimulation[] = [];
  for (const { topic, url } of discover('test/simulations', '.sim.ts')) {
    const { simulations } = (await import(url)) as { simulations?: readonly Simulation[] };
    if (simulations === undefined || simulations.length === 0) {
      throw new Error(`test/simulations/${topic}.sim.ts exports no \`simulations\``);
    }
    all.push(...simulations.map((simulation) => ({ topic, simulation })));
  }
  const names = new Set(all.map(({ simulation }) => simulation.name));
  if (names.size < all.length) throw new Error('two simulations have the same name');
  return all;
}

const matches = ({ topic, simulation }: TopicSimulation, words: readonly string[]) =>
  words.length === 0 || words.some((word) => topic.includes(word) || simulation.name.includes(word));

/** A simulation that throws has failed, and the others still run. */
async function runOne(simulation: Simulation, scale: SimulationScale): Promise<SimulationResult> {
  try {
    return await simulation.run(scale);
  } catch (error) {
    console.error(error);
    return { measured: {}, passed: false, detail: `threw ${String(error)}` };
  }
}

async function runAll(chosen: readonly TopicSimulation[], scale: SimulationScale): Promise<readonly Run[]> {
  const runs: Run[] = [];
  let heading = '';
  for (const { topic, simulation } of chosen) {
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

async function main(): Promise<void> {
  const { flags, words } = parseArguments(process.argv.slice(2), ['--full']);
  const full = flags.has('--full');
  const when = stamp();
  const all = await loadTopics();
  const runs = await runAll(
    all.filter((entry) => matches(entry, words)),
    { full },
  );
  if (runs.length === 0) {
    console.error(words.length === 0 ? 'no simulations yet' : `no simulation matches ${words.join(' ')}`);
    process.exitCode = 1;
    return;
  }
  if (full) writeReport(runs, all, when);
  const failed = runs.filter((run) => !run.result.passed);
  const seconds = runs.reduce((sum, run) => sum + run.seconds, 0);
  console.log(`\n${runs.length - failed.length} of ${runs.length} claims hold (${seconds.toFixed(0)} s)`);
  for (const { topic, simulation } of failed) console.log(`FAIL  ${topic}: ${simulation.name}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}

await main();
