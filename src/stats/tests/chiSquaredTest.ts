import { checkBoolean, checkOneOf, checkOptions, checkProbability } from '../../core/check.ts';
import { InvalidDataError, InvalidOptionError } from '../../core/errors.ts';
import { chiSquaredDistribution } from '../distributions/index.ts';
import { inconclusive } from '../inconclusive.ts';
import { minusProducts } from '../special/products.ts';
import type { TestResult } from '../types.ts';
import { type CountedCell, likelihoodRatioStatistic, pearsonStatistic } from './chiSquaredParts.ts';
import { noncentralityInterval } from './noncentralityInterval.ts';

/** Options of {@link chiSquaredTest}. */
export interface ChiSquaredOptions {
  /** `pearson`: the sum of (O - E)^2 / E. `likelihood-ratio`: the G-test. @defaultValue 'pearson' */
  readonly statistic?: 'pearson' | 'likelihood-ratio';
  /** Yates' continuity correction, for Pearson's statistic of a 2×2 table only. @defaultValue false */
  readonly correction?: boolean;
  /** The confidence level of the interval, strictly between 0 and 1. @defaultValue 0.95 */
  readonly level?: number;
}

/** Below this expected count the approximation is not to be trusted. */
const SMALL_EXPECTED = 5;

/**
 * The chi-squared test of independence in a table of counts, of any size from 2×2 on.
 *
 * The effect size is Cramér's V as it stands. The estimate is V without its bias, from max(0, statistic - df), with the
 * interval that inverts the non-central chi-squared distribution: V of independent counts is not 0 on average.
 *
 * @param table counts, row by row: finite and not negative, rows of equal length
 * @returns `inconclusive` for an empty row or column
 * @throws InvalidOptionError, InvalidDataError
 * @example
 * const result = chiSquaredTest([[61, 883], [109, 829]]);
 * result.status === 'ok' && result.statistic; // 15.237238488692947
 * @see Pearson (1900), doi:10.1080/14786440009463897; Yates (1934), doi:10.2307/2983604; Cramér (1946), Mathematical
 * Methods of Statistics, section 21.9
 */
export function chiSquaredTest(table: readonly (readonly number[])[], options: ChiSquaredOptions = {}): TestResult {
  checkOptions('chiSquaredTest options', options, ['statistic', 'correction', 'level']);
  const kind = checkOneOf('statistic', options.statistic ?? 'pearson', ['pearson', 'likelihood-ratio']);
  const correction = checkBoolean('correction', options.correction ?? false);
  const level = checkProbability('level', options.level ?? 0.95);
  const columns = checkTable(table);
  const small = table.length === 2 && columns === 2;
  if (correction && !(small && kind === 'pearson')) {
    throw new InvalidOptionError('correction', correction, "false except for Pearson's statistic of a 2×2 table");
  }
  const method = kind === 'pearson' ? (correction ? 'chi-squared-yates' : 'chi-squared') : 'g-test';
  const { cells, total } = countedCells(table, columns);
  const n = [total];
  if (cells.some(({ expected }) => !(expected > 0))) return inconclusive(method, n, 'a row or a column is empty');
  const pearson = pearsonStatistic(cells, correction ? 0.5 : 0);
  const statistic = kind === 'pearson' ? pearson : likelihoodRatioStatistic(cells);
  const df = (table.length - 1) * (columns - 1);
  const scale = total * (Math.min(table.length, columns) - 1);
  const [lower, upper] = noncentralityInterval(statistic, df, level);
  const cramersV = (chiSquared: number): number => Math.min(1, Math.sqrt(chiSquared / scale));
  const few = cells.some(({ expected }) => expected < SMALL_EXPECTED);
  return {
    status: 'ok',
    method,
    validity: 'fixed-n',
    n,
    warnings: few ? [`expected counts below 5${small ? ': use fisherTest' : ''}`] : [],
    estimate: cramersV(Math.max(0, statistic - df)),
    interval: [cramersV(lower), cramersV(upper)],
    level,
    pValue: chiSquaredDistribution.sf(statistic, df),
    alternative: 'two-sided',
    statistic,
    df,
    effectSize: { name: 'cramers-v', value: cramersV(pearsonStatistic(cells)) },
  };
}

/** The number of columns. @throws InvalidDataError */
function checkTable(table: readonly (readonly number[])[]): number {
  const columns = Array.isArray(table) && Array.isArray(table[0]) ? table[0].length : 0;
  if (table.length < 2 || columns < 2) throw new InvalidDataError('table', table, 'two rows and two columns or more');
  table.forEach((row, i) => {
    if (row.length !== columns)
      throw new InvalidDataError(`table[${i}].length`, row.length, `${columns}, as in the first row`);
    row.forEach((count, j) => {
      if (!(Number.isFinite(count) && count >= 0)) {
        throw new InvalidDataError(`table[${i}][${j}]`, count, 'a finite count at least 0');
      }
    });
  });
  return columns;
}

function countedCells(table: readonly (readonly number[])[], columns: number): { cells: CountedCell[]; total: number } {
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  const rowSums = table.map(sum);
  const columnSums = Array.from({ length: columns }, (_, j) => sum(table.map((row) => row[j]!)));
  const total = sum(rowSums);
  const cells = table.flatMap((row, i) =>
    row.map((observed, j) => {
      const expected = (rowSums[i]! / total) * columnSums[j]!;
      // The products pass 2^53 in large tables: their difference is taken exactly.
      const difference = minusProducts(observed * total, rowSums[i]!, 0, columnSums[j]!) / total;
      return { observed, expected, difference };
    }),
  );
  return { cells, total };
}
