/** What a request asks of the hostile model. */
export type Ask =
  | number
  | 'exit'
  | 'memory'
  | 'throw'
  | 'throw-undefined'
  | 'unhandled'
  | 'never'
  | 'function'
  | { readonly later: number }
  | { readonly busyMs: number }
  /** Loops for ever, once it has said in shared memory that it does. */
  | { readonly loop: Int32Array }
  | { readonly fill: Float64Array };
