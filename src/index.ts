export * from './core/index.ts';
export * from './random/index.ts';
