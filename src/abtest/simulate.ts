import { checkFinite, checkFunction, checkInteger, checkOptions } from '../core/check.ts';
import { ManualClock } from '../core/clock.ts';
import { InvalidOptionError } from '../core/errors.ts';
import { isThenable } from '../core/perRow.ts';
import type { Unit } from '../core/Unit.ts';
import { createRng } from '../random/createRng.ts';
import type { Rng } from '../random/Rng.ts';
import type { Decision, DecisionVerdict } from './decision/Decision.ts';

/** One request of a simulated world. */
export interface SimulatedRequest {
  readonly input: unknown;
  /** What turns out to be true; the metrics are computed from it. */
  readonly truth?: unknown;
  readonly unit?: Unit;
}

/** Options of `ABTest.simulate`. */
export interface SimulateOptions<O> {
  /** The very options of the test. `seed`, `rng`, `clock` and `replica` are the simulation's own. */
  readonly test: O;
  /** The world: one request with its truth. Draw from `rng` alone. */
  readonly world: (rng: Rng, index: number) => SimulatedRequest;
  /** Requests after which a run that has not concluded ends. */
  readonly requests: number;
  /** Runs of each kind. @defaultValue 200 */
  readonly runs?: number;
  /** A decision is asked for every so many requests. @defaultValue 50 */
  readonly every?: number;
  /** Milliseconds between requests. @defaultValue 1000 */
  readonly msPerRequest?: number;
  /** @defaultValue 1 */
  readonly seed?: string | number;
  /** Told after every run: how many are done, of both kinds together. @defaultValue nobody */
  readonly onProgress?: (done: number, total: number) => void;
}

/** How the runs of one kind ended. */
export interface SimulatedRuns {
  readonly runs: number;
  /** The share of runs by their last decision. */
  readonly shares: Readonly<Record<DecisionVerdict, number>>;
  /** The Monte Carlo standard error of the share of promotions. */
  readonly standardError: number;
  /** Requests until the decision: their mean, and median; runs without one count in full. */
  readonly meanRequests: number;
  readonly medianRequests: number;
}

/** What a configuration does before anybody relies on it. */
export interface Simulation {
  /** Every challenger replaced by the champion: promotions are false positives. */
  readonly aa: SimulatedRuns;
  readonly falsePositiveRate: number;
  /** The configuration as it is. */
  readonly ab: SimulatedRuns;
  /** The share of runs that promote. */
  readonly power: number;
}

/** A test as a simulation drives it. */
export interface Simulated {
  serve(input: never, request: { unit?: Unit; truth?: unknown }): unknown;
  decide(): Decision;
}

/** Makes the test of one run; `aa` puts the champion's model in every challenger's place. */
export type MakeTest<O> = (options: O, own: { seed: string; clock: ManualClock }, aa: boolean) => Simulated;

const known = ['test', 'world', 'requests', 'runs', 'every', 'msPerRequest', 'seed', 'onProgress'];

/** Runs a configuration many times, against itself and as it is. @throws InvalidOptionError */
export function simulateABTest<O>(options: SimulateOptions<O>, make: MakeTest<O>): Simulation {
  checkOptions('simulate', options, known);
  if (typeof options.test !== 'object' || options.test === null) {
    throw new InvalidOptionError('test', options.test, "a test's options");
  }
  checkFunction('world', options.world);
  if (options.onProgress !== undefined) checkFunction('onProgress', options.onProgress);
  checkInteger('requests', options.requests, { ge: 1 });
  checkInteger('runs', options.runs ?? 200, { ge: 1 });
  checkInteger('every', options.every ?? 50, { ge: 1 });
  checkFinite('msPerRequest', options.msPerRequest ?? 1000, { ge: 0 });
  const aa = runAll(options, make, true);
  const ab = runAll(options, make, false);
  return { aa, falsePositiveRate: aa.shares.PROMOTE, ab, power: ab.shares.PROMOTE };
}

function runAll<O>(options: SimulateOptions<O>, make: MakeTest<O>, aa: boolean): SimulatedRuns {
  const { runs = 200, seed = 1 } = options;
  const counts: Record<DecisionVerdict, number> = { PROMOTE: 0, REJECT: 0, CONTINUE: 0, INVALID: 0 };
  const lengths: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const { decision, requests } = runOnce(options, make, aa, `${seed}/${aa ? 'aa' : 'ab'}/${run}`);
    counts[decision] += 1;
    lengths.push(requests);
    options.onProgress?.(run + 1 + (aa ? 0 : runs), 2 * runs);
  }
  lengths.sort((a, b) => a - b);
  const share = (verdict: DecisionVerdict): number => counts[verdict] / runs;
  const promoted = share('PROMOTE');
  return {
    runs,
    shares: { PROMOTE: promoted, REJECT: share('REJECT'), CONTINUE: share('CONTINUE'), INVALID: share('INVALID') },
    standardError: Math.sqrt((promoted * (1 - promoted)) / runs),
    meanRequests: lengths.reduce((sum, length) => sum + length, 0) / runs,
    medianRequests: lengths[lengths.length >> 1]!,
  };
}

function runOnce<O>(
  { test: options, world, requests, every = 50, msPerRequest = 1000 }: SimulateOptions<O>,
  make: MakeTest<O>,
  aa: boolean,
  seed: string,
): { readonly decision: DecisionVerdict; readonly requests: number } {
  const clock = new ManualClock(0);
  const test = make(options, { seed, clock }, aa);
  const rng = createRng(seed).fork('world');
  for (let i = 0; i < requests; i += 1) {
    const request = world(rng, i);
    if (typeof request !== 'object' || request === null) {
      throw new InvalidOptionError('world', request, 'a function that returns requests: { input, truth, unit }');
    }
    const { input, truth, unit } = request;
    clock.advance(msPerRequest);
    serveOne(test, input, { truth, ...(unit === undefined ? {} : { unit }) });
    if ((i + 1) % every !== 0 && i + 1 < requests) continue;
    const { decision } = test.decide();
    if (decision !== 'CONTINUE') return { decision, requests: i + 1 };
  }
  return { decision: 'CONTINUE', requests };
}

/** A model that throws has failed, as it would in production: that is an outcome, and the run goes on. */
function serveOne(test: Simulated, input: unknown, request: { truth: unknown; unit?: Unit }): void {
  let answer: unknown;
  try {
    answer = test.serve(input as never, request);
  } catch (error) {
    if (error instanceof InvalidOptionError) throw error;
    return;
  }
  if (!isThenable(answer)) return;
  answer.then(undefined, () => undefined);
  throw new InvalidOptionError('test', answer, 'of synchronous models: a simulated clock waits for nobody');
}
