// The notebook's wafer tests: its own 1,000 rows, and fresh ones from its own formula.
import { readFileSync } from 'node:fs';
import { normal, type Rng } from 'coronate/random';
import type { Row } from './models.ts';

/** Wafers: what was measured, and the yield in percent that came out. */
export interface WaferTests {
  /** Supply voltage (V), current (A), frequency (MHz), temperature (°C), dies tested. */
  readonly rows: readonly Row[];
  /** Yield in percent. */
  readonly yields: readonly number[];
}

/**
 * The standard deviation of the noise in a wafer's yield, in percentage points: the RMSE of the true formula,
 * below which no model can get. Its mean absolute error is 1.5 √(2/π) = 1.197.
 */
export const WAFER_NOISE = 1.5;

/** The notebook's 1,000 rows (NumPy, seed 42): 800 to train on, then the 200 that its requests come from. */
export function loadWafers(): { readonly train: WaferTests; readonly test: WaferTests } {
  const text = readFileSync(new URL('../data/wafer-tests.csv', import.meta.url), 'utf8');
  const table = text.trim().split('\n').slice(1);
  const parsed = table.map((line) => line.split(',').map(Number));
  const rows = parsed.map((cells) => cells.slice(0, 5));
  const yields = parsed.map((cells) => cells[5]!);
  return {
    train: { rows: rows.slice(0, 800), yields: yields.slice(0, 800) },
    test: { rows: rows.slice(800), yields: yields.slice(800) },
  };
}

/** The yield that the notebook's formula expects of a row, before its noise: the best answer there is. */
export function expectedYield([vdd, idd, frequency, temperature, dies]: Row): number {
  return 50 + 30 * vdd! + 20 * idd! - 0.1 * frequency! + 2 * temperature! + 0.05 * dies!;
}

/**
 * Fresh wafers from the notebook's formula:
 * vdd ~ N(1, 0.05²), idd ~ N(0.5, 0.1²), frequency ~ N(1000, 50²), temperature ~ N(25, 5²), dies uniform on 50..199,
 * yield = 50 + 30 vdd + 20 idd − 0.1 frequency + 2 temperature + 0.05 dies + N(0, 1.5²).
 */
export function freshWafers(rng: Rng, n: number): WaferTests {
  const rows: Row[] = [];
  const yields: number[] = [];
  for (let i = 0; i < n; i += 1) {
    const row = [
      1 + 0.05 * normal(rng),
      0.5 + 0.1 * normal(rng),
      1000 + 50 * normal(rng),
      25 + 5 * normal(rng),
      Math.floor(50 + 150 * rng.next()),
    ];
    rows.push(row);
    yields.push(expectedYield(row) + WAFER_NOISE * normal(rng));
  }
  return { rows, yields };
}
