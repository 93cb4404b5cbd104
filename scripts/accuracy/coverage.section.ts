import {
  aucCells,
  bootstrapCells,
  type Cell,
  f1Cells,
  meanCells,
  proportionCells,
  regressionCells,
  spearmanCells,
} from '../../test/simulations/support/coverageCells.ts';
import type { AccuracySection } from './AccuracySection.ts';

const RUNS = 5000;

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function row({ interval, population, n, coverage, standardError, exact, inconclusive }: Cell): readonly string[] {
  const none = inconclusive < 5e-4 ? '' : percent(inconclusive);
  return [`\`${interval}\``, population, n, percent(coverage), exact ? 'exact' : percent(standardError), none];
}

/** How often the fixed-n intervals at 95 % hold the truth, also where they do not claim it. */
export const section: AccuracySection = {
  title: 'Coverage of the fixed-n intervals',
  order: 30,
  text: `
How often an interval at 95 % holds the truth, by seeded simulation with ${RUNS} runs (2000 for the bootstrap), or summed
over all outcomes where it says exact. Runs that concluded nothing are counted apart and not in the coverage. What is
claimed of these figures is checked by test/simulations.

Read it before choosing: a t interval of 30 values with a heavy tail covers 78 %, not 95 %; Welch's interval of rare
events in a small sample as little as two thirds, where Newcombe's covers 95 %; errors with a lognormal tail need
thousands of predictions before the interval of an RMSE means what it says.
`,
  header: ['interval', 'data', 'n', 'coverage', 'Monte Carlo error', 'inconclusive'],
  rows: () =>
    [
      ...meanCells(RUNS),
      ...proportionCells(),
      ...bootstrapCells(2000),
      ...regressionCells(RUNS),
      ...spearmanCells(RUNS),
      ...aucCells(RUNS),
      ...f1Cells(RUNS),
    ].map(row),
};
