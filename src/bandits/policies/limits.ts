/**
 * The largest size of a reward, a weight or an entry of a context: beyond it, squares and sums over many of them would overflow,
 * and one such number would leave a policy without an answer for good.
 */
export const LARGEST = 1e100;
