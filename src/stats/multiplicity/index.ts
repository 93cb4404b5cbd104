export type { AdjustedPValues, MultiplicityOptions } from './AdjustedPValues.ts';
export { benjaminiHochberg } from './benjaminiHochberg.ts';
export { benjaminiYekutieli } from './benjaminiYekutieli.ts';
export { bonferroni } from './bonferroni.ts';
export { hochberg } from './hochberg.ts';
export { holm } from './holm.ts';
export { holmSidak } from './holmSidak.ts';
export { hommel } from './hommel.ts';
export { sidak } from './sidak.ts';
