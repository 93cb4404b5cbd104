import { createRng, shuffle } from 'coronate/random';
import { fitScaler, sigmoid } from './features.ts';
import { type BinaryModel, binaryModel, type RegressionModel, type Row } from './models.ts';
import { backward, createNetwork, descend, forward, type Network } from './network.ts';

/** How to train a network. */
export interface TrainNeuralOptions {
  /** @defaultValue 'neural' */
  readonly name?: string;
  /** Units of each hidden layer. @defaultValue [16] */
  readonly hidden?: readonly number[];
  /** Passes over the rows. @defaultValue 40 */
  readonly epochs?: number;
  /** Adam's step, falling to a twentieth of it over the epochs. @defaultValue 0.01 */
  readonly learningRate?: number;
  /** Rows a step. @defaultValue 32 */
  readonly batch?: number;
  /** L2 penalty on the weights. @defaultValue 1e-4 */
  readonly penalty?: number;
  /** Of the first weights and the order of the rows. @defaultValue 42 */
  readonly seed?: number;
}

/** Trains on standardised rows; squared error and log loss share their derivative by the output: answer − target. */
function train(
  rows: readonly Row[],
  targets: readonly number[],
  link: (output: number) => number,
  options: TrainNeuralOptions,
): Network {
  const { hidden = [16], epochs = 40, learningRate = 0.01, batch = 32, penalty = 1e-4, seed = 42 } = options;
  const rng = createRng(seed);
  const network = createNetwork([rows[0]!.length, ...hidden], rng.fork('weights'));
  const draws = rng.fork('order');
  const indexes = rows.map((_, i) => i);
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    const rate = learningRate * 0.05 ** (epoch / epochs);
    const order = shuffle(draws, indexes);
    for (let start = 0; start < order.length; start += batch) {
      const chosen = order.slice(start, start + batch);
      for (const i of chosen) backward(network, rows[i]!, link(forward(network, rows[i]!)) - targets[i]!);
      descend(network, chosen.length, rate, penalty);
    }
  }
  return network;
}

/** A small multilayer perceptron for a number: inputs and targets are standardised, and the answer scaled back. */
export function trainNeural(
  rows: readonly Row[],
  targets: readonly number[],
  options: TrainNeuralOptions = {},
): RegressionModel {
  const scaler = fitScaler(rows);
  const target = fitScaler(targets.map((value) => [value]));
  const scaledTargets = targets.map((value) => target.apply([value])[0]!);
  const network = train(rows.map(scaler.apply), scaledTargets, (output) => output, options);
  const predict = (row: Row): number => target.means[0]! + target.deviations[0]! * forward(network, scaler.apply(row));
  return { name: options.name ?? 'neural', predict };
}

/**
 * A small multilayer perceptron for yes or no, trained on the log loss.
 *
 * @param labels 0 or 1
 */
export function trainNeuralClassifier(
  rows: readonly Row[],
  labels: readonly number[],
  options: TrainNeuralOptions = {},
): BinaryModel {
  const scaler = fitScaler(rows);
  const network = train(rows.map(scaler.apply), labels, sigmoid, options);
  return binaryModel(options.name ?? 'neural', (row) => sigmoid(forward(network, scaler.apply(row))));
}
