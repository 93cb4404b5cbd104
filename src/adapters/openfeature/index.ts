/**
 * Strategies as feature flags. Peer: `@openfeature/server-sdk` 1. Guide: docs/guides/observability.md.
 *
 * @packageDocumentation
 */

export { type StrategyFlag, StrategyProvider, type StrategyProviderOptions } from './StrategyProvider.ts';
