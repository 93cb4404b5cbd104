// Runs bench/*.bench.ts and prints one table: `npm run bench [-- topic …]`. Peers: `npm --prefix bench ci` first.
// Benchmarks import from ../src: bench/ is a package of its own, so the library's name does not resolve in it.
import { discover, parseArguments } from '../scripts/discover.ts';
import type { BenchRow } from './BenchRow.ts';
import { listPeers } from './loadPeer.ts';

function formatTime(ns: number | undefined): string {
  if (ns === undefined) return '';
  if (ns < 1e3) return `${ns.toFixed(1)} ns`;
  if (ns < 1e6) return `${(ns / 1e3).toFixed(2)} us`;
  if (ns < 1e9) return `${(ns / 1e6).toFixed(2)} ms`;
  return `${(ns / 1e9).toFixed(2)} s`;
}

function table(rows: readonly BenchRow[]): string {
  const cells = rows.map((row) => [
    row.name,
    formatTime(row.ns),
    row.peer ?? '',
    formatTime(row.peerNs),
    row.ratio === undefined ? '' : `${row.ratio.toFixed(2)}x`,
    row.note ?? '',
  ]);
  const all = [['operation', 'ours', 'peer', 'theirs', 'theirs/ours', 'note'], ...cells];
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

async function main(): Promise<void> {
  const { words } = parseArguments(process.argv.slice(2), []);
  const topics = discover('bench', '.bench.ts').filter(
    ({ topic }) => words.length === 0 || words.some((word) => topic.includes(word)),
  );
  if (topics.length === 0) {
    console.error(words.length === 0 ? 'no benchmarks yet' : `no benchmark matches ${words.join(' ')}`);
    process.exitCode = 1;
  }
  for (const { topic, url } of topics) {
    const { bench } = (await import(url)) as { bench: () => Promise<readonly BenchRow[]> };
    console.log(`\n${topic}\n${table(await bench())}`);
  }
  const skipped = listPeers().filter((peer) => !peer.installed);
  if (skipped.length > 0) {
    console.log(
      `\nskipped peers, not installed (npm --prefix bench ci): ${skipped.map((peer) => peer.name).join(', ')}`,
    );
  }
}

await main();
