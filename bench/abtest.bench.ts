import { ABTest } from '../src/abtest/index.ts';
import { ManualClock } from '../src/core/clock.ts';
import { absoluteError, latency } from '../src/metrics/index.ts';
import type { BenchRow } from './BenchRow.ts';
import { measure } from './measure.ts';

const model = { predict: (x: number): number => 0.5 * x };
const ids = Array.from({ length: 4096 }, (_, i) => `wafer-${i.toString(36).padStart(30, '0')}`);

/** What an A/B test adds to a bare synchronous model, request by request. */
export async function bench(): Promise<BenchRow[]> {
  const options = { champion: model, challenger: model, seed: 1 };
  let i = 0;
  const next = (): number => {
    i = (i + 1) & 4095;
    return i;
  };
  const bare = await measure(() => model.predict(next()));
  const row = async (name: string, operation: () => unknown, note?: string): Promise<BenchRow> => {
    const ns = (await measure(operation)) - bare;
    return { name: `ABTest: ${name}, over the bare model`, ns, ...(note === undefined ? {} : { note }) };
  };
  const plain = new ABTest(options);
  const frozen = new ABTest({ ...options, clock: new ManualClock(0) });
  const metrics = [absoluteError({ role: 'goal' }), latency({ quantile: 0.95 })];
  const measured = new ABTest({ ...options, metrics });
  const told = new ABTest({ ...options, metrics });
  const full = new ABTest({ ...options, metrics });
  // As many as wait at most, and as many ids that are remembered beyond them.
  for (let request = 0; request < 250_000; request += 1) full.serve(next());
  return [
    await row('predict, drawn', () => plain.predict(next()), 'errors and latency are always measured'),
    await row('predict, drawn, with a clock that costs nothing', () => frozen.predict(next())),
    await row('predict, sticky by a 36-character unit', () => plain.predict(next(), { unit: ids[i]! })),
    await row('serve, drawn, with two metrics', () => measured.serve(next()), 'every outcome waits for its truth'),
    await row('serve, drawn, with two metrics, 100,000 waiting', () => full.serve(next()), 'each lets the oldest go'),
    await row('serve and record, drawn, with two metrics', () => told.record(told.serve(next()).requestId, i)),
  ];
}
