import { checkFinite, checkOptions } from '../../../core/check.ts';
import type { ArmMemory } from './Memory.ts';

/**
 * Everything known fades by the factor gamma at each reward, of whichever arm; then the reward counts in full.
 * An arm that has faded to nothing is unknown again: it falls back on its prior, or is pulled anew.
 *
 * Source: Garivier & Moulines (2011), On Upper-Confidence Bound Policies for Switching Bandit Problems,
 * doi:10.1007/978-3-642-24412-4_16.
 */
export function discountedMemory(options: { readonly gamma: number }): ArmMemory {
  checkOptions('memory', options, ['type', 'gamma']);
  const gamma = checkFinite('memory.gamma', options.gamma, { gt: 0, lt: 1 });
  return {
    kind: 'discounted',
    exploration: 0,
    mergeable: false,
    observe: (table, i, x, weight) => {
      table.decay(gamma);
      table.add(i, x, weight);
    },
    inserted: () => {},
    removed: () => {},
    save: () => null,
    load: () => {},
  };
}
