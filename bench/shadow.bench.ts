// What a shadow adds to the primary's call, beside two peers in the same run. Run: npm run bench -- shadow
import { ShadowRunner } from '../src/shadow/index.ts';
import type { BenchRow } from './BenchRow.ts';
import { loadPeer } from './loadPeer.ts';
import { measure, measureAsync } from './measure.ts';

type Row = Float64Array;
type Call = (row: Row) => unknown;

interface Tzientist {
  experiment(options: object): Call;
  experimentAsync(options: object): (row: Row) => Promise<unknown>;
}
interface TrelloExperiment {
  use(task: () => unknown): void;
  try(task: () => unknown): void;
  async(on: boolean): void;
}
interface Trello {
  science(name: string, setup: (experiment: TrelloExperiment) => void): unknown;
  on(event: string, listener: () => void): void;
}
type TrelloClass = new () => Trello;

const weights = Float64Array.from({ length: 16 }, (_, i) => Math.sin(i + 1));
/** A logistic regression on 16 features. */
const logistic = (row: Row): number => {
  let sum = 0.1;
  for (let i = 0; i < 16; i += 1) sum += weights[i]! * row[i]!;
  return 1 / (1 + Math.exp(-sum));
};
const rows = Array.from({ length: 64 }, (_, i) => Float64Array.from({ length: 16 }, (__, j) => Math.cos(i * 16 + j)));
let next = 0;
const row = (): Row => {
  next = (next + 1) & 63;
  return rows[next]!;
};

const model = { predict: logistic };
const asyncModel = { predict: (x: Row): Promise<number> => Promise.resolve(logistic(x)) };

/** A runner as a service has it; with latencies of both and copies of inputs where it samples everything. */
function runner(of: { predict(x: Row): unknown }, sampleRate: number, more: object = {}): Call {
  const shadow = new ShadowRunner({
    primary: of,
    shadows: { next: of },
    sampleRate,
    input: 'reference',
    seed: 1,
    ...more,
  });
  return (x) => shadow.predict(x);
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

/** Medians over rounds in which every contender has its turn, so that what the machine does beside hits all alike. */
async function contest(
  contenders: Readonly<Record<string, () => Promise<number>>>,
  rounds: number,
): Promise<Readonly<Record<string, number>>> {
  const times: Record<string, number[]> = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, run] of Object.entries(contenders)) times[name]!.push(await run());
  }
  return Object.fromEntries(Object.entries(times).map(([name, list]) => [name, median(list)]));
}

function peers(
  tzientist: Tzientist | undefined,
  trello: Trello | undefined,
): Readonly<Record<string, { readonly sync: Call; readonly later: (x: Row) => Promise<unknown> }>> {
  const made: Record<string, { sync: Call; later: (x: Row) => Promise<unknown> }> = {};
  if (tzientist !== undefined) {
    const plain = { name: 'bench', control: logistic, candidate: logistic };
    const promised = { name: 'bench', control: asyncModel.predict, candidate: asyncModel.predict };
    const enabled = (): boolean => Math.random() < 0.01;
    made['tzientist, everything'] = {
      sync: tzientist.experiment(plain),
      later: tzientist.experimentAsync({ ...promised, options: { inParallel: true } }),
    };
    made['tzientist, 1 %'] = {
      sync: tzientist.experiment({ ...plain, options: { enabled } }),
      later: tzientist.experimentAsync({ ...promised, options: { enabled, inParallel: true } }),
    };
  }
  if (trello !== undefined) {
    const setup = (x: Row, of: Call, later: boolean) => (experiment: TrelloExperiment) => {
      experiment.use(() => of(x));
      experiment.try(() => of(x));
      experiment.async(later);
    };
    made['scientist (Trello), everything'] = {
      sync: (x) => trello.science('bench', setup(x, logistic, false)),
      later: (x) => trello.science('bench', setup(x, asyncModel.predict, true)) as Promise<unknown>,
    };
  }
  return made;
}

/** Requests that come before the loop has time for shadows. */
const BURST = 256;

/** What a request costs in all, shadow, comparison and evidence included: everything is sampled, copied and compared. */
async function inAll(rounds: number, tzientist: Call | undefined): Promise<readonly BenchRow[]> {
  const options = { sampleRate: 1, cpuShare: 1, seed: 1 };
  const all = new ShadowRunner({ primary: model, shadows: { next: model }, ...options });
  const burst = async (call: Call, then: () => Promise<unknown>): Promise<number> => {
    const ns = await measureAsync(async () => {
      for (let i = 0; i < BURST; i += 1) call(row());
      await then();
    }, 200);
    return ns / BURST;
  };
  const turn = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, 0));
  const contenders: Record<string, () => Promise<number>> = {
    bare: () => burst((x) => model.predict(x), turn),
    ours: () =>
      burst(
        (x) => all.predict(x),
        () => all.drain(),
      ),
    ...(tzientist === undefined ? {} : { theirs: () => burst(tzientist, turn) }),
  };
  const ns = await contest(contenders, rounds);
  const name = 'sync: predict, 100 % sampled, copied, shadow run, timed and compared, in all';
  const [own, theirs] = [ns.ours! - ns.bare!, ns.theirs === undefined ? undefined : ns.theirs - ns.bare!];
  if (theirs === undefined) return [{ name, ns: own }];
  return [{ name, ns: own, peer: 'tzientist, everything', peerNs: theirs, ratio: theirs / own }];
}

/** The cost that each adds to the primary's call. */
export async function bench(): Promise<BenchRow[]> {
  const [tz, tr] = [await loadPeer<Tzientist>('tzientist'), await loadPeer<{ default: TrelloClass }>('scientist')];
  const trello = tr === undefined ? undefined : new tr.module.default();
  trello?.on('error', () => undefined);
  const others = peers(tz?.module, trello);
  const rounds = process.env.BENCH_FULL === '1' ? 9 : 5;
  const ours: Readonly<Record<string, (of: { predict(x: Row): unknown }) => Call>> = {
    'predict, 1 % sampled, by reference': (of) => runner(of, 0.01),
    'predict, 1 % sampled, a queue that never fills': (of) => runner(of, 0.01, { queue: { capacity: 2 ** 20 } }),
    'predict, switched off': (of) => runner(of, 0),
    'predict, 100 % sampled, no place in the queue': (of) => runner(of, 1),
    'predict, 100 % sampled, copies, a queue that never fills': (of) =>
      runner(of, 1, { input: 'shallow', queue: { capacity: 2 ** 20, maxBytes: 2 ** 33 } }),
  };
  const result: BenchRow[] = [];
  for (const kind of ['sync', 'async'] as const) {
    const of = kind === 'sync' ? model : asyncModel;
    const time = (call: Call): Promise<number> =>
      kind === 'sync' ? measure(() => call(row()), 120) : measureAsync(() => call(row()) as Promise<unknown>, 120);
    const contenders: Record<string, () => Promise<number>> = { bare: () => time((x) => of.predict(x)) };
    for (const [name, make] of Object.entries(ours)) {
      const call = make(of);
      contenders[name] = () => time(call);
    }
    for (const [name, { sync, later }] of Object.entries(others)) {
      contenders[name] = () => time(kind === 'sync' ? sync : later);
    }
    const ns = await contest(contenders, rounds);
    // Below a nanosecond nothing is told apart from noise.
    const added = (name: string): number => Math.max(1, ns[name]! - ns.bare!);
    result.push({ name: `${kind}: the primary alone`, ns: ns.bare! });
    for (const name of Object.keys(ours)) {
      const base = { name: `${kind}: ${name}, added`, ns: added(name) };
      const rivals = Object.keys(others);
      if (rivals.length === 0) result.push(base);
      for (const rival of rivals) {
        result.push({ ...base, peer: rival, peerNs: added(rival), ratio: added(rival) / added(name) });
      }
    }
  }
  return [...result, ...(await inAll(rounds, others['tzientist, everything']?.sync))];
}
