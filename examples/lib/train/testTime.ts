import { createRng, shuffle } from 'coronate/random';
import { chooseBlocks, FULL_PLAN, makeTestWafers, TEST_BLOCKS, type TestPlan, type Wafer } from '../data/testTime.ts';
import type { Row } from '../models.ts';
import { trainPoisson } from '../poisson.ts';

/** A model that plans a wafer's test. */
export interface PlanModel {
  readonly name: string;
  predict(row: Row): TestPlan;
}

/** The full program, whatever the wafer: what production does today. */
const fullProgram: PlanModel = { name: 'full program', predict: () => FULL_PLAN };

/** One Poisson regression a block for its failing dies; the blocks that are expected to find least are skipped. */
function trainPlanner(name: string, wafers: readonly Wafer[], budget?: number): PlanModel {
  const rows = wafers.map((wafer) => wafer.row);
  const blocks = TEST_BLOCKS.map((block, j) =>
    trainPoisson(
      rows,
      wafers.map((wafer) => wafer.fails[j]!),
      block.name,
    ),
  );
  const expected = (row: Row): number[] => blocks.map((block) => block.predict(row));
  return { name, predict: (row) => chooseBlocks(expected(row), budget) };
}

/** What {@link trainTestTimeModels} gives. */
export interface TestTimeModels {
  /** The champion: every block on every wafer. */
  readonly champion: PlanModel;
  /** Learned from 4,000 wafers which blocks are worth their minutes. */
  readonly challenger: PlanModel;
  /** Trained the same way to skip nothing (budget 0): a challenger that changes nothing and must not be promoted. */
  readonly placebo: PlanModel;
  /**
   * Trained on wafers whose results were mixed up, with a budget that skips as many minutes as the challenger: it
   * saves the time, but its yield no longer follows the true one. It must not be promoted either.
   */
  readonly careless: PlanModel;
}

/** The models of project 2, each trained on 4,000 wafers. */
export function trainTestTimeModels(seed: number): TestTimeModels {
  const rng = createRng(seed);
  const wafers = makeTestWafers(rng.fork('challenger'), 4000);
  const order = shuffle(rng.fork('mixed up'), wafers);
  const mixed = wafers.map((wafer, i) => ({ ...wafer, row: order[i]!.row }));
  return {
    champion: fullProgram,
    challenger: trainPlanner('planner', wafers),
    placebo: trainPlanner('placebo', makeTestWafers(rng.fork('placebo'), 4000), 0),
    careless: trainPlanner('mixed-up planner', mixed, 5.5),
  };
}
