export type { BootstrapMethod, BootstrapOptions } from './BootstrapOptions.ts';
export { bootstrapInterval, type GivenResamples } from './bootstrapInterval.ts';
export { twoSampleBootstrapInterval } from './twoSampleBootstrapInterval.ts';
