import { describe, expect, it } from 'vitest';
import { ArmTable } from '../../../src/bandits/policies/ArmTable.ts';
import { gaussianPosterior } from '../../../src/bandits/policies/rules/thompsonGaussianRule.ts';
import { ThompsonPolicy } from '../../../src/bandits/policies/ThompsonPolicy.ts';
import { studentTDistribution } from '../../../src/stats/distributions/index.ts';
import { expectClose, readGolden } from '../../support/golden.ts';

interface NigCase {
  readonly prior: { readonly kappa: number; readonly mu: number; readonly alpha: number; readonly beta: number };
  readonly rewards: number[];
  readonly expected: {
    readonly kappa: number;
    readonly mu: number;
    readonly alpha: number;
    readonly beta: number;
    readonly studentT: { readonly df: number; readonly loc: number; readonly scale: number };
    readonly quantile: Record<string, number>;
  };
}
const cases = readGolden<{ nig_posterior: NigCase[] }>('bandits.json').nig_posterior;

describe.each(cases)('Gaussian Thompson sampling, case %#', ({ prior, rewards, expected }) => {
  const { mu, kappa, alpha: shape, beta: rate } = prior;

  it('has the reference posterior', () => {
    const table = new ArmTable(0);
    table.insert({ weight: kappa, sum: kappa * mu });
    for (const reward of rewards) table.add(0, reward, 1);
    const posterior = gaussianPosterior(table, 0, shape, rate);
    expectClose(posterior.mu, expected.mu, 1e-12);
    expectClose(posterior.kappa, expected.kappa, 1e-12);
    expectClose(posterior.shape, expected.alpha, 1e-12);
    expectClose(posterior.rate, expected.beta, 1e-12);
  });

  it('states its credible interval, and draws from the posterior', () => {
    const policy = new ThompsonPolicy({ arms: ['a'], seed: 1, model: 'gaussian', prior: { mu, kappa, shape, rate } });
    policy.updateBatch(rewards.map((reward) => ({ arm: 'a', reward })));
    const [low, high] = policy.statistics()[0]!.interval;
    expectClose(low, expected.quantile['0.025']!, 1e-9);
    expectClose(high, expected.quantile['0.975']!, 1e-9);
    // An opponent whose mean is known: the share of pulls at several places is the posterior's distribution function.
    const { df, loc, scale } = expected.studentT;
    for (const z of [-1.5, 0, 0.7]) {
      const known = { mu: loc + z * scale, kappa: 1e12, shape: 1e6, rate: 1e6 };
      const pair = new ThompsonPolicy({ arms: ['a'], seed: 2, model: 'gaussian', prior: { mu, kappa, shape, rate } });
      pair.addArm('known', { prior: known });
      pair.updateBatch(rewards.map((reward) => ({ arm: 'a', reward })));
      const p = studentTDistribution.sf(z, df);
      expectClose(pair.probabilities().get('a')!, p, 1e-5);
      let wins = 0;
      for (let k = 0; k < 10_000; k += 1) wins += pair.select() === 'a' ? 1 : 0;
      expect(Math.abs(wins / 10_000 - p)).toBeLessThan(4.5 * Math.sqrt((p * (1 - p)) / 10_000));
    }
  });
});

describe('Gaussian Thompson sampling', () => {
  it('refuses priors and options that are not its own', () => {
    const make = (options: object) => () => new ThompsonPolicy({ arms: ['a'], model: 'gaussian', ...options });
    expect(make({ prior: { alpha: 1, beta: 1 } })).toThrow('prior must be { mu, kappa, shape, rate }');
    expect(make({ prior: { mu: 0, kappa: 0, shape: 1, rate: 1 } })).toThrow('prior.kappa must be');
    expect(make({ prior: { mu: 0, kappa: 1, shape: 0, rate: 1 } })).toThrow('prior.shape must be');
    expect(make({ fractional: 'soft' })).toThrow('fractional must be left out');
    expect(() => new ThompsonPolicy({ arms: ['a'], prior: { mu: 0, kappa: 1, shape: 1, rate: 1 } })).toThrow(
      'prior must',
    );
  });
});
