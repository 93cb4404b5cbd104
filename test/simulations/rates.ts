import { createRng, type Rng } from '../../src/random/index.ts';
import type { SimulationResult } from './Simulation.ts';

/** A relative frequency with its Monte Carlo standard error. */
export interface Rate {
  readonly value: number;
  readonly error: number;
}

/** How often something happens in `runs` seeded trials. */
export function rateOf(runs: number, seed: string, trial: (rng: Rng) => boolean): Rate {
  const rng = createRng(seed);
  let count = 0;
  for (let run = 0; run < runs; run += 1) if (trial(rng.fork(run))) count += 1;
  const value = count / runs;
  // One success more and one failure more, so that a rate of 0 has an error too.
  const smoothed = (count + 1) / (runs + 2);
  return { value, error: Math.sqrt((smoothed * (1 - smoothed)) / runs) };
}

/** One rule on one rate. */
export interface Check {
  readonly name: string;
  readonly rate: Rate;
  /** At most, at least or close to `target`; `slack` is what theory itself leaves open. */
  readonly rule: 'at most' | 'at least' | 'close to';
  readonly target: number;
  readonly slack?: number;
}

function holds({ rate, rule, target, slack = 0 }: Check): boolean {
  const margin = 3.5 * rate.error + slack;
  if (rule === 'at most') return rate.value <= target + margin;
  if (rule === 'at least') return rate.value >= target - margin;
  return Math.abs(rate.value - target) <= margin;
}

/** The result of a simulation that checks rates: passed where all rules hold within 3.5 standard errors. */
export function checkRates(runs: number, checks: readonly Check[]): SimulationResult {
  const failed = checks.filter((check) => !holds(check)).map(({ name }) => name);
  const rules = checks
    .map(
      ({ name, rule, target, slack }) =>
        `${name} ${rule} ${Number(target.toPrecision(4))}${slack ? ` ± ${slack}` : ''}`,
    )
    .join('; ');
  return {
    measured: Object.fromEntries(checks.map(({ name, rate }) => [name, rate.value])),
    passed: failed.length === 0,
    detail: `${runs} runs; ${rules}; within 3.5 standard errors${failed.length > 0 ? `; FAILED: ${failed.join(', ')}` : ''}`,
  };
}
