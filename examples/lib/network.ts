// A multilayer perceptron in plain arrays: tanh inside, a linear output, gradients by back-propagation, steps by Adam
// (Kingma & Ba 2015, algorithm 1).
import { normal, type Rng } from 'coronate/random';
import type { Row } from './models.ts';

/** Parameters with their gradients and Adam's two running moments. */
interface Parameters {
  readonly values: Float64Array;
  readonly gradient: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  /** Row by row: the weights into one output, then the next. */
  readonly weights: Parameters;
  readonly biases: Parameters;
  /** What came out last, and the loss's derivative by what went into the tanh. */
  readonly activation: Float64Array;
  readonly delta: Float64Array;
}

/** A network with one linear output. */
export interface Network {
  readonly layers: readonly Layer[];
  /** Steps taken so far; Adam's bias correction needs it. */
  steps: number;
}

function parameters(size: number): Parameters {
  const zeros = (): Float64Array => new Float64Array(size);
  return { values: zeros(), gradient: zeros(), first: zeros(), second: zeros() };
}

/** A network of these layer sizes, the input first; weights drawn from N(0, 1 / inputs). */
export function createNetwork(sizes: readonly number[], rng: Rng): Network {
  const layers = [...sizes.slice(1), 1].map((outputs, i) => {
    const inputs = sizes[i]!;
    const weights = parameters(inputs * outputs);
    for (let k = 0; k < weights.values.length; k += 1) weights.values[k] = normal(rng) / Math.sqrt(inputs);
    const activation = new Float64Array(outputs);
    return { inputs, outputs, weights, biases: parameters(outputs), activation, delta: new Float64Array(outputs) };
  });
  return { layers, steps: 0 };
}

/** The network's output for a row. */
export function forward({ layers }: Network, row: Row | Float64Array): number {
  let input: Row | Float64Array = row;
  layers.forEach(({ inputs, outputs, weights, biases, activation }, l) => {
    for (let o = 0; o < outputs; o += 1) {
      let z = biases.values[o]!;
      for (let i = 0; i < inputs; i += 1) z += weights.values[o * inputs + i]! * input[i]!;
      activation[o] = l === layers.length - 1 ? z : Math.tanh(z);
    }
    input = activation;
  });
  return input[0]!;
}

/** Adds one row's gradients, right after `forward` on it. `slope` is the loss's derivative by the output. */
export function backward({ layers }: Network, row: Row, slope: number): void {
  layers.at(-1)!.delta[0] = slope;
  for (let l = layers.length - 1; l >= 0; l -= 1) {
    const { inputs, outputs, weights, biases, delta } = layers[l]!;
    const below = layers[l - 1];
    const input = below?.activation ?? row;
    below?.delta.fill(0);
    for (let o = 0; o < outputs; o += 1) {
      const d = delta[o]!;
      biases.gradient[o]! += d;
      for (let i = 0; i < inputs; i += 1) {
        weights.gradient[o * inputs + i]! += d * input[i]!;
        if (below) below.delta[i]! += d * weights.values[o * inputs + i]!;
      }
    }
    if (below) for (let i = 0; i < inputs; i += 1) below.delta[i]! *= 1 - below.activation[i]! ** 2;
  }
}

function adam(p: Parameters, steps: number, rate: number, count: number, decay: number): void {
  const firstScale = 1 / (1 - 0.9 ** steps);
  const secondScale = 1 / (1 - 0.999 ** steps);
  for (let k = 0; k < p.values.length; k += 1) {
    const g = p.gradient[k]! / count + decay * p.values[k]!;
    p.first[k] = 0.9 * p.first[k]! + 0.1 * g;
    p.second[k] = 0.999 * p.second[k]! + 0.001 * g * g;
    p.values[k]! -= (rate * p.first[k]! * firstScale) / (Math.sqrt(p.second[k]! * secondScale) + 1e-8);
    p.gradient[k] = 0;
  }
}

/** One Adam step along the mean of the gradients that `count` rows have added, with an L2 penalty on the weights. */
export function descend(network: Network, count: number, rate: number, penalty: number): void {
  network.steps += 1;
  for (const { weights, biases } of network.layers) {
    adam(weights, network.steps, rate, count, penalty);
    adam(biases, network.steps, rate, count, 0);
  }
}
