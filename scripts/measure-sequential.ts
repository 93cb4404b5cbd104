// Writes scripts/accuracy/sequential.json, the false alarms of the sequential methods at full size, which
// sequential.section.ts puts on docs/accuracy.md (about ten minutes):
// npx tsx --conditions=@coronate/source scripts/measure-sequential.ts
import { writeFileSync } from 'node:fs';
import type { Simulation } from '../test/simulations/Simulation.ts';
import { simulations as asymptotic } from '../test/simulations/sequential.sim.ts';
import { simulations as counts } from '../test/simulations/sequentialCounts.sim.ts';
import { simulations as exact } from '../test/simulations/sequentialExact.sim.ts';
import { simulations as quantiles } from '../test/simulations/sequentialQuantiles.sim.ts';

const list: readonly Simulation[] = [...asymptotic, ...exact, ...counts, ...quantiles].filter(
  ({ name }) => name !== 'e-BH',
);
const results: Record<string, { measured: Record<string, number>; detail: string }> = {};
for (const simulation of list) {
  const start = performance.now();
  const { measured, passed, detail } = await simulation.run({ full: true });
  results[simulation.name] = { measured, detail };
  console.log(
    `${passed ? 'pass' : 'FAIL'}  ${simulation.name}  (${((performance.now() - start) / 1000).toFixed(0)} s)`,
  );
  console.log(`      ${JSON.stringify(measured)}`);
  if (!passed) process.exitCode = 1;
}
writeFileSync(new URL('./accuracy/sequential.json', import.meta.url), `${JSON.stringify(results, null, 2)}\n`);
