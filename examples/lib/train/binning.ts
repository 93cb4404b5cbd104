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
export function trainBinning(
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
 * The four models of project 1, each trained on 2,000 devices of its own.
 *
 * @param drift how far the bad model's tester was off (GHz): 0.05 costs about 7 % of the revenue. @defaultValue 0.05
 */
export function trainBinningModels(seed: number, drift = 0.05): BinningModels {
  const rng = createRng(seed);
  const devices = (label: string, offset = 0): readonly Device[] => makeDevices(rng.fork(label), 2000, offset);
  return {
    current: trainBinning('linear', devices('current')),
    good: trainBinning('quadratic', devices('good'), quadratic),
    bad: trainBinning('linear, drifted tester', devices('bad', drift)),
    equal: trainBinning('linear, retrained', devices('equal')),
  };
}
