import type { Hub } from '../core/Hub.ts';
import type { AnyStrategy } from '../core/strategy.ts';
import { Replica } from './Replica.ts';
import { checkShareOptions, type ShareOptions } from './ShareOptions.ts';

/**
 * Shares a strategy, and all that is nested in it, with its replicas in other processes. Every replica goes on deciding by
 * itself, at once; beside that it tells the hub what it has learnt, adds what the others have, and follows what all
 * agreed on. `record` on any replica finds the outcome wherever it was served: it says `pending` until the hub has said
 * who joins it.
 *
 * To be called on a new strategy, before it serves. A hub that cannot be reached holds nobody up: the replica works alone,
 * says so in `status`, and joins when it can.
 *
 * @throws InvalidOptionError
 * @throws SnapshotError if the hub holds the state of another strategy, or of newer code
 * @example
 * const hub = new RedisHub(client, { name: 'yield-v2' });
 * const replica = await share(bandit, hub, { replica: hostname() });
 * bandit.predict(row, { id });
 * await replica.stop();
 */
export async function share(strategy: AnyStrategy, hub: Hub, options: ShareOptions = {}): Promise<Replica> {
  const replica = new Replica(strategy, hub, checkShareOptions(options));
  await replica.start();
  return replica;
}
