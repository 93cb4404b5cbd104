// Project 2: a wafer's test program has eight blocks. Most blocks find next to nothing on most wafers: which may be
// skipped?
import { normal, type Rng } from 'coronate/random';
import type { Row } from '../models.ts';
import { normals, poisson } from './counts.ts';

/** A block of the test program. */
export interface TestBlock {
  readonly name: string;
  /** How long it takes on a wafer. */
  readonly minutes: number;
  /** Its expected failing dies are exp(base + effects · row). */
  readonly base: number;
  readonly effects: readonly number[];
}

/** The program: 4.0 minutes a wafer when all of it runs. */
export const TEST_BLOCKS: readonly TestBlock[] = [
  { name: 'continuity', minutes: 0.3, base: 0.0, effects: [0.9, 0, 0, 0] },
  { name: 'leakage', minutes: 0.4, base: 0.9, effects: [0, 0.9, 0, 0] },
  { name: 'scan', minutes: 0.8, base: 1.8, effects: [0.6, 0.6, 0, 0] },
  { name: 'memory', minutes: 0.7, base: 1.2, effects: [0, 0, 0.9, 0] },
  { name: 'analog', minutes: 0.6, base: 0.9, effects: [0, 0, 0, 0.9] },
  { name: 'speed', minutes: 0.5, base: 0.3, effects: [0, 0, -0.6, 0.6] },
  { name: 'burn-in', minutes: 0.4, base: 0.0, effects: [-0.6, 0, 0.6, 0] },
  { name: 'io', minutes: 0.3, base: 0.3, effects: [0, -0.6, 0, -0.6] },
];

/** Dies on a wafer. */
export const DIES_PER_WAFER = 500;

/** What the tester costs, in dollars a minute, and the wafers it sees in a year: the notebook's figures. */
export const TESTER_COST = { perMinute: 100, wafersPerYear: 500 * 365 } as const;

/** A wafer: what the line measured before test, and what all eight blocks would find. */
export interface Wafer {
  readonly id: string;
  /** Four process-control measurements, standardised. */
  readonly row: Row;
  /** Dies that fail in each block, and in no other. Final test finds later what a skipped block would have found. */
  readonly fails: readonly number[];
  /** How fast this wafer's tester runs, 1 being nominal: the minutes of a block are multiplied by it. */
  readonly tempo: number;
}

/** The expected failing dies of each block: what an oracle would decide on. */
export function expectedFails(row: Row): number[] {
  return TEST_BLOCKS.map(({ base, effects }) => Math.exp(effects.reduce((sum, e, k) => sum + e * row[k]!, base)));
}

/**
 * Wafers by the formula: row ~ N(0, 1)⁴, fails_j ~ Poisson(exp(base_j + effects_j · row)), tempo = exp(N(0, 0.05²)).
 * About 28 dies of 500 fail. An oracle that knows the formula, with `chooseBlocks` at its default budget, runs about
 * 69 % of the minutes, and its yield correlates with the true one at about 0.995.
 */
export function makeTestWafers(rng: Rng, n: number): readonly Wafer[] {
  return Array.from({ length: n }, (_, i) => {
    const row = normals(rng, 4);
    const fails = expectedFails(row).map((mean) => poisson(rng, mean));
    return { id: `wafer-${i}`, row, fails, tempo: Math.exp(0.05 * normal(rng)) };
  });
}

/** A model's answer: which blocks to run, and how many dies it expects the skipped ones would have found. */
export interface TestPlan {
  readonly run: readonly boolean[];
  readonly expectedSkipped: number;
}

/** Everything runs. */
export const FULL_PLAN: TestPlan = { run: TEST_BLOCKS.map(() => true), expectedSkipped: 0 };

/**
 * Skips the blocks that find least a minute, as long as the dies they are expected to find stay within the budget.
 * @param budget expected failing dies that may go unseen. @defaultValue 3
 */
export function chooseBlocks(expected: readonly number[], budget = 3): TestPlan {
  const rate = (j: number): number => expected[j]! / TEST_BLOCKS[j]!.minutes;
  const order = TEST_BLOCKS.map((_, j) => j).sort((a, b) => rate(a) - rate(b));
  const run = TEST_BLOCKS.map(() => true);
  let skipped = 0;
  for (const j of order) {
    if (skipped + expected[j]! > budget) break;
    skipped += expected[j]!;
    run[j] = false;
  }
  return { run, expectedSkipped: skipped };
}

/** Minutes that a plan took on a wafer. */
export function testMinutes(plan: TestPlan, wafer: Wafer): number {
  return wafer.tempo * TEST_BLOCKS.reduce((sum, block, j) => sum + (plan.run[j] ? block.minutes : 0), 0);
}

/** Failing dies that the plan did not see: its false negatives. */
export function missedDies(plan: TestPlan, wafer: Wafer): number {
  return wafer.fails.reduce((sum, fails, j) => sum + (plan.run[j] ? 0 : fails), 0);
}

/** The yield in percent that the plan reports: what its blocks found, and what it expects of the skipped ones. */
export function reportedYield(plan: TestPlan, wafer: Wafer): number {
  const found = wafer.fails.reduce((sum, fails, j) => sum + (plan.run[j] ? fails : 0), 0);
  return 100 * (1 - (found + plan.expectedSkipped) / DIES_PER_WAFER);
}

/** The yield in percent that the full program finds. */
export function trueYield(wafer: Wafer): number {
  return reportedYield(FULL_PLAN, wafer);
}
