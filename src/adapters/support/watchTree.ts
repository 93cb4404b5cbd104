import type { AnyStrategy, StrategyObserver, StrategyProtocol, strategyMark } from '../../core/index.ts';
import { InvalidOptionError } from './errors.ts';

/** The mark that strategies know each other by; `Symbol.for`, so that nothing but types is imported. */
const mark: typeof strategyMark = Symbol.for('coronate.strategy') as never;

/** One strategy of a tree. */
export interface Watched {
  readonly kind: string;
  readonly name: string;
  readonly protocol: StrategyProtocol;
  /** The strategy that works here now: a step of a rollout has one from its beginning until it is let go of. */
  strategy(): AnyStrategy | undefined;
}

/** A strategy and all that are nested in it, outermost first. @throws InvalidOptionError if it is none */
export function listTree(option: string, root: unknown): readonly Watched[] {
  const strategy = root as AnyStrategy;
  if (typeof root !== 'object' || root === null || !(mark in root)) {
    throw new InvalidOptionError(option, root, 'a strategy: an ABTest, a CanaryDeployment, a Rollout, …');
  }
  const protocol = strategy[mark];
  const step = 'step' in strategy && 'strategy' in strategy;
  const own: Watched = {
    kind: protocol.kind,
    name: protocol.name,
    protocol,
    strategy: step ? () => (strategy as { readonly strategy?: AnyStrategy }).strategy : () => strategy,
  };
  const nested = Object.values(protocol.children).flatMap((child) => listTree(option, child));
  return [own, ...nested];
}

/**
 * Watches every strategy of a tree, or none: where one throws, those before it are let go of.
 * @returns takes all watchers off
 */
export function watchTree(tree: readonly Watched[], create: (watched: Watched) => StrategyObserver): () => void {
  const stops: (() => void)[] = [];
  const stopAll = (): void => {
    for (const stop of stops) stop();
  };
  try {
    for (const watched of tree) stops.push(watched.protocol.observe(create(watched)));
  } catch (error) {
    stopAll();
    throw error;
  }
  return stopAll;
}
