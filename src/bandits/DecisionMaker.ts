import { hashSeed, hashUnit } from '../assignment/index.ts';
import { InvalidDataError } from '../core/errors.ts';
import type { Request } from '../core/Model.ts';
import { isThenable } from '../core/perRow.ts';
import type { ArmRoster } from './ArmRoster.ts';
import type { BanditMode } from './BanditOptions.ts';
import type { Decision } from './Decision.ts';
import { fixedRanking, type Holdout } from './Holdout.ts';
import type { PendingPulls } from './PendingPulls.ts';
import type { BanditPolicy, SelectOptions } from './policies/BanditPolicy.ts';

/** What decisions are made of. */
export interface DecisionParts {
  readonly policy: BanditPolicy;
  readonly roster: ArmRoster;
  readonly pending: PendingPulls;
  readonly holdout: Holdout | undefined;
  readonly baseline: string;
  readonly logPropensities: boolean;
  /** The policy's context of a request. */
  readonly contextOf: ((input: never, request: Request) => unknown) | undefined;
}

interface Situation {
  readonly context: unknown;
  readonly segment: string;
  readonly eligible: readonly boolean[] | undefined;
  readonly select: SelectOptions;
}

/** Places of clusters are independent of who is held out: a seed of their own. */
const CLUSTER_SEED = hashSeed('cluster');

function clusterOf({ unit }: Request): number | undefined {
  return unit === undefined ? undefined : hashUnit(unit, CLUSTER_SEED);
}

/** A list of features is copied: the caller may fill the same one again before the reward comes. */
function ownContext(context: unknown): unknown {
  if (typeof context !== 'object' || context === null) return context;
  if (Array.isArray(context) || context instanceof Float64Array || context instanceof Float32Array) {
    return context.slice();
  }
  if (isThenable(context)) {
    Promise.resolve(context).catch(() => undefined);
    throw new InvalidDataError('context', context, 'the context itself, not a promise of it');
  }
  return context;
}

/** Who answers a request: the policy, the held-out share's control, or an apprentice's baseline. */
export class DecisionMaker {
  readonly #parts: DecisionParts;

  constructor(parts: DecisionParts) {
    this.#parts = parts;
  }

  /** The decision for one answer. */
  decide(input: unknown, request: Request, mode: BanditMode): Decision {
    const situation = this.#situation(input, request);
    const { policy, holdout, baseline } = this.#parts;
    const held = holdout?.holds(request.unit) ?? false;
    const cluster = holdout && clusterOf(request);
    const { context, segment, eligible, select } = situation;
    const control = held ? holdout!.control(1, policy.arms, baseline, eligible)[0] : undefined;
    const propensities = this.#parts.logPropensities ? policy.probabilities(context, select) : undefined;
    const chosen = policy.select(context, select);
    const acting = control ?? (mode === 'apprentice' ? baseline : chosen);
    const propensity = propensities && this.#mixed([acting], [propensities.get(acting)], mode, eligible)[0];
    return { acting, advised: chosen, context, segment, propensity, held, cluster, chosen: true };
  }

  /** The decisions for several answers at once: at most `slots`, no arm twice. */
  decideSlots(input: unknown, request: Request, mode: BanditMode, slots: number): readonly Decision[] {
    const { context, segment, eligible, select } = this.#situation(input, request);
    const { policy, holdout, baseline, logPropensities } = this.#parts;
    const k = Math.min(slots, eligible === undefined ? policy.arms.length : eligible.filter(Boolean).length);
    const held = holdout?.holds(request.unit) ?? false;
    // The slots of one request are held out together.
    const cluster = holdout && (clusterOf(request) ?? this.#parts.roster.served);
    const own = policy.rank(k, context, select);
    let acting = own;
    if (held) acting = holdout!.control(k, policy.arms, baseline, eligible);
    else if (mode === 'apprentice') acting = fixedRanking(policy.arms, baseline, k);
    const propensities = logPropensities
      ? this.#mixed(acting, policy.rankPropensities(acting, context, select), mode, eligible)
      : [];
    return acting.map((arm, i) => {
      const propensity = propensities[i];
      return { acting: arm, advised: own[i]!, context, segment, propensity, held, cluster, chosen: true };
    });
  }

  #situation(input: unknown, request: Request): Situation {
    const { policy, roster, pending, contextOf } = this.#parts;
    const context = ownContext(contextOf === undefined ? request.context : contextOf(input as never, request));
    const eligible = roster.eligible(policy.arms);
    const segment = policy.segmentOf?.(context) ?? '';
    const waiting = pending.of(segment, policy.arms);
    const select: SelectOptions = {
      ...(waiting === undefined ? {} : { pending: waiting }),
      ...(eligible === undefined ? {} : { eligible }),
    };
    return { context, segment, eligible, select };
  }

  /**
   * The propensities of a ranking that is the policy's with one probability and the control's with the other; each given
   * the arms above. `own` are those of the policy, undefined where it cannot say.
   */
  #mixed(
    arms: readonly string[],
    own: readonly (number | undefined)[],
    mode: BanditMode,
    eligible: readonly boolean[] | undefined,
  ): readonly (number | undefined)[] {
    const { policy, holdout, baseline } = this.#parts;
    const fixed = fixedRanking(policy.arms, baseline, arms.length);
    let [ours, theirs] = [1 - (holdout?.share ?? 0), holdout?.share ?? 0];
    return arms.map((arm, i) => {
      const p = mode === 'apprentice' ? Number(fixed[i] === arm) : own[i];
      const q = theirs === 0 ? 0 : holdout!.propensity(arm, arms.slice(0, i), policy.arms, baseline, eligible);
      // Where the policy cannot say, neither can the mixture, from here on.
      const both = p === undefined ? Number.NaN : (ours * p + theirs * q) / (ours + theirs);
      [ours, theirs] = [ours * (p ?? Number.NaN), theirs * q];
      return Number.isNaN(both) ? undefined : both;
    });
  }
}
