/** What one replica of bench/scale is. */
export interface ScaleTask {
  readonly port: number;
  readonly kind: 'bandit' | 'A/B test';
  readonly name: string;
  readonly shared: boolean;
  /** Milliseconds from a decision to its truth; 0 where it comes with the request. */
  readonly lateMs: number;
}

/** What it is told: to make so many decisions now, to make so many a second from now on, or to say how it stands. */
export type ScaleCommand =
  | { readonly type: 'serve'; readonly calls: number }
  | { readonly type: 'pace'; readonly perSecond: number }
  | { readonly type: 'report' };

/** How it stands since it began. */
export interface ScaleReply {
  readonly decisions: number;
  /** Processor time of the whole process: its threads, its sockets and its rounds with Redis included. */
  readonly cpuUs: number;
}
