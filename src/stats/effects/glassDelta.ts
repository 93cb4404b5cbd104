import { checkMoments } from '../checkMoments.ts';
import { meanDifference } from '../meanDifference.ts';
import type { SampleMoments } from '../types.ts';

/**
 * Glass's Δ: the difference of means (`treatment` minus `control`) in units of the control's standard deviation, for
 * treatments that change the spread as well.
 *
 * @returns `undefined` where the control has fewer than two observations or does not vary, or the treatment is empty
 * @throws InvalidDataError for moments that no sample can have
 * @example
 * glassDelta({ n: 20, mean: 12, variance: 9 }, { n: 20, mean: 11, variance: 4 }); // 0.5
 * @see Glass (1976), Educational Researcher 5(10), doi:10.3102/0013189X005010003
 */
export function glassDelta(treatment: SampleMoments, control: SampleMoments): number | undefined {
  checkMoments('treatment', treatment);
  checkMoments('control', control);
  if (treatment.n < 1 || control.n < 2 || !(control.variance > 0)) return undefined;
  return meanDifference(treatment, control) / Math.sqrt(control.variance);
}
