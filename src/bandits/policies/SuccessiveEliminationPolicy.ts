import { checkProbability } from '../../core/check.ts';
import { SnapshotError } from '../../core/errors.ts';
import type { ArmTable } from './ArmTable.ts';
import { checkPolicyOptions, rewardScale, TABLE_OPTIONS, type TablePolicyOptions } from './PolicyOptions.ts';
import type { ArmRule, ChoiceView } from './rules/ArmRule.ts';
import { indexRule } from './rules/indexRule.ts';
import { TablePolicy } from './TablePolicy.ts';

/** Options of {@link SuccessiveEliminationPolicy}. */
export interface SuccessiveEliminationPolicyOptions extends TablePolicyOptions {
  /** Probability of ever eliminating the best arm, strictly between 0 and 1. @defaultValue 0.05 */
  readonly delta?: number;
}

/**
 * Successive elimination: the remaining arms in turn; after each round, arms whose upper bound lies below the best lower
 * bound are out for good. It finds the best arm with probability 1 - delta, and costs more regret than the policies that aim at
 * regret. Memory must be stationary; an arm added later starts from nothing and is pulled until it has caught up.
 *
 * Source: Even-Dar, Mannor & Mansour (2006), Action Elimination and Stopping Conditions, JMLR 7, algorithm 3.
 */
export class SuccessiveEliminationPolicy extends TablePolicy {
  readonly #remaining: () => readonly boolean[];

  /** @throws InvalidOptionError if an option is unknown or breaks its rule, or a memory is asked for */
  constructor(options: SuccessiveEliminationPolicyOptions) {
    checkPolicyOptions('SuccessiveEliminationPolicy options', options, [...TABLE_OPTIONS, 'delta']);
    const { rule, remaining } = eliminationRule(checkProbability('delta', options.delta ?? 0.05));
    super(rule, rewardScale(options.rewardRange ?? [0, 1], true), options);
    this.#remaining = remaining;
  }

  /** The arms that are not eliminated, in order. */
  remainingArms(): readonly string[] {
    const remaining = this.#remaining();
    return this.arms.filter((_, i) => remaining[i]);
  }
}

/** sqrt(ln(4 K n^2 / delta) / (2 n)): all means stay within it of their limits, at every n, with probability 1 - delta. */
function radius(n: number, arms: number, delta: number): number {
  return Math.sqrt(Math.log((4 * arms * n * n) / delta) / (2 * n));
}

function eliminate(table: ArmTable, active: boolean[], delta: number): void {
  const margin = (i: number): number => radius(table.n[i]!, table.size, delta);
  let floor = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < table.size; i += 1) if (active[i]) floor = Math.max(floor, table.mean[i]! - margin(i));
  for (let i = 0; i < table.size; i += 1) if (table.mean[i]! + margin(i) < floor) active[i] = false;
}

function eliminationRule(delta: number): { readonly rule: ArmRule; readonly remaining: () => readonly boolean[] } {
  let active: boolean[] = [];
  let round = 0;
  const leastFirst = (view: ChoiceView): void => {
    const { table, eligible, pending } = view;
    // Where guards leave none of the remaining arms, any eligible one will do.
    const some = active.some((is, i) => is && (eligible === undefined || eligible[i]));
    for (let i = 0; i < table.size; i += 1) {
      const pulls = table.count[i]! + (pending?.[i] ?? 0);
      view.scores[i] = some && !active[i] ? Number.NEGATIVE_INFINITY : -pulls;
    }
  };
  const rule: ArmRule = {
    ...indexRule('successive-elimination', leastFirst, { weight: 0, sum: 0 }),
    own: {
      mergeable: true,
      inserted: () => {
        active.push(true);
      },
      removed: (i) => {
        active.splice(i, 1);
        if (!active.includes(true)) active.fill(true);
      },
      changed: ({ table }) => {
        const rounds = active.reduce((least, is, i) => (is ? Math.min(least, table.count[i]!) : least), Infinity);
        if (rounds > round) eliminate(table, active, delta);
        round = rounds;
      },
      save: () => ({ active: active.map(Number), round }),
      load: (state, size) => {
        const saved = (state ?? {}) as { readonly active?: number[]; readonly round?: number };
        if (saved.active?.length !== size || typeof saved.round !== 'number') {
          throw new SnapshotError('the snapshot does not say which arms remain');
        }
        active = saved.active.map(Boolean);
        round = saved.round;
      },
      merge: (state, positions) => {
        const { active: others } = state as { readonly active: readonly number[] };
        const both = active.slice();
        positions.forEach((position, j) => {
          if (!others[j]) both[position] = false;
        });
        if (both.includes(true)) active = both;
        // The next change looks at all arms again.
        round = -1;
      },
    },
  };
  return { rule, remaining: () => active };
}
