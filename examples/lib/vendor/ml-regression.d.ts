// ml-regression 6.3.0 ships no types. These cover what the examples use.
declare module 'ml-regression' {
  /** Least squares of one or more targets on several columns, by the normal equations. */
  export class MultivariateLinearRegression {
    /** One list a column, then the intercept's; each holds one weight a target. */
    readonly weights: number[][];
    /** `y` is two-dimensional: one column a target. */
    constructor(x: number[][], y: number[][], options?: { intercept?: boolean; statistics?: boolean });
    predict(row: number[]): number[];
    predict(rows: number[][]): number[][];
  }
}
