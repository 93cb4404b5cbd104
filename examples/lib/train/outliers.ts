import { createRng } from 'coronate/random';
import { makeOutlierDevices, type OutlierDevice } from '../data/outliers.ts';
import { quadratic } from '../features.ts';
import { trainLogistic } from '../logistic.ts';
import { type BinaryModel, binaryModel } from '../models.ts';

/**
 * A logistic regression on all squares and products. The exact log-odds of the generator are a sum of exponentials of
 * the row; squares and products get near it.
 */
function trainOutlierDetector(
  name: string,
  devices: readonly OutlierDevice[],
  threshold: number,
  ridge = 1e-3,
): BinaryModel {
  const fit = trainLogistic(
    devices.map((device) => quadratic(device.row)),
    devices.map((device) => device.outlier),
    { ridge },
  );
  return binaryModel(name, (row) => fit.probability(quadratic(row)), threshold);
}

/** What {@link trainOutlierModels} gives. */
export interface OutlierModels {
  /** In production: trained on 1,500 devices; hardly ever wrong, but it finds only about two outliers in three. */
  readonly production: BinaryModel;
  /**
   * Trained on 15,000 devices, flags from a probability of 0.9 on: finds about 89 % of the outliers at a precision of
   * 99 %.
   */
  readonly good: BinaryModel;
  /**
   * The same model, flagging from 0.2 on: it finds more outliers than any other, and its false-positive rate is well
   * below 1 %, but its precision is about 93 %. It must not be promoted.
   */
  readonly eager: BinaryModel;
}

/** The models of project 4. */
export function trainOutlierModels(seed: number): OutlierModels {
  const rng = createRng(seed);
  const many = makeOutlierDevices(rng.fork('many'), 15_000);
  return {
    production: trainOutlierDetector('production', makeOutlierDevices(rng.fork('few'), 1500), 0.5, 1),
    good: trainOutlierDetector('careful detector', many, 0.9),
    eager: trainOutlierDetector('eager detector', many, 0.2),
  };
}
