// A canary in a few lines: three rollouts of the same configuration, with a pager hook, a drill and a forecast.
// Run: npm run example -- examples/canary.ts
import { CanaryDeployment, simulateRollout } from 'coronate/canary';
import { ManualClock } from 'coronate/core';
import { createRng, normal } from 'coronate/random';
import { heading, percent, target } from './lib/print.ts';

const stages = [10, 25, 50, 100];

/** A model that takes about 10 ms, with errors of a deviation of `sd`. */
function noisy(sd: number, seed: number, clock: ManualClock): { predict(input: number): number } {
  const rng = createRng(seed);
  return {
    predict: (x) => {
      clock.advance(8 + 4 * rng.next());
      return x + sd * normal(rng);
    },
  };
}

async function roll(name: string, sd: number) {
  const clock = new ManualClock(Date.UTC(2026, 0, 1));
  const canary = new CanaryDeployment({
    name,
    baseline: noisy(1, 1, clock),
    canary: noisy(sd, 2, clock),
    stages,
    seed: 42,
    clock,
    // A pager or a chat message in three lines.
    hooks: { rollback: ({ weight, reason }) => console.log(`  pager: ${name} rolled back to ${weight} %: ${reason}`) },
  });
  const drill = await canary.drill([1, 2, 3], 'example');
  for (let i = 0; i < 20_000 && !['promoted', 'rolled-back'].includes(canary.phase.phase); i += 1) {
    clock.advance(50);
    canary.predict(i, { id: `r${i}` });
    // The truth comes a hundred requests later.
    if (i >= 100) canary.record(`r${i - 100}`, i - 100);
  }
  return { canary, drill };
}

heading('Three rollouts');
const good = await roll('good', 0.9);
const equal = await roll('equal', 1);
const bad = await roll('bad', 1.6);
console.log(`\n${bad.canary.toText()}`);

heading('What the configuration would do');
const healthy = simulateRollout({ stages }, { truthDelay: 100 }, { runs: 60 });
const worse = simulateRollout({ stages }, { worse: 1.5, truthDelay: 100 }, { runs: 60 });
const met = [
  target(
    'good, equal promoted',
    'both',
    `${good.canary.status.phase}, ${equal.canary.status.phase}`,
    [good, equal].every(({ canary }) => canary.phase.phase === 'promoted'),
  ),
  target(
    'bad is out',
    'within 300',
    `${bad.canary.served.canary} canary answers`,
    bad.canary.phase.phase === 'rolled-back' && bad.canary.served.canary <= 300,
  ),
  target(
    'drills',
    'all pass',
    `${[good, equal, bad].filter(({ drill }) => drill.passed).length} of 3`,
    [good, equal, bad].every(({ drill }) => drill.passed),
  ),
  target('healthy models rolled back', 'at most 5 %', percent(healthy.rollbackRate), healthy.rollbackRate <= 0.05),
  target('models 50 % worse caught', 'at least 95 %', percent(worse.rollbackRate), worse.rollbackRate >= 0.95),
];
if (met.includes(false)) process.exitCode = 1;
