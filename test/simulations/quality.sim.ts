// Coverage and size of what judges models: areas, errors, correlations, drift.
import { createRng, normal } from '../../src/random/index.ts';
import { binnedDrift } from '../../src/stats/drift/BinnedDrift.ts';
import { countInBins, quantileBins } from '../../src/stats/drift/index.ts';
import { independentRocAucTest, pairedRocAucTest } from '../../src/stats/quality/index.ts';
import type { Simulation, SimulationResult } from './Simulation.ts';
import { rate } from './support/coverage.ts';
import { aucCells, type Cell, f1Cells, regressionCells, spearmanCells } from './support/coverageCells.ts';

function within(cells: readonly Cell[], tolerance: number): SimulationResult {
  const worst = cells.reduce((a, b) => (Math.abs(a.coverage - 0.95) > Math.abs(b.coverage - 0.95) ? a : b));
  return {
    measured: Object.fromEntries(cells.map((c) => [`${c.population}, ${c.n}`, c.coverage])),
    passed: cells.every((c) => Math.abs(c.coverage - 0.95) <= tolerance + 3 * c.standardError),
    detail: `|coverage - 0.95| <= ${tolerance} + 3 se; se ${worst.standardError.toFixed(4)}`,
  };
}

/** Labels of a run: 60 positives, 100 negatives. */
const labels = [...new Array<1>(60).fill(1), ...new Array<0>(100).fill(0)];

export const simulations: readonly Simulation[] = [
  {
    name: 'area under the ROC curve',
    claim: 'the interval holds 95 % within 1.5 % for areas of 0.5 to 0.95 with 100 observations of each class',
    run({ full }) {
      return within(
        aucCells(full ? 20_000 : 2000).filter(({ n }) => n === '100 + 100'),
        0.015,
      );
    },
  },
  {
    name: 'F1 score',
    claim: 'the interval holds 95 % within 2.5 % with 100 and with 1000 predictions, a fifth of them positive',
    run({ full }) {
      return within(f1Cells(full ? 20_000 : 3000), 0.025);
    },
  },
  {
    name: 'DeLong, paired, size',
    claim: "DeLong's paired test at 5 % raises 5 % false alarms within 1 % for two equally good, correlated scores",
    run({ full }) {
      const rng = createRng('delong-paired');
      const runs = full ? 20_000 : 3000;
      const { rate: size, standardError } = rate(runs, () => {
        const shared = labels.map((label) => label + normal(rng));
        const scores = [0, 1].map(() => shared.map((value) => value + normal(rng)));
        const result = pairedRocAucTest(scores[0]!, scores[1]!, labels);
        return result.status === 'ok' && result.pValue <= 0.05;
      });
      return {
        measured: { size },
        passed: Math.abs(size - 0.05) <= 0.01 + 3 * standardError,
        detail: `60 + 100 observations, ${runs} runs, |size - 0.05| <= 0.01 + 3 se, se ${standardError.toFixed(4)}`,
      };
    },
  },
  {
    name: 'DeLong, independent, size',
    claim: "DeLong's test of two models on their own observations raises 5 % false alarms within 1 %",
    run({ full }) {
      const rng = createRng('delong-independent');
      const runs = full ? 20_000 : 3000;
      const draw = () => ({ scores: labels.map((label) => label + normal(rng)), labels });
      const { rate: size, standardError } = rate(runs, () => {
        const result = independentRocAucTest(draw(), draw());
        return result.status === 'ok' && result.pValue <= 0.05;
      });
      return {
        measured: { size },
        passed: Math.abs(size - 0.05) <= 0.01 + 3 * standardError,
        detail: `60 + 100 observations each, ${runs} runs, |size - 0.05| <= 0.01 + 3 se, se ${standardError.toFixed(4)}`,
      };
    },
  },
  {
    name: 'RMSE, R² and correlation, normal errors',
    claim: 'their intervals hold 95 % within 1.5 % with 300 predictions and normal errors',
    run({ full }) {
      const cells = regressionCells(full ? 20_000 : 2000).filter(
        ({ population, n }) => population.startsWith('normal') && n === '300',
      );
      const result = within(cells, 0.015);
      return { ...result, measured: Object.fromEntries(cells.map((c) => [c.interval, c.coverage])) };
    },
  },
  {
    name: 'rank correlation',
    claim: "Spearman's interval holds 95 % within 2 % for normal pairs, from r = 0 to 0.9, n = 30 and 300",
    run({ full }) {
      return within(spearmanCells(full ? 20_000 : 2000), 0.02);
    },
  },
  {
    name: 'population stability index, size',
    claim:
      'without drift the p-value of the index is below 5 % in 5 % of the cases within 1 %, 1000 against 500 values',
    run({ full }) {
      const rng = createRng('psi');
      const runs = full ? 10_000 : 1500;
      const sample = (n: number): number[] => Array.from({ length: n }, () => normal(rng));
      const { rate: size, standardError } = rate(runs, () => {
        const reference = sample(1000);
        const edges = quantileBins(reference, 10);
        return (
          binnedDrift(countInBins(reference, edges), countInBins(sample(500), edges), 1e-4).stabilityPValue <= 0.05
        );
      });
      return {
        measured: { size },
        passed: Math.abs(size - 0.05) <= 0.01 + 3 * standardError,
        detail: `10 quantile bins, ${runs} runs, |size - 0.05| <= 0.01 + 3 se, se ${standardError.toFixed(4)}`,
      };
    },
  },
];
