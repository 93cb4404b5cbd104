import { createRng } from 'coronate/random';
import { type Fab, type FabWafer, makeFabWafers } from '../data/fabs.ts';
import { trainForest } from '../forest.ts';
import { trainLinear } from '../linear.ts';
import { named, type RegressionModel } from '../models.ts';
import { trainNeural } from '../neural.ts';

/** The three arms of project 3. */
export interface FabModels {
  /** Least squares, on fabs A and B. */
  readonly linear: RegressionModel;
  /** A random forest of 25 trees, on fabs C and D. */
  readonly forest: RegressionModel;
  /** A multilayer perceptron of 24 hidden units, on the logic and memory chips of fab E. */
  readonly neural: RegressionModel;
}

/** How to train them. */
export interface TrainFabOptions {
  /** Told how many trees of the forest are grown. */
  readonly onProgress?: (done: number, total: number) => void;
}

const targets = (wafers: readonly FabWafer[]): number[] => wafers.map((wafer) => wafer.yield);
const rows = (wafers: readonly FabWafer[]): FabWafer['row'][] => wafers.map((wafer) => wafer.row);

/** Three real models, each of a kind that suits its home fabs and trained on those alone. */
export async function trainFabModels(seed: number, { onProgress }: TrainFabOptions = {}): Promise<FabModels> {
  const rng = createRng(seed);
  const from = (n: number, ...fabs: readonly Fab[]): readonly FabWafer[] =>
    fabs.flatMap((fab) => makeFabWafers(rng.fork(`train ${fab}`), n, { fab }));
  const straight = from(400, 'A', 'B');
  const stepped = from(300, 'C', 'D');
  const curved = from(2500, 'E').filter((wafer) => wafer.product !== 'radio');
  const forestOptions = { trees: 25, maxDepth: 8, seed, ...(onProgress ? { onProgress } : {}) };
  return {
    linear: trainLinear(rows(straight), targets(straight)),
    forest: await trainForest(rows(stepped), targets(stepped), forestOptions),
    neural: trainNeural(rows(curved), targets(curved), { hidden: [24], epochs: 60, seed }),
  };
}

/**
 * The control: three lines, each trained on other wafers of all five fabs. They differ by chance alone, so that a
 * bandit over them must show no lift.
 */
export function trainEqualFabModels(seed: number): FabModels {
  const rng = createRng(seed);
  const line = (name: string): RegressionModel => {
    const wafers = makeFabWafers(rng.fork(`control ${name}`), 4000);
    return named(name, trainLinear(rows(wafers), targets(wafers)));
  };
  return { linear: line('linear'), forest: line('forest'), neural: line('neural') };
}
