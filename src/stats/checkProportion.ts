import { InvalidDataError } from '../core/errors.ts';
import type { Proportion } from './types.ts';

/** Counts of a proportion: finite, not negative, successes within trials. @throws InvalidDataError */
export function checkProportion(argument: string, proportion: Proportion): Proportion {
  const { successes, trials } = proportion;
  if (!(Number.isFinite(trials) && trials >= 0)) {
    throw new InvalidDataError(`${argument}.trials`, trials, 'a finite count at least 0');
  }
  if (!(successes >= 0 && successes <= trials)) {
    throw new InvalidDataError(`${argument}.successes`, successes, `within [0, ${trials}], the trials`);
  }
  return proportion;
}
