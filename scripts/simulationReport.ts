// docs/simulations.md, row by row: a full-size run replaces the rows of the simulations it ran and leaves the others as
// they stand, so that the topics can be run apart, on different days.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Simulation, SimulationResult } from '../test/simulations/Simulation.ts';
import { root } from './entries.ts';

/** One simulation with the topic (the file) that it is of. */
export interface TopicSimulation {
  readonly topic: string;
  readonly simulation: Simulation;
}

/** One simulation with what came of it. */
export interface Run extends TopicSimulation {
  readonly result: SimulationResult;
  readonly seconds: number;
}

const path = resolve(root, 'docs/simulations.md');
const head = '| simulation | claim | measured | how | holds | run |\n|---|---|---|---|---|---|';
const escapeCell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const row = (cells: readonly string[]) => `| ${cells.map(escapeCell).join(' | ')} |`;

/** Numbers as a reader compares them: four significant digits, no trailing noise. */
export function formatMeasured(measured: Readonly<Record<string, number>>): string {
  return Object.entries(measured)
    .map(([name, value]) => `${name} = ${Number.isInteger(value) ? value : Number(value.toPrecision(4))}`)
    .join(', ');
}

/** The day and the commit of this run; a plus says that the code measured was not committed as it was. */
export function stamp(): string {
  const git = (...words: string[]) => execFileSync('git', words, { cwd: root, encoding: 'utf8' }).trim();
  const changed = git('status', '--porcelain', '--', 'src', 'test/simulations') === '' ? '' : '+';
  return `${new Date().toISOString().slice(0, 10)}, ${git('rev-parse', '--short=7', 'HEAD')}${changed}`;
}

/** The rows of a report, by topic and simulation. */
function readRows(report: string): Map<string, string> {
  const rows = new Map<string, string>();
  let topic = '';
  for (const line of report.split('\n')) {
    if (line.startsWith('## ')) topic = line.slice(3);
    const name = /^\| (.*?[^\\]) \| /.exec(line)?.[1];
    if (name !== undefined && name !== 'simulation') rows.set(`${topic}/${name}`, line);
  }
  return rows;
}

const intro = `# Simulations

What the library claims of its statistics and strategies, measured by simulation at full size. Every figure is seeded: the
same commit gives the same figures. The rule that decides allows for the Monte Carlo standard error.

\`npm run test:simulations -- --full\` runs them all and writes this page; \`-- --full tests intervals\` runs the topics (or
single simulations) whose names contain one of these words and replaces their rows alone. The last column has the day and
the commit of the run, a plus where the tree held changes on top of it, and the seconds it took.`;

/** The report with the rows of `runs` replaced, the others kept, and those of simulations that no longer exist dropped. */
export function mergeReport(
  report: string,
  runs: readonly Run[],
  all: readonly TopicSimulation[],
  when: string,
): string {
  const rows = readRows(report);
  const key = (topic: string, name: string) => `${topic}/${escapeCell(name)}`;
  for (const { topic, simulation, result, seconds } of runs) {
    const holds = result.passed ? 'yes' : '**no**';
    const measured = formatMeasured(result.measured);
    const cells = [
      simulation.name,
      simulation.claim,
      measured,
      result.detail,
      holds,
      `${when}, ${seconds.toFixed(1)} s`,
    ];
    rows.set(key(topic, simulation.name), row(cells));
  }
  const lineOf = ({ topic, simulation: { name, claim } }: TopicSimulation) =>
    rows.get(key(topic, name)) ?? row([name, claim, 'not run yet', '', '', '']);
  const sections = [...new Set(all.map(({ topic }) => topic))].map((topic) => {
    const lines = all.filter((entry) => entry.topic === topic).map(lineOf);
    return `## ${topic}\n\n${head}\n${lines.join('\n')}\n`;
  });
  return `${intro}\n\n${sections.join('\n')}`;
}

/** Merges what was run into docs/simulations.md; `when` is the stamp of the start. */
export function writeReport(runs: readonly Run[], all: readonly TopicSimulation[], when: string): void {
  const report = existsSync(path) ? readFileSync(path, 'utf8') : '';
  writeFileSync(path, mergeReport(report, runs, all, when));
}
