// Project 3: five wafer fabs make three products. Their processes follow three different laws, so no single model is
// best.
import { normal, type Rng } from 'coronate/random';
import type { Row } from '../models.ts';
import { choose } from './counts.ts';

/** The fabs. */
export const FABS = ['A', 'B', 'C', 'D', 'E'] as const;
/** A fab. */
export type Fab = (typeof FABS)[number];
/** The products. */
export const PRODUCTS = ['logic', 'memory', 'radio'] as const;
/** A product. */
export type Product = (typeof PRODUCTS)[number];
/** How much of each product a fab makes. */
const PRODUCT_SHARES: readonly number[] = [0.4, 0.4, 0.2];
/** The laws that a process can follow: a line, steps, or waves. */
export type Law = 'line' | 'steps' | 'waves';

/** A fab whose process follows another law from a day on. */
export interface ProcessChange {
  readonly fab: Fab;
  readonly day: number;
  readonly law: Law;
}

/** A wafer: where, what and when, what was measured, and the yield in percent. */
export interface FabWafer {
  readonly fab: Fab;
  readonly product: Product;
  /** Day of the year, 0 to 364. */
  readonly day: number;
  /** Four process measurements in [−1, 1], the product as two indicators (memory, radio), and day / 365. */
  readonly row: Row;
  readonly yield: number;
}

/** The noise in a wafer's yield (percentage points): no model's RMSE is below it. */
export const FAB_NOISE = 1;

const LAWS: Readonly<Record<Fab, Law>> = { A: 'line', B: 'line', C: 'steps', D: 'steps', E: 'waves' };
const PRODUCT_SHIFT: Readonly<Record<Product, number>> = { logic: 0, memory: 2, radio: -3 };

/** What a law adds to the yield. */
function shape(law: Law, [a, b, c, d]: Row): number {
  if (law === 'line') return 7 * a! - 5 * b! + 3 * d!;
  if (law === 'steps') return a! > 0.2 ? (b! > 0 ? 9 : 1) : c! > 0 ? -1 : -9;
  return 7 * Math.sin(3 * b!) * Math.cos(2 * c!) - 5 * a! * d!;
}

/**
 * The law of a fab: A and B follow the line, C and D the steps, E the waves, except that radio chips in E follow the
 * line. A change overrides that from its day on.
 */
export function lawOf(fab: Fab, product: Product, day = 0, changes: readonly ProcessChange[] = []): Law {
  const change = changes.filter((c) => c.fab === fab && c.day <= day).at(-1);
  return change?.law ?? (fab === 'E' && product === 'radio' ? 'line' : LAWS[fab]);
}

/** The yield that the formula expects: the best answer there is, whose mean absolute error is √(2/π) = 0.798. */
export function expectedFabYield(law: Law, product: Product, row: Row): number {
  return 75 + PRODUCT_SHIFT[product] + shape(law, row) - 2 * row[6]!;
}

/** How to make wafers. */
export interface FabOptions {
  /** @defaultValue a random one of the five for every wafer */
  readonly fab?: Fab;
  /** First and last day; the wafers are spread evenly over them, in order. @defaultValue [0, 364] */
  readonly days?: readonly [number, number];
  /** @defaultValue none */
  readonly changes?: readonly ProcessChange[];
}

/**
 * Wafers in order of their day, product at random by `PRODUCT_SHARES`, measurements a, b, c, d
 * uniform on [−1, 1]:
 *
 *     yield = 75 + {logic 0, memory 2, radio −3} + law(a, b, c, d) − 2 day/365 + N(0, 1²)
 *     line  = 7 a − 5 b + 3 d
 *     steps = a > 0.2: {b > 0: 9, else 1}, else {c > 0: −1, else −9}
 *     waves = 7 sin(3 b) cos(2 c) − 5 a d
 */
export function makeFabWafers(rng: Rng, n: number, options: FabOptions = {}): readonly FabWafer[] {
  const { fab, days: [first, last] = [0, 364], changes = [] } = options;
  return Array.from({ length: n }, (_, i) => {
    const where = fab ?? FABS[Math.floor(FABS.length * rng.next())]!;
    const product = PRODUCTS[choose(rng, PRODUCT_SHARES)]!;
    const day = Math.floor(first + ((last - first + 1) * i) / n);
    const measured = [0, 1, 2, 3].map(() => 2 * rng.next() - 1);
    const row = [...measured, product === 'memory' ? 1 : 0, product === 'radio' ? 1 : 0, day / 365];
    const expected = expectedFabYield(lawOf(where, product, day, changes), product, row);
    return { fab: where, product, day, row, yield: expected + FAB_NOISE * normal(rng) };
  });
}

/** The context of a decision: fab and product as indicators, and the day as a fraction of the year; nine numbers. */
export function fabContext({ fab, product, day }: Pick<FabWafer, 'fab' | 'product' | 'day'>): readonly number[] {
  return [...FABS.map((f) => (f === fab ? 1 : 0)), ...PRODUCTS.map((p) => (p === product ? 1 : 0)), day / 365];
}
