import { createRng } from 'coronate/random';
import { makeCases } from '../data/radiology.ts';
import { trainLogistic } from '../logistic.ts';
import { type BinaryModel, binaryModel } from '../models.ts';
import { trainNeuralClassifier } from '../neural.ts';

/** What {@link trainRadiologyModels} gives. */
export interface RadiologyModels {
  /** A multilayer perceptron on 6,000 cases of all kinds: right on about 92 %, where the reader is right on 89.6 %. */
  readonly good: BinaryModel;
  /**
   * A logistic regression on the images of 400 patients under 50 from the fixed scanner alone, age and scanner
   * unknown to it: it sees disease in healthy old lungs. It must not be promoted.
   */
  readonly worse: BinaryModel;
}

/**
 * The models of project 8. Both say yes from a probability of 0.3 on, which is about as sensitive as the reader.
 */
export function trainRadiologyModels(seed: number): RadiologyModels {
  const rng = createRng(seed);
  const all = makeCases(rng.fork('good'), 6000);
  const network = trainNeuralClassifier(
    all.map((patient) => patient.row),
    all.map((patient) => patient.diseased),
    { hidden: [8], epochs: 25, penalty: 1e-3, seed },
  );
  const young = makeCases(rng.fork('worse'), 2000).filter(({ age, scanner }) => age < 50 && scanner === 'fixed');
  const few = young.slice(0, 400);
  const narrow = trainLogistic(
    few.map((patient) => patient.row.slice(0, 6)),
    few.map((patient) => patient.diseased),
  );
  return {
    good: binaryModel('network', network.probability, 0.3),
    worse: binaryModel('young lungs only', (row) => narrow.probability(row.slice(0, 6)), 0.3),
  };
}
