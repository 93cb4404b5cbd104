// Random forests of ml-random-forest. Its train() is one synchronous call that takes seconds, so a forest is trained in
// chunks of a few trees, with a breath between them: a progress bar is then true, and the event loop stays alive.
import { createRng } from 'coronate/random';
import { type ForestOptions, RandomForestClassifier, RandomForestRegression } from 'ml-random-forest';
import { type BinaryModel, binaryModel, copyRows, type RegressionModel, type Row } from './models.ts';

/** How to grow a forest. */
export interface TrainForestOptions {
  /** @defaultValue 'forest' */
  readonly name?: string;
  /** A multiple of 5. @defaultValue 20 */
  readonly trees?: number;
  /** @defaultValue 10 */
  readonly maxDepth?: number;
  /** A node with no more rows than this is a leaf. @defaultValue 3 */
  readonly minNumSamples?: number;
  /** @defaultValue 42 */
  readonly seed?: number;
  /** Told after every chunk how many of the trees are grown. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Trees trained in one synchronous call: about 0.3 s on 800 rows of 5 columns at depth 10. */
export const TREES_PER_CHUNK = 5;

/** The seed of a forest's chunk: a 32-bit integer, another one for each. */
export function chunkSeed(seed: number, chunk: number): number {
  return Math.floor(createRng(seed).fork(`chunk ${chunk}`).next() * 2 ** 31);
}

async function growChunks<F extends { train(rows: number[][], targets: number[]): void }>(
  rows: readonly Row[],
  targets: readonly number[],
  { trees = 20, maxDepth = 10, minNumSamples = 3, seed = 42, onProgress }: TrainForestOptions,
  plant: (options: ForestOptions) => F,
): Promise<F[]> {
  const chunks: F[] = [];
  // The depth limit belongs inside treeOptions: outside, ml-random-forest ignores it without a word.
  const treeOptions = { maxDepth, minNumSamples };
  for (let i = 0; i * TREES_PER_CHUNK < trees; i += 1) {
    const chunk = plant({ nEstimators: TREES_PER_CHUNK, seed: chunkSeed(seed, i), noOOB: true, treeOptions });
    chunk.train(copyRows(rows), [...targets]);
    chunks.push(chunk);
    onProgress?.(Math.min(trees, (i + 1) * TREES_PER_CHUNK), trees);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return chunks;
}

/** A regression forest: the mean of its chunks, each the mean of five trees. The same seed grows the same forest. */
export async function trainForest(
  rows: readonly Row[],
  targets: readonly number[],
  options: TrainForestOptions = {},
): Promise<RegressionModel> {
  const chunks = await growChunks(rows, targets, options, (chunk) => new RandomForestRegression(chunk));
  const predict = (row: Row): number => {
    const batch = [[...row]];
    let sum = 0;
    for (const chunk of chunks) sum += chunk.predict(batch)[0]!;
    return sum / chunks.length;
  };
  return { name: options.name ?? 'forest', predict };
}

/**
 * A forest that says yes or no: the probability is the share of trees that vote yes. (The package's own
 * `predictProbability` forgets the first tree, so the votes are counted here.)
 *
 * @param labels 0 or 1
 */
export async function trainForestClassifier(
  rows: readonly Row[],
  labels: readonly number[],
  options: TrainForestOptions = {},
): Promise<BinaryModel> {
  const chunks = await growChunks(rows, labels, options, (chunk) => new RandomForestClassifier(chunk));
  const probability = (row: Row): number => {
    const batch = [[...row]];
    let yes = 0;
    for (const chunk of chunks) for (const vote of chunk.predictionValues(batch).getRow(0)) yes += vote === 1 ? 1 : 0;
    return yes / (chunks.length * TREES_PER_CHUNK);
  };
  return binaryModel(options.name ?? 'forest', probability);
}
