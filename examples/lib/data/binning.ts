// Project 1: devices come off the line, are measured at wafer probe, and must be sold as Economy, Standard or Premium
// before final test knows how fast they really are.
import { normal, type Rng } from 'coronate/random';
import type { Row } from '../models.ts';

/** Speed bins, the slowest first. */
export const BINS = ['Economy', 'Standard', 'Premium'] as const;
/** A speed bin. */
export type Bin = (typeof BINS)[number];

/** A device is Standard from the first frequency on and Premium from the second (GHz). */
const BIN_LIMITS: readonly [number, number] = [2.8, 3.3];

/** What a device sells for in each bin, in dollars. */
export const BIN_PRICES: Readonly<Record<Bin, number>> = { Economy: 60, Standard: 120, Premium: 300 };

/** What a device costs that was sold as faster than it is: it comes back, and is replaced. */
export const RETURN_COST = 50;

/** Devices on a wafer: revenue per wafer is revenue per device times this. */
export const DEVICES_PER_WAFER = 400;

/** The noise between a device's measurements and its speed (GHz). */
const BINNING_NOISE = 0.002;

/** A device: what probe measured, and what final test will find. */
export interface Device {
  readonly id: string;
  /** Ring oscillator (GHz), threshold voltage (V), leakage (log10 mA), temperature at probe (°C). */
  readonly row: Row;
  /** What final test measures (GHz). */
  readonly frequency: number;
  /** Its true bin: the bin of that frequency. */
  readonly bin: Bin;
}

/** The bin of a frequency in GHz. */
export function binOf(frequency: number): Bin {
  return frequency >= BIN_LIMITS[1] ? 'Premium' : frequency >= BIN_LIMITS[0] ? 'Standard' : 'Economy';
}

/**
 * The frequency (GHz) that the process formula expects of a row. `binOf(expectedFrequency(row))` is the best binning
 * there is: the noise is symmetric, so it is right on 99.7 % of devices (1 − √(2/π) σ Σ density at the two limits =
 * 0.9969).
 */
export function expectedFrequency([ring, vth, leakage, temperature]: Row): number {
  return ring! * (1 - 1.2 * (vth! - 0.35)) - 0.004 * (temperature! - 30) + 0.03 * (leakage! - 1) ** 2;
}

/**
 * Devices by the formula
 *
 *     ring ~ N(3.0, 0.25²)   vth ~ N(0.35, 0.015²)   leakage ~ N(1, 0.25²)   temperature ~ N(30, 4²)
 *     frequency = ring (1 − 1.2 (vth − 0.35)) − 0.004 (temperature − 30) + 0.03 (leakage − 1)² + N(0, 0.002²)
 *
 * About 22 % are Economy, 66 % Standard and 12 % Premium.
 *
 * @param ringOffset what a badly calibrated tester adds to the ring oscillator's reading (GHz). @defaultValue 0
 */
export function makeDevices(rng: Rng, n: number, ringOffset = 0): readonly Device[] {
  return Array.from({ length: n }, (_, i) => {
    const row = [3 + 0.25 * normal(rng), 0.35 + 0.015 * normal(rng), 1 + 0.25 * normal(rng), 30 + 4 * normal(rng)];
    const frequency = expectedFrequency(row) + BINNING_NOISE * normal(rng);
    const id = `W${Math.floor(i / DEVICES_PER_WAFER)}-D${i % DEVICES_PER_WAFER}`;
    return { id, row: [row[0]! + ringOffset, ...row.slice(1)], frequency, bin: binOf(frequency) };
  });
}

/** What a device earns when it is sold as `sold` and is `truth`: its price, or the cost of a return if it is slower. */
export function revenue(sold: Bin, truth: Bin): number {
  return BINS.indexOf(sold) <= BINS.indexOf(truth) ? BIN_PRICES[sold] : -RETURN_COST;
}
