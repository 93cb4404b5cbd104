import type { Outcome } from '../Outcome.ts';
import type { Arm } from './Arm.ts';
import type { HealthMonitor } from './HealthMonitor.ts';

/** What is known of a judged request until its truth comes. */
export interface JudgedNote {
  /** The attempt that the request belongs to. */
  readonly run: number;
  /** The index of the evidence; -1 where the request is none. */
  readonly stage: number;
  /** Whether the other model was asked as well, unseen. */
  asked?: boolean;
  /** What the other model said to the same request. */
  other?: Pick<Outcome, 'variant' | 'status' | 'prediction' | 'latencyMs'>;
  /** The truth, where it came before the other model's answer. */
  joined?: Outcome;
}

/** A deployment as the judge of its outcomes sees it. */
export interface JudgedDeployment {
  readonly monitor: HealthMonitor;
  /** The present attempt: outcomes of others are no evidence. */
  run(): number;
  armOf(variant: string): Arm;
  /** The hash of the unit whose requests belong together; 0 where every request is on its own. */
  cluster(outcome: Outcome): number;
  /** A model answered or failed, seen by a caller or not. */
  answered(arm: Arm, failed: boolean): void;
  /** The canary's evidence has grown. */
  judge(): void;
}

/** Turns the outcomes of two models into evidence: of each alone, and of both on the same request. */
export class OutcomeJudge {
  readonly #deployment: JudgedDeployment;

  constructor(deployment: JudgedDeployment) {
    this.#deployment = deployment;
  }

  /** The model that was chosen has answered or failed. */
  settled(outcome: Outcome): void {
    const note = outcome.note as JudgedNote;
    if (outcome.status === 'cancelled' || !this.#counts(note)) return;
    this.#serve(outcome, note);
  }

  /** The other model has answered or failed, unseen. */
  unseen(outcome: Outcome, note: JudgedNote): void {
    if (!this.#counts(note)) return;
    if (outcome.status !== 'cancelled') {
      const { variant, status, prediction, latencyMs } = outcome;
      note.other = { variant, status, prediction, latencyMs };
      this.#serve(outcome, note);
    } else note.asked = false;
    const { joined } = note;
    if (joined === undefined) return;
    delete note.joined;
    this.joined(joined);
  }

  /** The truth has come. Where the other model was asked, it waits for that answer. */
  joined(outcome: Outcome): void {
    const note = outcome.note as JudgedNote;
    if (!this.#counts(note)) return;
    const { monitor, armOf, cluster } = this.#deployment;
    if (note.other !== undefined) {
      const other: Outcome = { ...outcome, ...note.other };
      const [canary, baseline] = armOf(outcome.variant) === 'canary' ? [outcome, other] : [other, outcome];
      monitor.takePair(canary, baseline, note.stage, cluster(outcome));
      this.#deployment.judge();
    } else if (note.asked === true) note.joined = outcome;
    else {
      const arm = armOf(outcome.variant);
      monitor.take(outcome, 'truth', arm, note.stage, cluster(outcome));
      if (arm === 'canary') this.#deployment.judge();
    }
  }

  #counts({ run, stage }: JudgedNote): boolean {
    return stage >= 0 && run === this.#deployment.run();
  }

  #serve(outcome: Outcome, note: JudgedNote): void {
    const { monitor, armOf, cluster } = this.#deployment;
    const arm = armOf(outcome.variant);
    this.#deployment.answered(arm, outcome.status !== 'ok');
    monitor.take(outcome, 'serve', arm, note.stage, cluster(outcome));
    if (arm === 'canary') this.#deployment.judge();
  }
}
