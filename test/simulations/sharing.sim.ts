import { ThompsonSampling } from '../../src/bandits/index.ts';
import { ManualClock } from '../../src/core/index.ts';
import { createRng } from '../../src/random/index.ts';
import { MemoryHub, share } from '../../src/sharing/index.ts';
import type { Simulation } from './Simulation.ts';

const RATES = [0.5, 0.45, 0.4, 0.4, 0.35];
const REQUESTS = 2000;
const REPLICAS = 4;

const arms = (): Record<string, { predict(luck: number): number }> =>
  Object.fromEntries(RATES.map((rate, i) => [`arm${i}`, { predict: (luck: number) => Number(luck < rate) }]));

/** The regret, and whether the best arm is named at the end, of so many replicas that talk every so many requests. */
async function play(seed: string, replicas: number, every: number): Promise<{ regret: number; best: number }> {
  const hub = new MemoryHub();
  // Time stands still: rounds happen where the loop says so, and nowhere else.
  const clock = new ManualClock(0);
  const traffic = createRng(seed);
  const team = await Promise.all(
    Array.from({ length: replicas }, async (_, i) => {
      const bandit = new ThompsonSampling({
        seed,
        clock,
        arms: arms(),
        reward: ({ prediction }) => Number(prediction),
      });
      const options = { replica: `r${i}`, clock };
      return { bandit, replica: replicas === 1 ? undefined : await share(bandit, hub, options) };
    }),
  );
  let regret = 0;
  for (let i = 0; i < REQUESTS; i += 1) {
    const { bandit } = team[i % replicas]!;
    const { variant } = bandit.serve(traffic.next(), { truth: 1 });
    regret += RATES[0]! - RATES[Number(variant.slice(3))]!;
    // After so many requests of the service; replicas take turns, as they would.
    const { replica } = team[i % replicas]!;
    if (replica !== undefined && Math.floor(i / replicas) % (every / replicas) === every / replicas - 1)
      await replica.exchange();
  }
  for (const { replica } of team) await replica?.exchange();
  for (const { replica } of team) await replica?.stop();
  return { regret, best: Number(team[0]!.bandit.bestArm() === 'arm0') };
}

interface Mean {
  readonly mean: number;
  readonly se: number;
  readonly best: number;
  /** Standard deviation of one run. */
  readonly sd: number;
}

async function measure(runs: number, replicas: number, every: number): Promise<Mean> {
  const played: { regret: number; best: number }[] = [];
  for (let run = 0; run < runs; run += 1) played.push(await play(`sharing/${run}`, replicas, every));
  const mean = played.reduce((sum, { regret }) => sum + regret, 0) / runs;
  const variance = played.reduce((sum, { regret }) => sum + (regret - mean) ** 2, 0) / (runs - 1);
  const sd = Math.sqrt(variance);
  return { mean, sd, se: sd / Math.sqrt(runs), best: played.reduce((sum, { best }) => sum + best, 0) / runs };
}

/** Regret of replicas that share, over how often they do. */
export const simulations: readonly Simulation[] = [
  {
    name: 'sharing/regret over flush intervals',
    claim:
      'four replicas that share every 100 requests regret no more than one process on the same traffic, within noise',
    run: async ({ full }) => {
      const runs = full ? 200 : 20;
      const one = await measure(runs, 1, 1);
      const measured: Record<string, number> = { 'one process': one.mean, 'one process, best named': one.best };
      let passed = false;
      const parts: string[] = [];
      for (const every of full ? [4, 20, 100, 400, 1200] : [20, 100, 400]) {
        const { mean, se, best } = await measure(runs, REPLICAS, every);
        const z = (mean - one.mean) / Math.hypot(se, one.se);
        measured[`every ${every}`] = mean;
        measured[`every ${every}, best named`] = best;
        parts.push(`${every}: ${mean.toFixed(1)} ± ${se.toFixed(1)} (z ${z.toFixed(1)})`);
        if (every === 100) passed = mean - one.mean < one.sd + 3 * Math.hypot(se, one.se);
      }
      const alone = await measure(runs, REPLICAS, REQUESTS * 2);
      measured.never = alone.mean;
      parts.push(`never: ${alone.mean.toFixed(1)} ± ${alone.se.toFixed(1)}`);
      // Replicas that never talk must be seen to be worse: else the comparison says nothing.
      const told = alone.mean - one.mean > 3 * Math.hypot(alone.se, one.se);
      const detail = `${runs} runs of ${REQUESTS} requests, regret ± SE, one process ${one.mean.toFixed(1)} ± ${one.se.toFixed(1)}; ${parts.join('; ')}; one run's SD ${one.sd.toFixed(1)}; rule: less than that more at 100, within 3 SE, and never talking is worse by more than 3 SE`;
      return { measured, passed: passed && told, detail };
    },
  },
];
