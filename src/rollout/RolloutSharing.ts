import { SnapshotError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { SharingPart } from '../metrics/SharingPart.ts';
import type { RolloutState } from './RolloutState.ts';
import { readState } from './readState.ts';
import { reconcile } from './reconcile.ts';
import type { StepCycle } from './StepCycle.ts';

/** What was served at a replica since it last told the others. */
interface Served {
  readonly attempt: number;
  /** Requests by the step that served them. */
  readonly requests: { readonly [step: string]: number };
}

/**
 * What a rollout tells its other replicas: how many requests were served, and the step that all must be in. The evidence of
 * the steps is told by their strategies.
 */
export class RolloutSharing implements SharingPart {
  readonly #cycle: StepCycle;
  #fresh: Record<string, number> = {};

  constructor(cycle: StepCycle) {
    this.#cycle = cycle;
  }

  /** A request was answered here. */
  served(step: string): void {
    this.#fresh[step] = (this.#fresh[step] ?? 0) + 1;
  }

  takeDelta(): Json | undefined {
    if (Object.keys(this.#fresh).length === 0) return undefined;
    const served: Served = { attempt: this.#cycle.state.attempt, requests: this.#fresh };
    this.#fresh = {};
    return served as unknown as Json;
  }

  readDelta(json: Json): () => void {
    const { attempt, requests } = json as unknown as Served;
    const counts = Object.values(requests ?? {});
    if (!Number.isSafeInteger(attempt) || !counts.every((count) => Number.isSafeInteger(count) && count >= 0)) {
      throw new SnapshotError('the delta of a rollout must count requests by step');
    }
    return () => {
      const all = counts.reduce((sum, count) => sum + count, 0);
      const step = this.#cycle.servingSlot()?.step;
      const here = step === undefined || attempt !== this.#cycle.state.attempt ? 0 : (requests[step] ?? 0);
      this.#cycle.merged(all, here);
    };
  }

  control(): { readonly revision: number; readonly state: Json } {
    return { revision: this.#cycle.revision, state: this.#cycle.state as unknown as Json };
  }

  readControl(json: Json, revision: number): () => void {
    const theirs = readState(json, this.#cycle.plan.steps.length);
    return () => void this.#follow(theirs, revision, true);
  }

  contest(json: Json, revision: number): () => boolean {
    const theirs = readState(json, this.#cycle.plan.steps.length);
    return () => this.#follow(theirs, revision, false);
  }

  toJSON(): Json {
    return { ...this.#fresh };
  }

  /** Takes over what `toJSON` returned. @throws SnapshotError */
  load(json: Json): void {
    const fresh = json as Record<string, number>;
    if (!Object.values(fresh ?? {}).every((count) => Number.isSafeInteger(count) && count >= 0)) {
      throw new SnapshotError('the snapshot of a rollout must count what it has not told');
    }
    this.#fresh = { ...fresh };
  }

  /** @returns whether anything has changed */
  #follow(theirs: RolloutState, revision: number, later: boolean): boolean {
    const cycle = this.#cycle;
    const ours = cycle.state;
    const stands = reconcile(ours, theirs, later);
    if (stands === theirs) {
      cycle.adopt(theirs, revision);
      return true;
    }
    const same = JSON.stringify(ours.phase) === JSON.stringify(theirs.phase) && ours.attempt === theirs.attempt;
    if (stands === ours) {
      // Where both say the same, only their times differ.
      if (!same) cycle.outbid(revision);
      else if (later) cycle.adopt(theirs, revision);
      return same && later;
    }
    cycle.adopt(stands, Math.max(cycle.revision, revision) + 1);
    return true;
  }
}
