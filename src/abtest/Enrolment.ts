import { Assigner } from '../assignment/Assigner.ts';
import type { AssignmentHash } from '../assignment/AssignerOptions.ts';
import type { Assignment } from '../assignment/Assignment.ts';
import type { RangeLedgerState } from '../assignment/RangeLedger.ts';
import { InvalidDataError, InvalidOptionError, SnapshotError, show } from '../core/errors.ts';
import type { Request } from '../core/Model.ts';
import { abandon } from '../core/perRow.ts';
import { isUnit } from '../core/Unit.ts';
import type { Choice, StrategyRuntime } from '../metrics/StrategyRuntime.ts';
import { restoreRng } from '../random/createRng.ts';
import type { Rng, RngState } from '../random/Rng.ts';
import type { ABTestEvent } from './ABTestEvent.ts';
import type { ABTestAssignment } from './ABTestOptions.ts';
import type { Note } from './Note.ts';
import type { Observations } from './Observations.ts';
import type { Variants } from './variants.ts';

/** What a test's story says besides: how the request came to its variant, or why it is not part of the experiment. */
export interface ABTestStory {
  readonly assignment: Assignment;
}

/** A dimension of requests. */
export type Segment = readonly [string, (input: never, request: Request) => string | undefined];

/** What enrolment needs of the test. */
export interface EnrolmentOptions {
  readonly runtime: StrategyRuntime<ABTestEvent>;
  readonly observed: Observations;
  readonly variants: Variants;
  readonly assignment: ABTestAssignment;
  readonly segments: readonly Segment[];
  /** Whether the champion answers for a challenger that fails. */
  readonly fallback: boolean;
}

/** Who had which ranges when it was saved, as plain JSON. */
export interface SavedEnrolment {
  /** What the hash of a unit depends on besides the name: another one would reassign everybody. */
  readonly hash: AssignmentHash;
  readonly salt: string;
  readonly ledger: RangeLedgerState;
  readonly exposure: number;
  readonly exposureRng: RngState | null;
}

/** Decides for every request whether it is part of the experiment, and which variant it gets. */
export class Enrolment {
  readonly assigner: Assigner;
  readonly #options: EnrolmentOptions;
  /** Choices of this epoch by assignment: of those left out, independent ones, units that came before, and repeats that count. */
  readonly #choices: readonly Map<Assignment, Choice>[] = Array.from({ length: 4 }, () => new Map());
  #exposureRng: Rng | undefined;

  /** @throws InvalidOptionError, UnknownVariantError */
  constructor(options: EnrolmentOptions) {
    this.#options = options;
    this.assigner = this.#createAssigner();
  }

  /** The request with the unit that the test's own rule finds for it, where it names none. */
  withUnit(input: unknown, request: Request): Request {
    const { assignment, runtime } = this.#options;
    const { unit } = assignment;
    if (unit === undefined || request.unit !== undefined) return request;
    const found = runtime.events.guard('assignment.unit', () => unit(input));
    if (found === undefined || isUnit(found)) return found === undefined ? request : { ...request, unit: found };
    // What is no unit (NaN, an empty string) is nobody: the request is served, and the fault is reported.
    runtime.events.contain('assignment.unit', new InvalidOptionError('unit', found, 'a unit'));
    return request;
  }

  /** Which variant answers a request. */
  choose(input: unknown, request: Request): Choice {
    const { observed, segments } = this.#options;
    const assignment = this.assigner.assign(request.unit, this.#eligible(input, request));
    if (assignment.status !== 'assigned' || assignment.by === 'forced') {
      observed.statistics.exclude(assignment.status === 'assigned' ? 'forced' : assignment.reason);
      return this.#shared(assignment, 'none');
    }
    const groups = segments.length === 0 ? undefined : this.#segmentsOf(input, request);
    const shared = this.#shared(assignment, observed.assign(assignment.index, request.unit));
    if (groups === undefined && observed.scorer === undefined) return shared;
    const again = observed.scorer === undefined ? 0 : observed.again(request.unit);
    const note: Note = {
      ...(shared.note as Note),
      ...(again > 0 ? { r: again } : {}),
      ...(groups === undefined ? {} : { s: groups }),
      ...(observed.scorer === undefined ? {} : { answers: {} }),
    };
    return { ...shared, note };
  }

  /** A new epoch has begun. */
  renew(): void {
    for (const cache of this.#choices) cache.clear();
  }

  toJSON(): SavedEnrolment {
    const { ledger, exposure } = this.assigner;
    return { ...this.#hashing, ledger: ledger.toJSON(), exposure, exposureRng: this.#exposureRng?.state() ?? null };
  }

  /** Takes over what `toJSON` returned. @throws SnapshotError, InvalidOptionError */
  load({ hash, salt, ledger, exposure, exposureRng }: SavedEnrolment): void {
    const own = this.#hashing;
    if (hash !== own.hash || salt !== own.salt) {
      const [is, was] = [`${own.hash} salted ${show(own.salt)}`, `${String(hash)} salted ${show(salt)}`];
      throw new SnapshotError(`units were assigned by ${was}, here by ${is}: that would reassign everybody`);
    }
    const rng = exposureRng === null ? undefined : restoreRng(exposureRng);
    this.assigner.resume(ledger, exposure);
    this.#exposureRng = rng;
    this.renew();
  }

  get #hashing(): Pick<SavedEnrolment, 'hash' | 'salt'> {
    const { hash = 'murmur3-v1', salt = '' } = this.#options.assignment;
    return { hash, salt };
  }

  #eligible(input: unknown, request: Request): boolean {
    const { assignment, runtime } = this.#options;
    const { eligible } = assignment;
    if (eligible === undefined) return true;
    return runtime.events.guard('assignment.eligible', () => eligible(input, request)) === true;
  }

  /**
   * The choice that all requests of an epoch with this assignment share: serving one allocates none.
   * @param repeats what `assign` said; `none` for a request that is not part of the experiment
   */
  #shared(assignment: Assignment, repeats: number | undefined | 'none'): Choice {
    const cache = this.#choices[repeats === 'none' ? 0 : repeats === undefined ? 1 : repeats === 0 ? 2 : 3]!;
    const known = cache.get(assignment);
    if (known !== undefined && (repeats === 'none' || (known.note as Note).r === (repeats || undefined))) return known;
    const { variants, fallback, observed } = this.#options;
    const champion = variants.names[0]!;
    const note = repeats === 'none' ? undefined : noteOf(observed.statistics.total.ledger.current.epoch, repeats);
    const choice: Choice = {
      variant: assignment.status === 'assigned' ? assignment.variant : champion,
      fallback: fallback ? champion : undefined,
      note,
      extra: { assignment } satisfies ABTestStory,
    };
    cache.set(assignment, choice);
    return choice;
  }

  #segmentsOf(input: unknown, request: Request): Readonly<Record<string, string>> {
    const { segments, runtime, observed } = this.#options;
    const found: Record<string, string> = {};
    for (const [name, segment] of segments) {
      // Its text within the guard as well: what a user's function returns may have none.
      const group = runtime.events.guard(`segment:${name}`, () => {
        const told = segment(input as never, request);
        if (abandon(told)) throw new InvalidDataError(`segments.${name}`, told, 'the name of a group');
        return told === undefined || told === null ? undefined : String(told);
      });
      if (group !== undefined) found[name] = observed.statistics.total.segments.admit(name, group);
    }
    return found;
  }

  #createAssigner(): Assigner {
    const { runtime, variants, assignment } = this.#options;
    const { eligible: _, unit: __, ...rest } = assignment;
    const exposure = (): Rng => {
      this.#exposureRng ??= runtime.stream('exposure');
      return this.#exposureRng;
    };
    // The runtime's stream changes when a parent adopts this test, or a snapshot is loaded: it is asked for every time.
    const rng: Rng = {
      next: () => runtime.rng.next(),
      fork: () => ({
        next: () => exposure().next(),
        fork: (label) => exposure().fork(label),
        state: () => exposure().state(),
      }),
      state: () => runtime.rng.state(),
    };
    return new Assigner({ name: runtime.name, variants: variants.names, shares: variants.shares, rng, ...rest });
  }
}

function noteOf(epoch: number, repeats: number | undefined): Note {
  const note = { e: epoch, x: repeats === undefined };
  return repeats ? { ...note, r: repeats } : note;
}
