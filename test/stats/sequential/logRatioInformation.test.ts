import { expect, it } from 'vitest';
import { createRng, normal } from '../../../src/random/index.ts';
import { logRatioInformation, pairedLogRatioInformation } from '../../../src/stats/sequential/index.ts';
import { Covariance } from '../../../src/stats/summaries/index.ts';

it('agrees with the unpaired one where pairs have nothing in common, and beats it where they do', () => {
  const rng = createRng(3);
  const [apart, alike] = [new Covariance(), new Covariance()];
  for (let i = 0; i < 20_000; i += 1) {
    const shared = 2 * normal(rng);
    apart.push((5 + normal(rng)) ** 2, (4 + normal(rng)) ** 2);
    alike.push(20 + shared + normal(rng), 16 + shared + normal(rng));
  }
  const unpaired = logRatioInformation(apart.x, apart.y, { exponent: 0.5, standardError: 'welch' });
  const paired = pairedLogRatioInformation(apart, { exponent: 0.5 });
  expect(paired.estimate).toBeCloseTo(unpaired.estimate, 12);
  expect(paired.information / unpaired.information).toBeCloseTo(1, 1);
  expect(pairedLogRatioInformation(alike).information).toBeGreaterThan(
    3 * logRatioInformation(alike.x, alike.y).information,
  );
});

it('has no information where one sample has a single observation', () => {
  const many = { n: 50, mean: 2, variance: 1 };
  for (const n of [0, 1]) {
    const few = { n, mean: 2, variance: 0 };
    expect(logRatioInformation(few, many)).toEqual({ estimate: 0, information: 0 });
    expect(logRatioInformation(many, few)).toEqual({ estimate: 0, information: 0 });
  }
  expect(logRatioInformation({ ...many, n: 2 }, many).information).toBeGreaterThan(0);
});

it('knows the example, and says nothing where there is nothing', () => {
  const pairs = new Covariance().pushAll([
    [2, 1],
    [4, 2],
    [6, 4],
    [8, 3],
  ]);
  const { estimate, information } = pairedLogRatioInformation(pairs);
  expect(estimate).toBeCloseTo(Math.log(2), 12);
  const relative = (20 / 3 / 25 + 5 / 3 / 6.25 - (2 * (8 / 3)) / 12.5) / 4;
  expect(information).toBeCloseTo(1 / relative, 9);
  const same = new Covariance().pushAll([
    [1, 1],
    [2, 2],
  ]);
  expect(pairedLogRatioInformation(same)).toEqual({ estimate: 0, information: 0 });
  expect(pairedLogRatioInformation(new Covariance())).toEqual({ estimate: 0, information: 0 });
  const of = (n: number, a: number, b: number) => ({
    n,
    x: { n, mean: a, variance: 1 },
    y: { n, mean: b, variance: 1 },
    covariance: 0,
  });
  // Too few, means without a logarithm, a relative variance beyond the doubles.
  for (const poor of [
    of(1, 1, 2),
    of(9, -1, 2),
    of(9, 1, -2),
    of(9, -1, -2),
    of(9, 0, 2),
    of(9, 2, 0),
    of(9, 1e-200, 1),
  ]) {
    expect(pairedLogRatioInformation(poor)).toEqual({ estimate: 0, information: 0 });
  }
  expect(pairedLogRatioInformation(of(2, 1, 2))).toEqual({ estimate: Math.log(0.5), information: 1.6 });
  expect(() => pairedLogRatioInformation(of(2, 1, 2), { power: 1 } as never)).toThrow('options.power');
  expect(() => pairedLogRatioInformation({ ...of(2, 1, 2), n: -1 })).toThrow('pairs.x.n must be -1');
});
