import type { StateStore } from '../core/StateStore.ts';
import type { AnyStrategy } from '../core/strategy.ts';
import { Keeper } from './Keeper.ts';
import type { PersistOptions } from './PersistOptions.ts';

/**
 * Keeps the state of a strategy, and of all that is nested in it, in a store: takes over what is there, and saves now and
 * then, beside the serving path. A store that throws or hangs is counted and told; the strategy goes on.
 *
 * For one process a key: a second writer is told from the first by the version, and stops. Replicas that work side by
 * side use `share`.
 *
 * @throws SnapshotError if the store holds the state of another strategy, or of newer code
 * @throws InvalidOptionError
 * @throws whatever the store rejected with, where it cannot be read and `required` is on
 * @example
 * const keeper = await persist(bandit, await FileStore.open('./state'));
 * bandit.predict(row, { id });
 * await keeper.stop();
 */
export async function persist(strategy: AnyStrategy, store: StateStore, options: PersistOptions = {}): Promise<Keeper> {
  const keeper = new Keeper(strategy, store, options);
  await keeper.start();
  return keeper;
}
