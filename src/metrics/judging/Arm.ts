/** The two models of a comparison. */
export type Arm = 'canary' | 'baseline';
