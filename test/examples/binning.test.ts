import { createRng } from 'coronate/random';
import { describe, expect, it } from 'vitest';
import {
  BIN_PRICES,
  BINS,
  type Bin,
  binOf,
  expectedFrequency,
  makeDevices,
  RETURN_COST,
  revenue,
} from '../../examples/lib/data/binning.ts';
import { type BinningModel, trainBadBinning, trainBinningModels } from '../../examples/lib/train/binning.ts';
import { expectRate, mean } from './statistics.ts';

const devices = makeDevices(createRng(1), 20_000);
const accuracy = (model: Pick<BinningModel, 'predict'>) =>
  mean(devices.map((d) => (model.predict(d.row) === d.bin ? 1 : 0)));
const earned = (model: Pick<BinningModel, 'predict'>) => mean(devices.map((d) => revenue(model.predict(d.row), d.bin)));

describe('devices', () => {
  it('come from the seed alone, in the shares that are documented', () => {
    expect(makeDevices(createRng(1), 50)).toEqual(devices.slice(0, 50));
    expect(makeDevices(createRng(2), 1)[0]!.row).not.toEqual(devices[0]!.row);
    expectRate(
      devices.map((d) => d.bin === 'Economy'),
      0.218,
    );
    expectRate(
      devices.map((d) => d.bin === 'Premium'),
      0.123,
    );
    expect(devices[401]!.id).toBe('W1-D1');
  });

  it('are binned right on 99.69 % by the oracle', () => {
    expectRate(
      devices.map((d) => binOf(expectedFrequency(d.row)) === d.bin),
      0.9969,
    );
  });

  it('earn their price, or cost a return where they are sold as faster than they are', () => {
    const table = BINS.map((sold) => BINS.map((truth) => revenue(sold, truth)));
    const { Economy: e, Standard: s, Premium: p } = BIN_PRICES;
    expect(table).toEqual([
      [e, e, e],
      [-RETURN_COST, s, s],
      [-RETURN_COST, -RETURN_COST, p],
    ]);
  });
});

describe('binning models', () => {
  const { current, good, bad, equal } = trainBinningModels(3);

  it('are as good, bad and equal as they are called', () => {
    expect(Math.abs(accuracy(current) - 0.9915)).toBeLessThan(0.003);
    expect(accuracy(good)).toBeGreaterThan(0.995);
    expect(Math.abs(accuracy(equal) - accuracy(current))).toBeLessThan(0.003);
    expect(accuracy(bad)).toBeLessThan(0.93);
    expect(earned(bad) / earned(current)).toBeLessThan(0.95);
    expect(earned(good)).toBeGreaterThan(earned(current));
    const milder = trainBadBinning(4, 0.02);
    expect(Math.abs(earned(milder) / earned(current) - 0.97)).toBeLessThan(0.005);
  });

  it('err on the slow side where the tester read high: Premium devices are sold as Standard', () => {
    const premium = (model: { predict(row: readonly number[]): Bin }) =>
      mean(devices.map((d) => (model.predict(d.row) === 'Premium' ? 1 : 0)));
    expect(premium(bad)).toBeLessThan(0.8 * premium(current));
  });
});
