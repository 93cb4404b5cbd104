/** What a thread is told when it begins. */
export interface ThreadSetup {
  readonly module: string;
  readonly exportName: string | undefined;
  readonly options: unknown;
  readonly nice: number | undefined;
  /** Holds, at index 0, how many requests the thread has begun: readable even while it is stuck in one, or dead. */
  readonly begun: Int32Array;
  /** Which of the requests that it has not begun it need not begin: the caller has given up. A request has the place `id % length`. */
  readonly givenUp: Int32Array;
}

/** A request on its way to a thread. */
export interface Task {
  readonly id: number;
  readonly input: unknown;
}

/** An error as it crosses threads. */
export interface PlainError {
  readonly name: string;
  readonly message: string;
}

/** What became of a request. */
export type TaskResult =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly error: PlainError };

/** What a thread hears: requests, or a number to repeat, which shows that it is not stuck. */
export type ToThread = readonly Task[] | number;

/** What a thread says. */
export type FromThread =
  | { readonly type: 'ready'; readonly version: string | undefined }
  | { readonly type: 'failed'; readonly error: PlainError }
  | { readonly type: 'results'; readonly results: readonly TaskResult[] }
  | { readonly type: 'alive'; readonly number: number };
