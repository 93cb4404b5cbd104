import { checkFinite } from '../../core/check.ts';
import type { NormalBelief } from './normalPosterior.ts';

/**
 * The belief about a difference of two quantities, treatment minus control, whose beliefs are independent.
 *
 * @throws InvalidOptionError
 * @example
 * normalDifference({ mean: 3, sd: 4 }, { mean: 1, sd: 3 }); // { mean: 2, sd: 5 }
 */
export function normalDifference(treatment: NormalBelief, control: NormalBelief): NormalBelief {
  for (const [name, belief] of [
    ['treatment', treatment],
    ['control', control],
  ] as const) {
    checkFinite(`${name}.mean`, belief.mean);
    checkFinite(`${name}.sd`, belief.sd, { gt: 0 });
  }
  return { mean: treatment.mean - control.mean, sd: Math.hypot(treatment.sd, control.sd) };
}
