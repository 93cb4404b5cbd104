import { describe, expect, it } from 'vitest';
import { ABTest, compareSummaries, notebookRule, planABTest } from '../../src/abtest/index.ts';
import { CoronateError, InvalidOptionError, ManualClock } from '../../src/core/index.ts';
import { absoluteError, defineMetric } from '../../src/metrics/index.ts';

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

describe('what is of another mode or inference is refused, not ignored', () => {
  const base = { champion: model, challenger: model, clock: new ManualClock(0), seed: 1, metrics: [absoluteError()] };
  const ab = (more: object) => () => new ABTest({ ...base, ...more } as never);
  const metric = (more: object) => () =>
    defineMetric({ name: 'm', kind: 'ratio', direction: 'lower', value: () => [1, 2], ...more } as never);
  const baseline = { mean: 1, sd: 1 };
  const plan = (more: object) => () => planABTest({ baseline, effect: { absolute: 0.1 }, ...more } as never);
  const row = { n: 100, sum: 50 };
  const sums = (more: object) => () => compareSummaries({ champion: row, challenger: row, ...more } as never);

  it.each([
    ['paired', ab({ paired: { keepDisagreements: 5 } })],
    ['paired', ab({ paired: {}, mode: 'split' })],
    ['salt', ab({ assignment: { by: 'request', salt: 'x' } })],
    ['hash', ab({ assignment: { by: 'request', hash: 'growthbook-v2' } })],
    ['disagreement', plan({ disagreement: 0.1 })],
    ['trafficShare', plan({ mode: 'paired', disagreement: 0.1, trafficShare: 0.2 })],
    ['baseline.sd', plan({ baseline: { rate: 0.5, sd: 1 } })],
    ['horizon', sums({ inference: 'fixed', horizon: 1000 })],
    ['burnIn', sums({ inference: 'fixed', burnIn: 10 })],
    ['m.covariate', metric({ covariate: () => 1 })],
    ['m.covariate', metric({ kind: 'quantile', quantile: 0.5, covariate: () => 1 })],
    ['m.covariate', metric({ kind: 'rmse', covariate: () => 1 })],
    ['m.cap', metric({ cap: 3 })],
    ['m.cap', metric({ kind: 'rate', cap: 0.5 })],
    ['m.quantile', metric({ quantile: 0.5 })],
    ['m.bins', metric({ bins: 10 })],
  ])('%s', (option, build) => {
    expect(build).toThrow(InvalidOptionError);
    expect(build).toThrow(expect.objectContaining({ option, rule: expect.stringContaining('left out') }));
  });

  it('and taken where it belongs', () => {
    for (const build of [
      ab({ paired: { keepDisagreements: 5 }, mode: 'paired' }),
      ab({ assignment: { by: 'request', hash: 'growthbook-v2', namespace: { id: 'n', range: [0, 1] } } }),
      ab({ assignment: { by: 'request', salt: '', hash: 'murmur3-v1' } }),
      plan({ mode: 'paired', disagreement: 0.5 }),
      plan({ trafficShare: 0.2 }),
      sums({ horizon: 1000, burnIn: 10, trafficShare: 0.5 }),
      metric({ kind: 'quantile', quantile: 0.5, cap: 3 }),
      metric({ kind: 'rate', covariate: () => 1 }),
    ]) {
      expect(build).not.toThrow();
    }
  });
});

it("keeps the test's own least samples and duration with the rule of the notebook", () => {
  const clock = new ManualClock(0);
  const test = new ABTest({
    ...{ name: 'n', seed: 1, clock, champion: model, challenger: { predict: (x: number) => 0.5 * x } },
    ...{ metrics: [absoluteError({ role: 'goal' })], decision: notebookRule() },
    ...{ minSamples: 200, minDurationMs: 86_400_000 },
  });
  const serve = (n: number): void => {
    for (let i = 0; i < n; i += 1) test.serve(100 + (i % 7), { truth: 0 });
  };
  serve(200);
  expect(test.decide()).toMatchObject({ decision: 'CONTINUE', reasons: [{ rule: 'min-samples' }] });
  serve(400);
  const waiting = test.decide();
  expect(waiting.decision).toBe('CONTINUE');
  expect(waiting.reasons.at(-1)).toMatchObject({ rule: 'min-duration', verdict: 'inconclusive' });
  clock.advance(86_400_000);
  expect(test.decide()).toMatchObject({ decision: 'PROMOTE', variant: 'challenger' });
});
