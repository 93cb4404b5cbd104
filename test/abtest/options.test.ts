import { describe, expect, it } from 'vitest';
import { ABTest, compareSummaries, planABTest } from '../../src/abtest/index.ts';
import { CoronateError, ManualClock } from '../../src/core/index.ts';
import { absoluteError } from '../../src/metrics/index.ts';

const model = { predict: (x: number) => x };
const hostile: readonly unknown[] = [
  null,
  Number.NaN,
  -1,
  Number.POSITIVE_INFINITY,
  '',
  'x',
  true,
  [],
  [null],
  [undefined, null],
  {},
  { id: null },
  () => undefined,
  new Map(),
  Symbol('s'),
  10n,
  Object.create(null),
];

/** Everything that is wrong is said by a typed error, or is not wrong. @returns how many were refused */
function refusals(build: (value: unknown) => unknown): number {
  let refused = 0;
  for (const value of hostile) {
    try {
      build(value);
    } catch (error) {
      expect(
        error,
        `${typeof value} ${JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? `${v}n` : v))}`,
      ).toBeInstanceOf(CoronateError);
      refused += 1;
    }
  }
  return refused;
}

describe('whatever stands in for an option, the error is typed', () => {
  const base = { champion: model, challenger: model, clock: new ManualClock(0), seed: 1, metrics: [absoluteError()] };
  const paths: readonly (readonly string[])[] = [
    ...['name', 'seed', 'rng', 'clock', 'replica', 'truth', 'timeoutMs', 'isValid', 'auditCapacity'].map((o) => [o]),
    ...['champion', 'challenger', 'challengers', 'metrics', 'alpha', 'inference', 'horizon', 'burnIn'].map((o) => [o]),
    ...['minSamples', 'minDurationMs', 'fallback', 'assignment', 'decision', 'sampleSize'].map((o) => [o]),
    ...['sampleRatioAlpha', 'sampleRatioTolerance', 'mode', 'paired', 'analyse', 'segments'].map((o) => [o]),
    ...['by', 'unit', 'salt', 'namespace', 'holdout', 'forced', 'eligible', 'exposure', 'hash'].map((o) => [
      'assignment',
      o,
    ]),
    ['assignment', 'namespace', 'id'],
    ['assignment', 'namespace', 'range'],
    ['assignment', 'holdout', 'share'],
    ['inference', 'groupSequential'],
    ['inference', 'groupSequential', 'looks'],
    ['truth', 'capacity'],
    ['truth', 'windowMs'],
    ['paired', 'agree'],
    ['paired', 'keepDisagreements'],
    ['segments', 'dimension'],
    ['champion', 'model'],
    ['champion', 'version'],
    ['challenger', 'trafficShare'],
  ];
  const nest = (path: readonly string[], value: unknown): unknown =>
    path.length === 0 ? value : { [path[0]!]: nest(path.slice(1), value) };

  it.each(paths.map((path) => [path.join('.'), path] as const))('%s', (_, path) => {
    const build = (value: unknown) => {
      const [head, ...rest] = path as [string, ...string[]];
      const filler = { namespace: { id: 'n', range: [0, 1] }, champion: { model }, challenger: { model } };
      const inner = nest(rest, value) as object;
      const spread = rest.length > 0 && head in filler ? { ...filler[head as 'champion'], ...inner } : inner;
      const several = head === 'challengers' ? { challenger: undefined } : {};
      return new ABTest({ ...base, ...several, [head]: spread } as never);
    };
    expect(refusals(build)).toBeGreaterThan(0);
  });

  it('of metrics in a list, of plans, summaries, simulations and questions', () => {
    expect(refusals((value) => new ABTest({ ...base, metrics: [value] } as never))).toBe(hostile.length);
    const plan = { baseline: { rate: 0.5 }, effect: { absolute: 0.1 } };
    for (const option of ['baseline', 'effect', 'alpha', 'power', 'inference', 'mode', 'trafficShare', 'explained']) {
      expect(
        refusals((value) => planABTest({ ...plan, [option]: value } as never)),
        option,
      ).toBeGreaterThan(5);
    }
    expect(refusals((value) => planABTest(value as never))).toBe(hostile.length);
    const row = { n: 10, sum: 5 };
    for (const option of ['champion', 'challenger', 'direction', 'alpha', 'horizon', 'burnIn', 'trafficShare']) {
      const ask = (value: unknown) => compareSummaries({ champion: row, challenger: row, [option]: value } as never);
      expect(refusals(ask), option).toBeGreaterThan(5);
    }
    const world = () => ({ input: 1, truth: 1 });
    for (const option of ['test', 'world', 'requests', 'runs', 'every', 'msPerRequest', 'onProgress']) {
      const ask = (value: unknown) =>
        ABTest.simulate({ test: base, world, requests: 1, runs: 1, [option]: value } as never);
      expect(refusals(ask), option).toBeGreaterThan(5);
    }
    const test = new ABTest(base);
    for (const option of ['method', 'variant', 'alpha', 'alternative', 'threshold']) {
      const ask = (value: unknown) => test.statisticalTest('absoluteError', { [option]: value } as never);
      expect(refusals(ask), option).toBeGreaterThan(5);
    }
    expect(refusals((value) => test.ramp(value as never))).toBeGreaterThan(3);
    expect(refusals((value) => test.ramp({ challenger: value } as never))).toBe(hostile.length);
    expect(refusals((value) => test.expose(value as never))).toBe(hostile.length);
    expect(refusals((value) => test.assign(value as never))).toBeGreaterThan(5);
    expect(refusals((value) => test.record(value as never, 1))).toBeGreaterThan(10);
    expect(refusals((value) => test.mergeDelta(value as never))).toBe(hostile.length);
    expect(refusals((value) => test.follow(value as never))).toBe(hostile.length);
    expect(refusals((value) => ABTest.restore(value as never, base))).toBe(hostile.length);
  });
});

describe('simulations', () => {
  it('tell how far they are', () => {
    const told: string[] = [];
    ABTest.simulate({
      test: { champion: model, challenger: model, metrics: [absoluteError({ role: 'goal' })] },
      world: (rng) => ({ input: rng.next(), truth: 0 }),
      requests: 10,
      runs: 3,
      onProgress: (done, total) => told.push(`${done}/${total}`),
    });
    expect(told).toEqual(['1/6', '2/6', '3/6', '4/6', '5/6', '6/6']);
  });
});
