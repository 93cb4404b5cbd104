// Coverage of the fixed-n intervals at 95 %. Where no level is claimed the figures stand in docs/accuracy.md.

import type { Simulation, SimulationResult } from './Simulation.ts';
import { bootstrapCells, type Cell, exactCoverage, meanCells, proportionCells } from './support/coverageCells.ts';

/** The cells that lie furthest from the level, beyond three Monte Carlo standard errors. */
function within(cells: readonly Cell[], tolerance: number, detail: string): SimulationResult {
  const excess = ({ coverage, standardError }: Cell): number =>
    Math.abs(coverage - 0.95) - tolerance - 3 * standardError;
  const worst = cells.reduce((a, b) => (excess(a) > excess(b) ? a : b));
  const coverages = cells.map(({ coverage }) => coverage);
  return {
    measured: { lowest: Math.min(...coverages), highest: Math.max(...coverages) },
    passed: excess(worst) <= 0,
    detail: `${cells.length} cells, |coverage - 0.95| <= ${tolerance} + 3 se; worst ${worst.interval}, ${worst.population}, n = ${worst.n}: ${worst.coverage.toFixed(4)} (se ${worst.standardError.toFixed(4)}). ${detail}`,
  };
}

/** A grid over (0, 1) that is dense at the ends. */
const grid = Array.from({ length: 999 }, (_, i) => (1 - Math.cos((Math.PI * (i + 1)) / 1000)) / 2);

function exact(method: Parameters<typeof exactCoverage>[0]): { readonly mean: number; readonly lowest: number } {
  const all = [20, 100].flatMap((n) => exactCoverage(method, n, grid));
  // Weights of a uniform proportion: the grid is the image of an even one.
  const weights = grid.map((p) => Math.sqrt(p * (1 - p)));
  const total = 2 * weights.reduce((sum, weight) => sum + weight, 0);
  const mean = all.reduce((sum, coverage, i) => sum + coverage * weights[i % grid.length]!, 0) / total;
  return { mean, lowest: Math.min(...all) };
}

export const simulations: readonly Simulation[] = [
  {
    name: 'means, normal data',
    claim: 't intervals of a mean and of a difference hold 95 % for normal data at any size; ratios within 0.5 %',
    run({ full }) {
      const cells = meanCells(full ? 20_000 : 2000, 'means', (population) => population.startsWith('normal'));
      return within(cells, 0.005, 'mean, difference, ratio by logarithm and by Fieller.');
    },
  },
  {
    name: 'means, in the limit',
    claim:
      'intervals of means, differences and ratios hold 95 % within 1 % at n = 1000 for exponential and Bernoulli(0.1, 0.5) data',
    run({ full }) {
      const cells = meanCells(
        full ? 20_000 : 2000,
        'limit',
        (population, n) => /exponential|\(0\.1\)|\(0\.5\)/.test(population) && n === 1000,
      ).filter(({ n }) => !n.endsWith('+ 100'));
      return within(cells, 0.01, 'Rarer events and heavier tails: docs/accuracy.md.');
    },
  },
  {
    name: 't interval of 30 lognormal(1.5) values',
    claim: 'covers about 78 %, not 95 %, as the documentation says',
    run({ full }) {
      const cells = meanCells(full ? 50_000 : 5000, 'lognormal', (name, n) => name.startsWith('lognormal') && n === 30);
      const cell = cells.find(({ interval }) => interval === 'meanInterval')!;
      return {
        measured: { coverage: cell.coverage },
        passed: Math.abs(cell.coverage - 0.78) <= 0.015 + 3 * cell.standardError,
        detail: `|coverage - 0.78| <= 0.015 + 3 se, se ${cell.standardError.toFixed(4)}`,
      };
    },
  },
  {
    name: 'one proportion, exact',
    claim:
      'Clopper–Pearson never covers less than 95 %; Wilson with continuity hardly; Wilson and Jeffreys cover 95 % on average over the proportions within 1 %',
    run() {
      const [clopper, corrected, wilson, jeffreys] = (
        ['clopperPearsonInterval', 'wilsonInterval (continuity)', 'wilsonInterval', 'jeffreysInterval'] as const
      ).map(exact) as [
        ReturnType<typeof exact>,
        ReturnType<typeof exact>,
        ReturnType<typeof exact>,
        ReturnType<typeof exact>,
      ];
      const near = (mean: number): boolean => Math.abs(mean - 0.95) <= 0.01;
      return {
        measured: {
          'clopper-pearson lowest': clopper.lowest,
          'wilson-continuity lowest': corrected.lowest,
          'wilson mean': wilson.mean,
          'wilson lowest': wilson.lowest,
          'jeffreys mean': jeffreys.mean,
          'jeffreys lowest': jeffreys.lowest,
        },
        passed: clopper.lowest >= 0.95 - 1e-12 && corrected.lowest >= 0.93 && near(wilson.mean) && near(jeffreys.mean),
        detail: 'summed over all outcomes for n = 20 and 100 and 999 proportions: no Monte Carlo error',
      };
    },
  },
  {
    name: 'two proportions, exact',
    claim: 'Newcombe and Agresti–Caffo cover at least 94 % where both rates are 0.5, 0.1, 0.01 or 0.002',
    run() {
      const cells = proportionCells().filter(({ interval }) => /newcombe|agresti/.test(interval));
      const lowest = cells.reduce((a, b) => (a.coverage < b.coverage ? a : b));
      return {
        measured: { lowest: lowest.coverage },
        passed: lowest.coverage >= 0.94,
        detail: `summed over all outcomes, 100 + 100 and 500 + 50; lowest ${lowest.interval}, ${lowest.population}, ${lowest.n}`,
      };
    },
  },
  {
    name: 'bootstrap of a mean, n = 30',
    claim: 'BCa and percentile intervals cover 95 % within 4 % for normal data; BCa falls less short for skewed data',
    run({ full }) {
      const cells = bootstrapCells(full ? 5000 : 500);
      const at = (interval: string, population: string): Cell =>
        cells.find((cell) => cell.interval.includes(interval) && cell.population.startsWith(population))!;
      const measured = Object.fromEntries(
        cells.map((c) => [`${c.interval.slice(19, -1)}, ${c.population}`, c.coverage]),
      );
      const normal = [at('bca', 'normal'), at('percentile', 'normal')];
      const gain = at('bca', 'lognormal').coverage - at('percentile', 'lognormal').coverage;
      const { standardError } = at('bca', 'lognormal');
      return {
        measured,
        passed:
          normal.every((cell) => Math.abs(cell.coverage - 0.95) <= 0.04 + 3 * cell.standardError) &&
          gain >= -3 * standardError,
        detail: `999 replicates; |coverage - 0.95| <= 0.04 + 3 se; BCa - percentile >= -3 se, se ${standardError.toFixed(4)}`,
      };
    },
  },
];
