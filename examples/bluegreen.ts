// A blue-green deployment: green is warmed, tested and compared with blue before anybody sees it; the switch happens
// between two requests; whatever goes wrong within the window goes back by itself.
// Run: npm run example -- examples/bluegreen.ts
import { BlueGreenDeployment } from 'coronate/bluegreen';
import { ManualClock } from 'coronate/core';
import { createRng, normal } from 'coronate/random';
import { heading, target } from './lib/print.ts';

/** A model that takes about 10 ms, with errors of a deviation of `sd`; `break()` makes it throw from then on. */
function noisy(sd: number, seed: number, clock: ManualClock) {
  const rng = createRng(seed);
  let broken = false;
  return {
    predict(input: number): number {
      clock.advance(8 + 4 * rng.next());
      if (broken) throw new Error('out of memory');
      return input + sd * normal(rng);
    },
    break: () => {
      broken = true;
    },
  };
}

async function deploy(name: string, sd: number, more: { readonly autoSwitch?: boolean } = { autoSwitch: true }) {
  const clock = new ManualClock(Date.UTC(2026, 0, 1));
  const green = noisy(sd, 2, clock);
  const deployment = new BlueGreenDeployment({
    name,
    blue: noisy(1, 1, clock),
    green,
    warmUp: [0, 0, 0],
    smokeTests: [{ name: 'near zero', input: 0, accept: (y: number) => Math.abs(y) < 10 }],
    gates: ['switch'],
    windowMs: 60_000,
    seed: 42,
    clock,
    ...more,
    hooks: {
      // The gate's answer may be a promise: a form, a chat message, a pull request.
      gate: async ({ gate }) => gate === 'switch',
      // A pager in three lines.
      returned: ({ reason }) => {
        console.log(`  pager: ${name} is back on blue:\n    ${reason}`);
      },
    },
  });
  await deployment.prepare('example');
  let wrong = 0;
  const serve = async (n: number): Promise<void> => {
    for (let i = 0; i < n; i += 1) {
      clock.advance(50);
      if (!Number.isFinite(deployment.predict(i, { truth: i }))) wrong += 1;
      await deployment.hooksSettled();
    }
  };
  return { deployment, clock, green, serve, wrong: () => wrong };
}

heading('Four greens');
const good = await deploy('good', 0.9);
await good.serve(2000);
const bad = await deploy('bad', 1.6);
await bad.serve(2000);
// Forced past the judge, a bad green is seen by callers until the judge has proof, and no longer.
const forced = await deploy('forced', 1.6, { autoSwitch: false });
forced.deployment.switch({ force: true }, 'somebody in a hurry');
await forced.serve(2000);
// A good green that breaks after the switch.
const fragile = await deploy('fragile', 0.9);
await fragile.serve(800);
const before = fragile.deployment.status.served.green;
fragile.green.break();
await fragile.serve(200);
const after = fragile.deployment.status.served.green - before;
console.log(`\n${good.deployment.toText()}\n`);
console.log(`${forced.deployment.toText()}\n`);

heading('Target against measured');
const of = ({ deployment }: { readonly deployment: { readonly status: { readonly phase: string } } }) =>
  deployment.status.phase;
const seen = forced.deployment.status.served.green;
const unanswered = [good, bad, forced, fragile].reduce((sum, { wrong }) => sum + wrong(), 0);
const met = [
  target('good green', 'settled', of(good), of(good) === 'settled'),
  target(
    'bad green',
    'seen by nobody',
    `${of(bad)}, ${bad.deployment.status.served.green} answers`,
    bad.deployment.status.served.green === 0,
  ),
  target(
    'bad green, forced',
    'back by itself',
    `${of(forced)} after ${seen} answers`,
    of(forced) === 'returned' && seen <= 150,
  ),
  target(
    'green that breaks',
    'out after 8 calls',
    `${of(fragile)} after ${after}`,
    of(fragile) === 'returned' && after <= 8,
  ),
  target('callers without an answer', '0', String(unanswered), unanswered === 0),
];
if (met.includes(false)) process.exitCode = 1;
