export { type StrategyFlag, StrategyProvider, type StrategyProviderOptions } from './StrategyProvider.ts';
