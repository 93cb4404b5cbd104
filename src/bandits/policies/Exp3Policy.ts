import { checkFinite } from '../../core/check.ts';
import { SnapshotError } from '../../core/errors.ts';
import { checkPolicyOptions, rewardScale, TABLE_OPTIONS, type TablePolicyOptions } from './PolicyOptions.ts';
import type { ArmRule, ChoiceView } from './rules/ArmRule.ts';
import { lawRule, normaliseLogWeights } from './rules/lawRule.ts';
import { mixUniform } from './selection.ts';
import { TablePolicy } from './TablePolicy.ts';

/** Options of {@link Exp3Policy}. */
export interface Exp3PolicyOptions extends TablePolicyOptions {
  /**
   * A number within (0, 1]: EXP3 as first published, from rewards, with this share of uniform choices. `'anytime'`: from
   * losses, without uniform choices, at the learning rate sqrt(ln K / (K t)), which needs no horizon.
   * @defaultValue 'anytime'
   */
  readonly gamma?: number | 'anytime';
}

/**
 * EXP3: exponential weights of importance-weighted rewards (or losses), for rewards that may follow no law at all (or an adversary).
 * On well-behaved rewards it costs several times the regret of the other policies. It has a memory of its own, so that
 * no other can be combined with it, and depends on the order of updates, so that processes cannot be merged.
 *
 * A reward that comes late should come with the `propensity` of its choice.
 *
 * Source: Auer, Cesa-Bianchi, Freund & Schapire (2002), The Nonstochastic Multiarmed Bandit Problem, SIAM J. Comput. 32(1),
 * doi:10.1137/S0097539701398375, figure 1; anytime: Bubeck & Cesa-Bianchi (2012), Regret Analysis of Stochastic and
 * Nonstochastic Multi-armed Bandit Problems, doi:10.1561/2200000024, theorem 3.1.
 */
export class Exp3Policy extends TablePolicy {
  /** @throws InvalidOptionError if an option is unknown or breaks its rule, or a memory is asked for */
  constructor(options: Exp3PolicyOptions) {
    checkPolicyOptions('Exp3Policy options', options, [...TABLE_OPTIONS, 'gamma']);
    const gamma = options.gamma ?? 'anytime';
    if (gamma !== 'anytime') checkFinite('gamma', gamma, { gt: 0, le: 1 });
    super(exp3Rule(gamma), rewardScale(options.rewardRange ?? [0, 1], true), options);
  }
}

function exp3Rule(constant: number | 'anytime'): ArmRule {
  // Importance-weighted sums of rewards, or of losses with a minus sign: the weights are exp(rate times these).
  let gains: number[] = [];
  const anytime = constant === 'anytime';
  const mixed = anytime ? 0 : constant;
  const rate = ({ table }: ChoiceView): number =>
    anytime ? Math.sqrt(Math.log(gains.length) / (gains.length * (table.updates + 1))) : mixed / gains.length;
  const law = (view: ChoiceView, out: Float64Array): void => {
    const eta = rate(view);
    for (let i = 0; i < gains.length; i += 1) out[i] = eta * gains[i]!;
    normaliseLogWeights(view, out);
    mixUniform(view, mixed, out);
  };
  return {
    ...lawRule('exp3', law, { weight: 0, sum: 0 }, 0),
    own: {
      mergeable: false,
      inserted: () => {
        gains.push(0);
      },
      removed: (i) => {
        gains.splice(i, 1);
      },
      observing: (view, i, x, weight, propensity) => {
        let p = propensity;
        if (p === undefined) {
          const now = new Float64Array(gains.length);
          law({ ...view, eligible: undefined }, now);
          p = now[i]!;
        }
        // An arm that is all but given up may still be fed from outside: its estimate must stay finite.
        gains[i] = gains[i]! + (weight * (anytime ? x - 1 : x)) / Math.max(p, 1e-12);
      },
      save: () => gains.slice(),
      load: (state, size) => {
        const list = Array.isArray(state) ? (state as number[]) : [];
        if (list.length !== size || !list.every(Number.isFinite)) throw new SnapshotError('the snapshot has no gains');
        gains = list.slice();
      },
    },
  };
}
