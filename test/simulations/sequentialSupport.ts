import { createRng, exponential, normal, type Rng } from '../../src/random/index.ts';
import type { SimulationResult, SimulationScale } from './Simulation.ts';

/** A distribution to draw from, with its mean. */
export interface Source {
  readonly name: string;
  readonly mean: number;
  draw(rng: Rng): number;
}

const bernoulli = (p: number): Source => ({
  name: `bernoulli ${p}`,
  mean: p,
  draw: (rng) => (rng.next() < p ? 1 : 0),
});

export const sources = {
  normal: { name: 'normal', mean: 0, draw: normal } as Source,
  /** Away from zero, for ratios. */
  shifted: { name: 'normal(3, 1)', mean: 3, draw: (rng) => 3 + normal(rng) } as Source,
  exponential: { name: 'exponential', mean: 1, draw: (rng) => exponential(rng) } as Source,
  lognormal: {
    name: 'lognormal(1.5)',
    mean: Math.exp(1.5 ** 2 / 2),
    draw: (rng) => Math.exp(1.5 * normal(rng)),
  } as Source,
  rare: bernoulli(0.002),
  seldom: bernoulli(0.01),
  some: bernoulli(0.1),
  even: bernoulli(0.5),
  /** Bounded and skewed: the square of a uniform. */
  skewed: { name: 'uniform^2', mean: 1 / 3, draw: (rng) => rng.next() ** 2 } as Source,
};

/** Every observation up to `dense`, then steps of one percent: an evidence that rises in between hardly falls again. */
export function looks(from: number, to: number, dense = 200): readonly number[] {
  const schedule: number[] = [];
  for (let n = from; n <= to; n = n < dense ? n + 1 : Math.ceil(n * 1.01)) schedule.push(n);
  return schedule;
}

/**
 * How often a run raises a false alarm. `run` plays one history and says whether it ever did; the histories of a name
 * are the same in every size, so that a longer run contains the shorter one.
 */
export function alarmRate(name: string, repetitions: number, run: (rng: Rng) => boolean): number {
  const rng = createRng(`sequential/${name}`);
  let alarms = 0;
  for (let i = 0; i < repetitions; i += 1) if (run(rng.fork(i))) alarms += 1;
  return alarms / repetitions;
}

/** Passes where every rate is at most alpha, three Monte Carlo standard errors allowed. */
export function judge(
  measured: Record<string, number>,
  alpha: number,
  repetitions: number,
  how: string,
): SimulationResult {
  const allowed = alpha + 3 * Math.sqrt((alpha * (1 - alpha)) / repetitions);
  const passed = Object.values(measured).every((rate) => rate <= allowed);
  const detail = `${how}; ${repetitions} histories, at most ${allowed.toFixed(4)} allowed (alpha ${alpha} + 3 se)`;
  return { measured, passed, detail };
}

/** The median of run lengths. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}

/** The alarm rate of each named history; `play` says whether one ever raises the alarm. */
export function each<T>(
  topic: string,
  { repetitions, how, alpha = 0.05 }: { repetitions: number; how: string; alpha?: number },
  cases: Record<string, T>,
  play: (rng: Rng, one: T) => boolean,
): SimulationResult {
  const measured: Record<string, number> = {};
  for (const [name, one] of Object.entries(cases)) {
    measured[name] = alarmRate(`${topic}/${name}`, repetitions, (rng) => play(rng, one));
  }
  return judge(measured, alpha, repetitions, how);
}

/** How many histories of which length the exact methods are measured on. */
export function exactSize({ full }: SimulationScale): { repetitions: number; horizon: number } {
  return { repetitions: full ? 1000 : 150, horizon: full ? 5000 : 1500 };
}

/** What every exact method claims. */
export const exactly = 'exact at every look from the first on: at most 5 % of the runs ever raise a false alarm';
