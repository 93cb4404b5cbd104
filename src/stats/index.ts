export * from './distributions/index.ts';
export * from './sequential/index.ts';
export * from './special/index.ts';
