import { createRng } from 'coronate/random';
import { type Bin, binOf, type Device, makeDevices } from '../data/binning.ts';
import { quadratic } from '../features.ts';
import { trainLinear } from '../linear.ts';
import type { Row } from '../models.ts';

/** A trained model that says in which bin a device should be sold. */
export interface BinningModel {
  readonly name: string;
  predict(row: Row): Bin;
}

/** Predicts the frequency by least squares on features of the row, then applies the limits. */
function trainBinning(
  name: string,
  devices: readonly Device[],
  features: (row: Row) => Row = (row) => row,
): BinningModel {
  const frequencies = devices.map((device) => device.frequency);
  const line = trainLinear(
    devices.map((device) => features(device.row)),
    frequencies,
  );
  return { name, predict: (row) => binOf(line.predict(features(row))) };
}

/** What {@link trainBinningModels} gives. */
export interface BinningModels {
  /** In production: a line through the four measurements, right on about 99.1 % of devices. */
  readonly current: BinningModel;
  /** A line through their squares and products as well, which is the true form: about 99.7 %. */
  readonly good: BinningModel;
  /** Like the current one, but trained on devices from a tester that read the ring oscillator high: about 90 %. */
  readonly bad: BinningModel;
  /** The current one trained again on other devices: no better and no worse. */
  readonly equal: BinningModel;
}

/**
 * The bad model: trained on 2,000 devices from a tester that read the ring oscillator `drift` GHz too high.
 * @param drift 0.05 costs about 7 % of the revenue, 0.02 about 3 %
 */
export function trainBadBinning(seed: number, drift: number): BinningModel {
  return trainBinning('linear, drifted tester', makeDevices(createRng(seed).fork('bad'), 2000, drift));
}

/** The four models of project 1, each trained on 2,000 devices of its own. The bad one's tester was 0.05 GHz off. */
export function trainBinningModels(seed: number): BinningModels {
  const rng = createRng(seed);
  return {
    current: trainBinning('linear', makeDevices(rng.fork('current'), 2000)),
    good: trainBinning('quadratic', makeDevices(rng.fork('good'), 2000), quadratic),
    bad: trainBadBinning(seed, 0.05),
    equal: trainBinning('linear, retrained', makeDevices(rng.fork('equal'), 2000)),
  };
}
