import { describe, expect, it } from 'vitest';
import { InvalidOptionError, SnapshotError } from '../../../src/core/errors.ts';
import { createRng } from '../../../src/random/index.ts';
import { Reservoir } from '../../../src/stats/summaries/index.ts';
import { summaryContract } from '../../contracts/summary.contract.ts';

const sorted = (reservoir: Reservoir) => [...reservoir.values].sort((a, b) => a - b);

for (const capacity of [5, 1000]) {
  summaryContract({
    name: `Reservoir of ${capacity}`,
    create: (stream) => new Reservoir({ capacity, rng: createRng(stream) }),
    restore: Reservoir.fromJSON,
    exact: sorted,
    close: () => ({}),
  });
}

/** How often each of n observations is kept, over many seeds. */
function keepRates(runs: number, n: number, make: (seed: number) => Reservoir): number[] {
  const kept = Array<number>(n).fill(0);
  for (let seed = 0; seed < runs; seed += 1) for (const i of make(seed).values) kept[i]! += 1;
  return kept.map((count) => count / runs);
}

describe('Reservoir', () => {
  const runs = 4000;
  const bound = (share: number) => 4.5 * Math.sqrt((share * (1 - share)) / runs);

  it('keeps everything while there is room', () => {
    const reservoir = new Reservoir({ capacity: 4, rng: createRng(1) }).pushAll([3, 1, 2, 1]);
    expect(sorted(reservoir)).toEqual([1, 1, 2, 3]);
    expect(reservoir.capacity).toBe(4);
  });

  it('keeps every observation of a stream with the same probability', () => {
    const n = 60;
    const xs = Array.from({ length: n }, (_, i) => i);
    const rates = keepRates(runs, n, (seed) => new Reservoir({ capacity: 12, rng: createRng(seed) }).pushAll(xs));
    for (const rate of rates) expect(Math.abs(rate - 0.2)).toBeLessThan(bound(0.2));
  });

  it('does so too after merging streams of unequal length, and after going on', () => {
    const n = 60;
    const xs = Array.from({ length: n }, (_, i) => i);
    const rates = keepRates(runs, n, (seed) => {
      const rng = createRng(seed);
      const [a, b] = ['a', 'b'].map((label) => new Reservoir({ capacity: 12, rng: rng.fork(label) }));
      a!.pushAll(xs.slice(0, 8));
      b!.pushAll(xs.slice(8, 45));
      return a!.merge(b!).pushAll(xs.slice(45));
    });
    for (const rate of rates) expect(Math.abs(rate - 0.2)).toBeLessThan(bound(0.2));
  });

  it('keeps pairs together as often as a simple random sample does', () => {
    let both = 0;
    for (let seed = 0; seed < runs; seed += 1) {
      const kept = new Reservoir({ capacity: 5, rng: createRng(seed) }).pushAll(
        Array.from({ length: 20 }, (_, i) => i),
      );
      const values = [...kept.values];
      if (values.includes(3) && values.includes(17)) both += 1;
    }
    const share = (5 * 4) / (20 * 19);
    expect(Math.abs(both / runs - share)).toBeLessThan(bound(share));
  });

  it('draws few random numbers for a long stream', () => {
    let draws = 0;
    const inner = createRng(3);
    const next = () => {
      draws += 1;
      return inner.next();
    };
    const rng = { next, fork: inner.fork, state: () => inner.state() };
    new Reservoir({ capacity: 100, rng }).pushAll(new Float64Array(1e5));
    // Two for every one of about k (1 + ln(n / k)) that enter.
    expect(draws).toBeLessThan(2 * 100 * (1 + Math.log(1000)) * 1.2);
  });

  it('refuses bad options, unequal capacities and broken states', () => {
    const rng = createRng(1);
    expect(() => new Reservoir({ capacity: 0, rng })).toThrow(InvalidOptionError);
    expect(() => new Reservoir({ capacity: 1.5, rng })).toThrow('capacity must be an integer');
    expect(() => new Reservoir({ capacity: 5, rng: {} as never })).toThrow(InvalidOptionError);
    const five = new Reservoir({ capacity: 5, rng });
    expect(() => five.merge(new Reservoir({ capacity: 6, rng }))).toThrow('capacity must be the same');
    expect(() => Reservoir.fromJSON({ ...five.toJSON(), keys: [0.5] })).toThrow(SnapshotError);
  });

  it('draws one number for each observation while it fills, and one more when it is full', () => {
    let draws = 0;
    const counted = (seed: number) => {
      const inner = createRng(seed);
      const next = () => {
        draws += 1;
        return inner.next();
      };
      return new Reservoir({ capacity: 10, rng: { next, fork: inner.fork, state: () => inner.state() } });
    };
    const [a, b] = [counted(1).pushAll([1, 2, 3, 4]), counted(2).pushAll([5, 6, 7])];
    expect(draws).toBe(7);
    // Still room for three: nothing is to be skipped.
    a.merge(b);
    expect(draws).toBe(7);
    a.pushAll([8, 9]);
    expect(draws).toBe(9);
    a.push(10);
    expect(draws).toBe(11);
  });

  it('keeps its keys as a heap: none is larger than its parent', () => {
    for (const capacity of [2, 5, 8, 31]) {
      const reservoir = new Reservoir({ capacity, rng: createRng(capacity) });
      for (let i = 0; i < 400; i += 1) {
        const { keys } = reservoir.push(i).toJSON();
        expect(keys.every((key, child) => child === 0 || key <= keys[(child - 1) >> 1]!)).toBe(true);
      }
    }
  });

  it('never keeps a -0', () => {
    const reservoir = new Reservoir({ capacity: 3, rng: createRng(1) }).pushAll(Array<number>(300).fill(-0));
    expect([...reservoir.values]).toEqual([0, 0, 0]);
  });
});
