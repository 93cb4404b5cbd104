import { checkInteger } from '../../core/check.ts';
import type { Rng } from '../../random/index.ts';
import type { SelectOptions } from './BanditPolicy.ts';
import type { ArmRule, ChoiceView } from './rules/ArmRule.ts';
import { argmax, argmaxLaw, shareAmong, uniformArm } from './rules/choice.ts';
import { drawForced, forcedArms, mixUniform } from './selection.ts';

/** One place of a ranking: the position of its arm, and how likely that was given the places above. */
export interface Place {
  readonly position: number;
  readonly propensity: number | undefined;
}

/** What a ranking is made of. */
export interface Ranking {
  readonly view: ChoiceView;
  readonly rule: ArmRule;
  /** Share of uniform choices. */
  readonly exploration: number;
  readonly rng: Rng;
  readonly options: SelectOptions;
  /** Whether propensities are computed. */
  readonly stated: boolean;
}

/**
 * The k places, best first: arms that must be pulled, then those of the rule. A rule with scores is asked once, so that
 * the places come from one draw of the beliefs; any other rule is asked for one place after the other.
 */
export function rankPositions(k: number, { view, rule, exploration, rng, options, stated }: Ranking): readonly Place[] {
  const { size } = view.table;
  const allowed = Array.from({ length: size }, (_, i) => options.eligible === undefined || !!options.eligible[i]);
  checkInteger('k', k, { ge: 1, le: allowed.filter(Boolean).length });
  const law = stated ? new Float64Array(size) : undefined;
  const places: Place[] = [];
  let scored = false;
  while (places.length < k) {
    const forced = forcedArms(view, { ...options, eligible: allowed });
    const known = law === undefined || placeLaw(view, rule, exploration, forced, places.length, scored, law);
    const explored = forced.length === 0 && exploration > 0 && rng.next() < exploration;
    if (forced.length === 0 && !explored && !scored && rule.score !== undefined) {
      rule.score(view, rng);
      scored = true;
    }
    let position: number;
    if (forced.length > 0) position = drawForced(forced, view.ties, rng);
    else if (explored) position = uniformArm(view, rng);
    else position = scored ? argmax(view.scores, view, rng) : rule.choose(view, rng);
    allowed[position] = false;
    places.push({ position, propensity: known ? law?.[position] : undefined });
  }
  return places;
}

/** The probabilities of the next place; false below the first where one draw of beliefs decides all. */
function placeLaw(
  view: ChoiceView,
  rule: ArmRule,
  exploration: number,
  forced: readonly number[],
  above: number,
  scored: boolean,
  law: Float64Array,
): boolean {
  law.fill(0);
  if (forced.length > 0) {
    shareAmong(forced, view.ties, law);
    return true;
  }
  if (rule.drawnLaw !== undefined) {
    if (above > 0) return false;
    rule.drawnLaw(view, law);
  } else if (scored) argmaxLaw(view.scores, view, law);
  else rule.law(view, law);
  mixUniform(view, exploration, law);
  return true;
}
