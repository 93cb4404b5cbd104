import type { Outcome } from './Outcome.ts';

/** What a strategy does when a truth arrives, and when it never did. */
export interface TruthHandlers {
  /** The outcome with its truth. */
  joined(outcome: Outcome): void;
  /** Whether anybody hears of a truth that will not come. Left out: yes. */
  hearLost?(): boolean;
  /** The window is over, or the place was needed (`dropped`). */
  lost(outcome: Outcome, why: 'expired' | 'dropped'): void;
  /** An outcome that another replica served waits here now. */
  adopted?(outcome: Outcome): void;
  /** Another replica has joined the truth: neither it nor its absence is to be learnt from here. */
  moved?(outcome: Outcome): void;
}
