// ml-random-forest 2.1.0 ships types that do not compile (TS1036, TS2304, TS2666). These cover what the examples use.
declare module 'ml-random-forest' {
  /** What CART is told. The depth limit belongs here: at the top level it is ignored without a word. */
  export interface TreeOptions {
    /** @defaultValue Infinity */
    maxDepth?: number;
    /** A node with no more rows than this is a leaf. @defaultValue 3 */
    minNumSamples?: number;
    /** A split must gain more than this. @defaultValue 0 (regression), 0.01 (classification) */
    gainThreshold?: number;
  }

  export interface ForestOptions {
    /** @defaultValue 50 */
    nEstimators?: number;
    /** A 32-bit integer. @defaultValue 42 */
    seed?: number;
    /** An integer is a count, a fraction a share of the columns, drawn once a tree. @defaultValue 1 (all) */
    maxFeatures?: number;
    /** Draw columns with replacement. @defaultValue false (regression), true (classification) */
    replacement?: boolean;
    /** @defaultValue true */
    useSampleBagging?: boolean;
    /** Leave out the out-of-bag predictions. @defaultValue false */
    noOOB?: boolean;
    treeOptions?: TreeOptions;
  }

  export interface RegressionForestOptions extends ForestOptions {
    /** How the trees' answers become one. @defaultValue 'mean' */
    selectionMethod?: 'mean' | 'median';
  }

  export class RandomForestRegression {
    constructor(options?: RegressionForestOptions);
    train(rows: number[][], targets: number[]): void;
    predict(rows: number[][]): number[];
  }

  export class RandomForestClassifier {
    constructor(options?: ForestOptions);
    /** Labels are small integers from 0. */
    train(rows: number[][], labels: number[]): void;
    /** The class that most trees vote for. */
    predict(rows: number[][]): number[];
    /** Each tree's answer: one row a request, one column a tree. */
    predictionValues(rows: number[][]): { getRow(index: number): number[] };
  }
}
