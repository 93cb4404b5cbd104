/** One measured operation, beside the same operation of a peer where one is installed. */
export interface BenchRow {
  readonly name: string;
  /** Nanoseconds per operation: the median of the samples. */
  readonly ns: number;
  /** The peer's name with its version. */
  readonly peer?: string;
  readonly peerNs?: number;
  /** `peerNs / ns`: above 1 this library is the faster one. */
  readonly ratio?: number;
  readonly note?: string;
}
