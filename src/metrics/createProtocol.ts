import type { Snapshot } from '../core/snapshot.ts';
import type { AnyStrategy, StrategyProtocol } from '../core/strategy.ts';
import { strategyMark } from '../core/strategy.ts';
import { Exchange } from './Exchange.ts';
import { outcomesOf } from './outcomesOf.ts';
import type { RuntimeOwner } from './RuntimeOwner.ts';
import type { StrategyIdentity } from './StrategyIdentity.ts';
import type { TruthLedger } from './TruthLedger.ts';
import type { Watchers } from './Watchers.ts';

/** What a protocol speaks for. */
export interface ProtocolParts {
  readonly owner: RuntimeOwner;
  readonly identity: StrategyIdentity;
  readonly children: Readonly<Record<string, AnyStrategy>>;
  readonly ledger: TruthLedger;
  readonly watchers: Watchers;
  /** Takes over a snapshot. @returns puts back what was there */
  readonly load: (snapshot: Snapshot) => () => void;
}

/** What a strategy says to those around it and to its replicas: of itself, and of those nested in it. */
export function createProtocol({ owner, identity, children, ledger, watchers, load }: ProtocolParts): StrategyProtocol {
  const exchange = new Exchange(owner, identity.name, children);
  return {
    kind: owner.kind,
    name: identity.name,
    children,
    saw: (requestId) => ledger.saw(requestId),
    truths: () => ({ ...ledger.counts }),
    observe: (observer) => watchers.observe(observer),
    load,
    takeDelta: () => exchange.takeDelta(),
    readDelta: (delta) => exchange.readDelta(delta),
    control: () => exchange.control(),
    readControl: (control, force) => exchange.readControl(control, force),
    ...outcomesOf(ledger, children),
    tap: (tap) => {
      watchers.tap = tap;
    },
    relabel: (replica) => {
      identity.relabel(replica);
      for (const child of Object.values(children)) child[strategyMark].relabel(replica);
    },
    adopt: (path) => {
      identity.adopt(path);
      for (const [name, child] of Object.entries(children)) child[strategyMark].adopt(`${identity.path}/${name}`);
    },
  };
}
