import { SnapshotError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import type { SharingPart } from '../SharingPart.ts';
import type { HealthMonitor } from './HealthMonitor.ts';

/** A deployment as its replicas see it. `S` is what all of them must agree on; `run` counts the attempts. */
export interface SharedDeployment<S extends { readonly run: number }> {
  readonly monitor: HealthMonitor;
  here(): S;
  /** @throws SnapshotError */
  read(json: Json): S;
  /** Which of two decisions of one revision stands: below 0 the first, 0 where both say the same. */
  compare(a: S, b: S): number;
  /** Goes where another replica has gone. */
  follow(shared: S): void;
  /** The evidence has grown. */
  judge(): void;
}

/**
 * What a deployment tells its other replicas, and takes from them: the evidence that each has gathered, and the decisions
 * that all must agree on, with their revision.
 */
export class DeploymentSharing<S extends { readonly run: number }> implements SharingPart {
  readonly #deployment: SharedDeployment<S>;
  #revision = 0;

  constructor(deployment: SharedDeployment<S>) {
    this.#deployment = deployment;
  }

  /** Grows with everything that is decided here. */
  get revision(): number {
    return this.#revision;
  }

  set revision(revision: number) {
    this.#revision = revision;
  }

  /** What was seen here since it was last told. */
  takeDelta(): Json | undefined {
    const evidence = this.#deployment.monitor.takeOwn();
    return evidence === undefined ? undefined : { run: this.#deployment.here().run, evidence };
  }

  /** Checks what another replica has seen. @returns what adds it, and judges @throws SnapshotError */
  readDelta(json: Json): () => void {
    const { run, evidence } = json as { run: number; evidence: Json };
    const { run: present } = this.#deployment.here();
    if (!Number.isSafeInteger(run)) throw new SnapshotError('the delta of a deployment must name its attempt');
    if (run > present) {
      throw new SnapshotError(
        `the delta is of attempt ${run}, this is ${present}: follow that replica's control first`,
      );
    }
    const add = this.#deployment.monitor.readTold(evidence);
    return () => {
      // Evidence of an attempt that is over says nothing of this one.
      if (run !== this.#deployment.here().run) return;
      add();
      this.#deployment.judge();
    };
  }

  /** What all replicas agree on. */
  control(): { readonly revision: number; readonly state: Json } {
    return { revision: this.#revision, state: this.#deployment.here() as unknown as Json };
  }

  /** Checks another replica's later control. @returns what follows it @throws SnapshotError */
  readControl(json: Json, revision: number): () => void {
    const theirs = this.#deployment.read(json);
    return () => this.#follow(theirs, revision);
  }

  /** Checks another control that is not later. @returns what follows it where it is safer, or else outbids it */
  contest(json: Json, revision: number): () => boolean {
    const theirs = this.#deployment.read(json);
    return () => {
      const order = this.#deployment.compare(this.#deployment.here(), theirs);
      if (order > 0) this.#follow(theirs, revision);
      else if (order < 0) this.#revision = Math.max(this.#revision, revision + 1);
      return order > 0;
    };
  }

  #follow(theirs: S, revision: number): void {
    this.#revision = revision;
    this.#deployment.follow(theirs);
  }
}
