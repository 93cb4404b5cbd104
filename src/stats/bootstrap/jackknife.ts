/** More groups than this say no more about the skewness, and cost the square of the sample. */
const MOST_GROUPS = 1000;

/** Influences of the parts of a sample on a statistic: their sums of squares and of cubes, in units of the sample. */
export interface Influences {
  readonly squares: number;
  readonly cubes: number;
}

/**
 * The influence of each observation (of each of 1000 groups of observations, in large samples), by leaving it out.
 * `without` computes the statistic of the sample without the observations from `start` to `end`.
 */
export function jackknife(n: number, without: (start: number, end: number) => number): Influences {
  const groups = Math.min(n, MOST_GROUPS);
  const left = Float64Array.from({ length: groups }, (_, g) =>
    without(Math.floor((g * n) / groups), Math.floor(((g + 1) * n) / groups)),
  );
  const mean = left.reduce((sum, value) => sum + value, 0) / groups;
  // Influence over the number of parts: with (groups - 1) / groups it is the same for one sample and for several.
  const scale = (groups - 1) / groups;
  let [squares, cubes] = [0, 0];
  for (const value of left) {
    const influence = scale * (mean - value);
    squares += influence * influence;
    cubes += influence * influence * influence;
  }
  return { squares, cubes };
}

/** The acceleration: a sixth of the skewness of the statistic; 0 where the influences do not vary or are no numbers. */
export function accelerationOf(samples: readonly Influences[]): number {
  const squares = samples.reduce((sum, influences) => sum + influences.squares, 0);
  const cubes = samples.reduce((sum, influences) => sum + influences.cubes, 0);
  const acceleration = cubes / (6 * squares * Math.sqrt(squares));
  return Number.isFinite(acceleration) ? acceleration : 0;
}
