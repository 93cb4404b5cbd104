import { InvalidDataError } from '../../core/errors.ts';

/** An approximately normal estimate and how much the data know of it. */
export interface InformationEstimate {
  readonly estimate: number;
  /** One over the squared standard error; 0 where there is no information. */
  readonly information: number;
}

/** @throws InvalidDataError @internal */
export function checkInformation(argument: string, part: InformationEstimate): InformationEstimate {
  const { estimate, information } = part;
  if (!(Number.isFinite(information) && information >= 0)) {
    throw new InvalidDataError(`${argument}.information`, information, 'a finite number at least 0');
  }
  if (!Number.isFinite(estimate)) throw new InvalidDataError(`${argument}.estimate`, estimate, 'a finite number');
  return part;
}

/**
 * Estimates of one quantity from separate stages, strata or epochs as one: weighted by their information, that is by
 * inverse variance. Sums pooled over stages with different shares would mix what changed over time into the comparison
 * (Simpson's paradox); estimates combined like this do not.
 *
 * @returns information 0 and estimate 0 where no part has information
 * @throws InvalidDataError
 * @example
 * combineInformation([{ estimate: 1, information: 3 }, { estimate: 2, information: 1 }]); // { estimate: 1.25, information: 4 }
 */
export function combineInformation(parts: readonly InformationEstimate[]): InformationEstimate {
  let information = 0;
  let score = 0;
  for (const [i, part] of parts.entries()) {
    checkInformation(`parts[${i}]`, part);
    information += part.information;
    score += part.information * part.estimate;
  }
  return { estimate: information > 0 ? score / information : 0, information };
}
