import { SnapshotError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import { type AnyStrategy, type StrategyProtocol, strategyMark } from '../core/strategy.ts';
import type { TruthLedger } from './TruthLedger.ts';

interface SavedOutcome {
  readonly own: Json | null;
  readonly nested: { readonly [variant: string]: Json };
}

type OutcomeParts = Pick<StrategyProtocol, 'standing' | 'outcomeOf' | 'readOutcome' | 'forget'>;

/** How the outcomes of a strategy and of those nested in it move between replicas: all parts of one request together. */
export function outcomesOf(ledger: TruthLedger, children: Readonly<Record<string, AnyStrategy>>): OutcomeParts {
  const inside = (): [string, StrategyProtocol][] =>
    Object.entries(children).map(([name, child]) => [name, child[strategyMark]]);
  return {
    standing: (requestId) => ledger.standing(requestId),
    outcomeOf: (requestId) => {
      const own = ledger.outcomeOf(requestId) ?? null;
      const nested = inside().flatMap(([name, child]) => {
        const part = child.outcomeOf(requestId);
        return part === undefined ? [] : [[name, part] as const];
      });
      return own === null && nested.length === 0 ? undefined : { own, nested: Object.fromEntries(nested) };
    },
    readOutcome: (requestId, json) => {
      const { own, nested } = (json ?? {}) as unknown as SavedOutcome;
      if (typeof nested !== 'object' || nested === null)
        throw new SnapshotError('an outcome must have its nested parts');
      const adopt = own === null ? undefined : ledger.readOutcome(requestId, own);
      const inner = inside().flatMap(([name, child]) =>
        Object.hasOwn(nested, name) ? [child.readOutcome(requestId, nested[name]!)] : [],
      );
      return () => {
        adopt?.();
        for (const part of inner) part();
      };
    },
    forget: (requestId) => {
      ledger.forget(requestId);
      for (const [, child] of inside()) child.forget(requestId);
    },
  };
}
