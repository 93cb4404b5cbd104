import { checkFinite } from '../../core/check.ts';
import { InvalidOptionError } from '../../core/errors.ts';
import { integer, type Rng } from '../../random/index.ts';
import type { SelectOptions } from './BanditPolicy.ts';
import type { ArmRule, ChoiceView, Ties } from './rules/ArmRule.ts';
import { countEligible, shareAmong } from './rules/choice.ts';

/**
 * Takes the options of a choice into the view and settles what comes before any rule: arms with too few pulls go first,
 * arms that only have pulls in flight are awaited. Gives the position of a forced arm, -1 where the rule decides.
 */
export function admit(view: ChoiceView, options: SelectOptions | undefined, rng: Rng): number {
  const forced = forcedArms(view, options);
  return forced.length === 0 ? -1 : drawForced(forced, view.ties, rng);
}

/** One of several arms that must be pulled. */
export function drawForced(forced: readonly number[], ties: Ties, rng: Rng): number {
  return forced[ties === 'first' || forced.length === 1 ? 0 : integer(rng, forced.length)]!;
}

/** The probabilities of the next choice: those of {@link admit}, uniform exploration and the rule together. */
export function policyLaw(
  view: ChoiceView,
  rule: ArmRule,
  exploration: number,
  options: SelectOptions | undefined,
): Float64Array {
  const law = new Float64Array(view.table.size);
  const forced = forcedArms(view, options);
  if (forced.length > 0) {
    shareAmong(forced, view.ties, law);
    return law;
  }
  rule.law(view, law);
  mixUniform(view, exploration, law);
  return law;
}

/** Makes a share of the choices uniform over the eligible arms. */
export function mixUniform(view: ChoiceView, exploration: number, law: Float64Array): void {
  if (exploration === 0) return;
  const share = exploration / countEligible(view);
  for (let i = 0; i < law.length; i += 1) {
    const open = view.eligible === undefined || view.eligible[i];
    law[i] = (1 - exploration) * law[i]! + (open ? share : 0);
  }
}

/** Takes the options of a choice into the view. The arms that go before any rule: with too few pulls, or all awaited. */
export function forcedArms(view: ChoiceView, options: SelectOptions | undefined): readonly number[] {
  takeOptions(view, options);
  const { table, pending } = view;
  if (table.cold > 0) {
    const cold = leastPulled(view, (i) => table.warm[i] === 0, table.minPulls);
    if (cold.length > 0) return cold;
  }
  return pending !== undefined && table.minPulls > 0 ? awaitRewards(view) : [];
}

function takeOptions(view: ChoiceView, options: SelectOptions | undefined): void {
  const { size } = view.table;
  view.eligible = options?.eligible;
  view.pending = options?.pending;
  view.inFlight = 0;
  if (view.eligible !== undefined) {
    if (view.eligible.length !== size) throw new InvalidOptionError('eligible', view.eligible, `of length ${size}`);
    if (countEligible(view) === 0) throw new InvalidOptionError('eligible', view.eligible, 'true for at least one arm');
  }
  if (view.pending === undefined) return;
  if (view.pending.length !== size) throw new InvalidOptionError('pending', view.pending, `of length ${size}`);
  for (let i = 0; i < size; i += 1) view.inFlight += checkFinite(`pending[${i}]`, view.pending[i], { ge: 0 });
}

/** The eligible arms with the fewest pulls, those in flight included, among those that `which` names, if below `limit`. */
function leastPulled(view: ChoiceView, which: (i: number) => boolean, limit: number): number[] {
  const { table, pending, eligible } = view;
  let least = limit;
  let arms: number[] = [];
  for (let i = 0; i < table.size; i += 1) {
    if ((eligible !== undefined && !eligible[i]) || !which(i)) continue;
    const pulls = table.count[i]! + (pending?.[i] ?? 0);
    if (pulls >= limit || pulls > least) continue;
    if (pulls < least) arms = [];
    least = pulls;
    arms.push(i);
  }
  return arms;
}

/** Leaves out arms of which nothing is known yet but that have pulls in flight; forces one of them where all are such. */
function awaitRewards(view: ChoiceView): readonly number[] {
  const { table, eligible } = view;
  const unknown = (i: number): boolean => table.n[i]! + table.priorN[i]! === 0;
  const known = Array.from({ length: table.size }, (_, i) => (eligible === undefined || !!eligible[i]) && !unknown(i));
  if (!known.includes(true)) return leastPulled(view, unknown, Number.POSITIVE_INFINITY);
  if (known.includes(false)) view.eligible = known;
  return [];
}
