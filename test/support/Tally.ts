import type { Json } from '../../src/core/index.ts';
import { type RecordResult, type Request, type Served, strategyMark } from '../../src/core/index.ts';
import { type StrategyOptions, StrategyRuntime } from '../../src/metrics/StrategyRuntime.ts';

interface Sums {
  served: number;
  truths: number;
  joined: number;
}

/** A strategy that counts, and whose replicas agree on one word: the least that can be shared. */
export class Tally {
  readonly runtime: StrategyRuntime<{ type: 'said'; at: number; strategy: string; actor: string }>;
  sums: Sums = { served: 0, truths: 0, joined: 0 };
  fresh: Sums = { served: 0, truths: 0, joined: 0 };
  pending = 0;
  revision = 0;
  word = '';

  constructor(options: StrategyOptions = {}, model: unknown = { predict: (x: unknown) => x }) {
    const add = (change: Partial<Sums>, to: readonly Sums[] = [this.sums, this.fresh]): void => {
      for (const sums of to) {
        for (const [key, value] of Object.entries(change)) sums[key as keyof Sums] += value;
      }
    };
    this.runtime = new StrategyRuntime(options, {
      kind: 'tally',
      eventTypes: { said: 'logged' },
      version: 1,
      models: { leaf: model },
      settled: () => {
        add({ served: 1 });
        this.pending += 1;
      },
      joined: ({ truth }) => {
        add({ truths: Number(truth), joined: 1 });
        this.pending -= 1;
      },
      lost: () => {
        this.pending -= 1;
      },
      adopted: () => {
        this.pending += 1;
      },
      moved: () => {
        this.pending -= 1;
      },
      save: () => ({ sums: { ...this.sums }, fresh: { ...this.fresh }, revision: this.revision, word: this.word }),
      load: (state) => {
        const saved = state as unknown as { sums: Sums; fresh: Sums; revision: number; word: string };
        Object.assign(this.sums, saved.sums);
        Object.assign(this.fresh, saved.fresh);
        this.pending = 0;
        [this.revision, this.word] = [saved.revision, saved.word];
      },
      takeDelta: () => {
        if (this.fresh.served + this.fresh.joined === 0) return undefined;
        const taken = { ...this.fresh };
        Object.assign(this.fresh, { served: 0, truths: 0, joined: 0 });
        return taken as unknown as Json;
      },
      readDelta: (state) => () => add(state as unknown as Sums, [this.sums]),
      control: () => ({ revision: this.revision, state: { word: this.word } }),
      readControl: (state, revision) => () => {
        this.word = (state as { word: string }).word;
        this.revision = revision;
      },
    });
  }
  get [strategyMark]() {
    return this.runtime.protocol;
  }
  say(word: string): void {
    this.word = word;
    this.revision += 1;
    this.runtime.events.emit({ type: 'said' });
  }
  predict(x: unknown, request?: Request): unknown {
    return this.runtime.predict({ variant: 'leaf' }, x, request);
  }
  serve(x: unknown, request?: Request): Served<unknown> {
    return this.runtime.serve({ variant: 'leaf' }, x, request) as Served<unknown>;
  }
  record(requestId: string, truth: unknown): RecordResult {
    return this.runtime.record(requestId, truth);
  }
  snapshot() {
    return this.runtime.snapshot();
  }
}
