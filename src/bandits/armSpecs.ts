import { checkFunction } from '../core/check.ts';
import { InvalidOptionError } from '../core/errors.ts';
import type { AnyModel } from '../core/Model.ts';
import type { ArmSpec, Arms } from './BanditOptions.ts';
import type { Guard } from './guards.ts';
import type { Prior } from './policies/BanditPolicy.ts';

/** @throws InvalidOptionError */
export function checkArms(arms: Arms): Arms {
  const sound = typeof arms === 'object' && arms !== null && !Array.isArray(arms) && Object.keys(arms).length > 0;
  if (!sound) throw new InvalidOptionError('arms', arms, 'an object with at least one arm');
  return arms;
}

/** A model that keeps another one under `model` is a model, not a spec. */
function isSpec(arm: AnyModel | ArmSpec): arm is ArmSpec {
  return arm !== null && typeof arm === 'object' && 'model' in arm && !('predict' in arm);
}

/** The model of an arm; checked by whoever serves it. */
export function modelOf(arm: AnyModel | ArmSpec): unknown {
  return isSpec(arm) ? arm.model : arm;
}

/** The prior of an arm, where it has one. */
export function priorOf(arm: AnyModel | ArmSpec): Prior | undefined {
  return isSpec(arm) ? arm.prior : undefined;
}

/** The priors by arm name; undefined where no arm has one. */
export function priorsOf(arms: Arms): Readonly<Record<string, Prior>> | undefined {
  const given = Object.entries(arms).flatMap(([name, arm]) => {
    const prior = priorOf(arm);
    return prior === undefined ? [] : [[name, prior] as const];
  });
  return given.length === 0 ? undefined : Object.fromEntries(given);
}

/** @throws InvalidOptionError */
export function checkGuards(guards: readonly Guard[]): readonly Guard[] {
  if (!Array.isArray(guards)) throw new InvalidOptionError('guards', guards, 'a list of guards');
  guards.forEach((guard: Guard | null | undefined, i) => void checkFunction(`guards[${i}].check`, guard?.check));
  return guards;
}
