/**
 * Runs a shadow somewhere else: another thread, another process, another machine. What it rejects with becomes the
 * outcome of that one request; it must not throw, and must not keep the input nor take its buffers away.
 */
export interface Executor<Input = never, Output = unknown> {
  /** Whether the work is done outside this event loop, so that it costs production no computing time here. */
  readonly isolated: boolean;
  /**
   * The shadow's answer to one input. Calls overlap up to the runner's `queue.concurrency`.
   *
   * @param options `signal` aborts when the runner has given the request up: the work should end, by force if need be.
   * `requestId` is the request's, where it has one.
   */
  run(input: Input, options: { readonly signal: AbortSignal; readonly requestId: string | undefined }): Promise<Output>;
  /** What stands in records and reports as the shadow's version. @defaultValue none */
  readonly version?: string;
  /** Ends the work under way and lets go of threads and processes. Later runs reject. */
  close(): Promise<void>;
}

/** A shadow that an executor runs. */
export interface ExecutedShadow<Input = never, Output = unknown> {
  readonly executor: Executor<Input, Output>;
}
