import { checkFinite } from '../../core/check.ts';
import { InvalidDataError, InvalidOptionError } from '../../core/errors.ts';
import type { Prior, UpdateOptions } from './BanditPolicy.ts';
import { LARGEST } from './limits.ts';
import type { TableParts } from './TableParts.ts';

/** @throws InvalidDataError if a reward is not finite, outside the range, or a fraction where there are none */
export function checkTableReward(argument: string, reward: number, { scale, rule }: TableParts): void {
  const { lowest, highest } = scale;
  if (!(typeof reward === 'number' && reward >= lowest && reward <= highest && Math.abs(reward) <= LARGEST)) {
    const [least, most] = [Math.max(lowest, -LARGEST), Math.min(highest, LARGEST)];
    throw new InvalidDataError(argument, reward, `a finite number within [${least}, ${most}]`);
  }
  if (rule.binary === true && reward !== lowest && reward !== highest) {
    throw new InvalidDataError(argument, reward, `${lowest} or ${highest}, as fractional: 'refuse' asks`);
  }
}

/** @throws InvalidOptionError */
export function checkUpdate({ weight, propensity }: UpdateOptions): void {
  if (weight !== undefined) checkFinite('weight', weight, { gt: 0, le: LARGEST });
  if (propensity !== undefined) checkFinite('propensity', propensity, { gt: 0, le: 1 });
}

/** The priors of single arms, each under the name of an arm. @throws InvalidOptionError */
export function checkPriors(priors: unknown, arms: readonly string[]): ReadonlyMap<string, Prior> {
  if (priors === undefined) return new Map();
  if (typeof priors !== 'object' || priors === null) {
    throw new InvalidOptionError('priors', priors, 'an object with a prior by arm name');
  }
  const entries = Object.entries(priors as Readonly<Record<string, Prior>>);
  const stranger = entries.find(([name]) => !arms.includes(name));
  if (stranger !== undefined) throw new InvalidOptionError('priors', stranger[0], `of arms: ${arms.join(', ')}`);
  return new Map(entries);
}
