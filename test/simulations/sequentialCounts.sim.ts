import {
  betaMixtureLogEValue,
  exceedanceLogEValue,
  multinomialLogEValue,
  rateRatioLogEValue,
} from '../../src/stats/sequential/index.ts';
import type { Alternative } from '../../src/stats/types.ts';
import type { Simulation, SimulationResult, SimulationScale } from './Simulation.ts';
import { each, exactly, exactSize, looks } from './sequentialSupport.ts';

const THRESHOLD = -Math.log(0.05);

function ratioMismatch(alpha: number): Simulation['run'] {
  return ({ full }) => {
    const repetitions = full ? 4000 : 300;
    const horizon = full ? 60_000 : 10_000;
    // Each plan changes its shares at the given parts of the horizon.
    const plans: Record<string, readonly (readonly number[])[]> = {
      '50/50': [[0.5, 0.5]],
      '90/10': [[0.9, 0.1]],
      'ramp 1, 10, 50 %': [
        [0.99, 0.01],
        [0.9, 0.1],
        [0.5, 0.5],
      ],
      'three groups': [[0.6, 0.3, 0.1]],
    };
    return each(`srm/${alpha}`, { repetitions, how: `every look up to ${horizon}`, alpha }, plans, (rng, plan) => {
      const epochs = plan.map((shares) => ({ shares, counts: shares.map(() => 0) }));
      let n = 0;
      return looks(1, horizon, 100).some((look) => {
        for (; n < look; n += 1) {
          const { counts, shares } = epochs[Math.floor((n / horizon) * plan.length)]!;
          let u = rng.next();
          let group = 0;
          while (group < shares.length - 1 && u >= shares[group]!) u -= shares[group++]!;
          counts[group]! += 1;
        }
        return multinomialLogEValue(epochs) >= -Math.log(alpha);
      });
    });
  };
}

function rateRatio(scale: SimulationScale): SimulationResult {
  const { repetitions, horizon } = exactSize(scale);
  const cases: Record<string, { rate: number; share: number; planned: boolean }> = {};
  for (const share of [0.5, 0.1]) {
    for (const rate of [0.002, 0.01, 0.1, 0.5]) {
      cases[`rate ${rate}, share ${share}`] = { rate, share, planned: true };
    }
    cases[`rate 0.01, share ${share} as realised`] = { rate: 0.01, share, planned: false };
  }
  return each(
    'rates',
    { repetitions, how: `every look up to ${3 * horizon}` },
    cases,
    (rng, { rate, share, planned }) => {
      const counts = [0, 1].map(() => ({ successes: 0, trials: 0 }));
      let n = 0;
      return looks(1, 3 * horizon, 100).some((look) => {
        for (; n < look; n += 1) {
          const arm = counts[rng.next() < share ? 0 : 1]!;
          arm.trials += 1;
          if (rng.next() < rate) arm.successes += 1;
        }
        const epoch = { first: counts[0]!, second: counts[1]!, ...(planned ? { share } : {}) };
        return rateRatioLogEValue([epoch]) >= THRESHOLD;
      });
    },
  );
}

function fixedLimit(scale: SimulationScale): SimulationResult {
  const { repetitions, horizon } = exactSize(scale);
  const cases: Record<string, { rate: number; alternative: Alternative }> = {};
  for (const rate of [0.002, 0.01, 0.1, 0.5]) {
    for (const alternative of ['two-sided', 'greater', 'less'] as const) {
      cases[`rate ${rate}, ${alternative}`] = { rate, alternative };
    }
  }
  return each('limit', { repetitions, how: `every look up to ${horizon}` }, cases, (rng, { rate, alternative }) => {
    const count = { successes: 0, trials: 0 };
    return looks(1, horizon, 100).some((look) => {
      for (; count.trials < look; count.trials += 1) if (rng.next() < rate) count.successes += 1;
      return betaMixtureLogEValue(count, { nullValue: rate, alternative }) >= THRESHOLD;
    });
  });
}

function exceedance(scale: SimulationScale): SimulationResult {
  const { repetitions, horizon } = exactSize(scale);
  const how = `every look up to ${horizon}`;
  const shares = { 'p = 0.5': 0.5, 'p = 0.95': 0.95, 'p = 0.99': 0.99 };
  return each('exceedance', { repetitions, how }, shares, (rng, quantile) => {
    const count = { successes: 0, trials: 0 };
    return looks(1, horizon, 100).some((look) => {
      for (; count.trials < look; count.trials += 1) if (rng.next() < 1 - quantile) count.successes += 1;
      return exceedanceLogEValue(count, { quantile }) >= THRESHOLD;
    });
  });
}

export const simulations: readonly Simulation[] = [
  { name: 'sample ratio at 5 %', claim: `${exactly}, also under changing shares`, run: ratioMismatch(0.05) },
  {
    name: 'sample ratio at 0.1 %',
    claim: 'at most 0.1 % of the runs ever raise a false alarm',
    run: ratioMismatch(0.001),
  },
  { name: 'rate ratio sequence', claim: exactly, run: rateRatio },
  { name: 'beta mixture against a limit', claim: exactly, run: fixedLimit },
  { name: 'exceedance e-process', claim: exactly, run: exceedance },
];
