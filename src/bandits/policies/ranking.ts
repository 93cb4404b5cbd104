import { checkInteger } from '../../core/check.ts';
import type { Rng } from '../../random/index.ts';
import type { SelectOptions } from './BanditPolicy.ts';
import type { ArmRule, ChoiceView } from './rules/ArmRule.ts';
import { argmax, argmaxLaw, shareAmong, uniformArm } from './rules/choice.ts';
import { drawForced, forcedArms, mixUniform } from './selection.ts';

/** What a ranking is made of. */
export interface Ranking {
  readonly view: ChoiceView;
  readonly rule: ArmRule;
  /** Share of uniform choices. */
  readonly exploration: number;
  readonly options: SelectOptions;
}

function allowedArms({ view, options }: Ranking): boolean[] {
  return Array.from({ length: view.table.size }, (_, i) => options.eligible === undefined || !!options.eligible[i]);
}

/** Scores all arms once, before any place is taken: an index may look at which arms there are. */
function scoreAll({ view, rule, options }: Ranking, eligible: readonly boolean[], rng: Rng): void {
  if (rule.score === undefined) return;
  forcedArms(view, { ...options, eligible });
  rule.score(view, rng);
}

/**
 * The positions of k arms, best first: arms that must be pulled, then those of the rule. A rule with scores is asked once,
 * so that the places come from one draw of the beliefs; any other rule is asked for one place after the other.
 */
export function rankPositions(k: number, ranking: Ranking, rng: Rng): readonly number[] {
  const { view, rule, exploration, options } = ranking;
  const allowed = allowedArms(ranking);
  checkInteger('k', k, { ge: 1, le: allowed.filter(Boolean).length });
  scoreAll(ranking, allowed, rng);
  const positions: number[] = [];
  while (positions.length < k) {
    const forced = forcedArms(view, { ...options, eligible: allowed });
    const explored = forced.length === 0 && exploration > 0 && rng.next() < exploration;
    let position: number;
    if (forced.length > 0) position = drawForced(forced, view.ties, rng);
    else if (explored) position = uniformArm(view, rng);
    else position = rule.score !== undefined ? argmax(view.scores, view, rng) : rule.choose(view, rng);
    allowed[position] = false;
    positions.push(position);
  }
  return positions;
}

/**
 * The probability of each place of a ranking, given those above it. Undefined below the first place where all places come
 * from one draw of beliefs: that law has no closed form.
 */
export function rankLaw(positions: readonly number[], ranking: Ranking, rng: Rng): readonly (number | undefined)[] {
  const { view, rule, exploration, options } = ranking;
  const allowed = allowedArms(ranking);
  const drawn = rule.drawnLaw !== undefined;
  if (!drawn) scoreAll(ranking, allowed, rng);
  const law = new Float64Array(view.table.size);
  return positions.map((position, place) => {
    if (allowed[position] !== true) return 0;
    // The view holds this very list: the place is taken once its law is known.
    const forced = forcedArms(view, { ...options, eligible: allowed });
    const known = forced.length > 0 || !drawn || place === 0;
    law.fill(0);
    if (forced.length > 0) shareAmong(forced, view.ties, law);
    else if (known) {
      if (!drawn && rule.score !== undefined) argmaxLaw(view.scores, view, law);
      else (rule.drawnLaw ?? rule.law)(view, law);
      mixUniform(view, exploration, law);
    }
    allowed[position] = false;
    return known ? law[position]! : undefined;
  });
}
