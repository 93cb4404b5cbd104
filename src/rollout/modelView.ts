import { SnapshotError } from '../core/errors.ts';
import type { AnyModel, PassedRequest } from '../core/Model.ts';
import { type AnyStrategy, isStrategy, type StrategyProtocol, strategyMark } from '../core/strategy.ts';

/**
 * A model as one step sees it. A strategy stands in a tree once, and several steps use the same two models: so each step
 * gets a view of it that answers alike, while the rollout itself keeps its state, its random stream and its truths.
 */
export function modelView<M extends AnyModel>(model: M): M {
  if (!isStrategy(model)) return model;
  return viewOf(model) as unknown as M;
}

function viewOf(strategy: AnyStrategy): AnyStrategy {
  type Call = (input: unknown, request?: PassedRequest) => unknown;
  const envelope = { kind: 'coronate/view', version: 1, name: strategy[strategyMark].name, state: {}, nested: {} };
  return {
    [strategyMark]: viewProtocol(strategy),
    predict: (input: never, request?: PassedRequest) => (strategy.predict as Call).call(strategy, input, request),
    serve: (input: never, request?: PassedRequest) => (strategy.serve as Call).call(strategy, input, request),
    // A shadow that answers after its truth came records it itself; all other truths come through the rollout.
    record: (requestId, truth) => strategy.record(requestId, truth),
    snapshot: () => envelope,
  };
}

function viewProtocol(strategy: AnyStrategy): StrategyProtocol {
  const { kind, name } = strategy[strategyMark];
  return { ...inertProtocol(kind, name), saw: () => false, load: () => () => undefined };
}

/** The protocol of what keeps nothing, shares nothing and hands nothing down. */
export function inertProtocol(kind: string, name: string): StrategyProtocol {
  const nothing = { kind: `coronate/${kind}/control`, version: 1, name, state: {}, nested: {}, revision: 0 };
  return {
    kind,
    name,
    children: {},
    adopt: () => undefined,
    saw: () => false,
    truths: () => ({}),
    observe: () => () => undefined,
    load: () => {
      throw new SnapshotError(`${name} keeps nothing`);
    },
    takeDelta: () => undefined,
    readDelta: () => {
      throw new SnapshotError(`${name} shares no statistics`);
    },
    control: () => nothing,
    readControl: () => () => false,
    relabel: () => undefined,
    tap: () => undefined,
    standing: () => undefined,
    outcomeOf: () => undefined,
    readOutcome: () => {
      throw new SnapshotError(`${name} has no outcomes that wait`);
    },
    forget: () => undefined,
  };
}
