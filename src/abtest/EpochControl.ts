import { RangeLedger, type RangeLedgerState } from '../assignment/RangeLedger.ts';
import { checkName, checkOptions, checkShare } from '../core/check.ts';
import { InvalidOptionError, SnapshotError, UnknownVariantError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { Control } from '../core/sharing.ts';
import type { StrategyRuntime } from '../metrics/StrategyRuntime.ts';
import type { ABTestEvent } from './ABTestEvent.ts';
import type { DeltaStatistics } from './DeltaStatistics.ts';
import type { Enrolment } from './Enrolment.ts';
import type { EpochPlan } from './Epoch.ts';
import type { Variants } from './variants.ts';

/** Who changed something, and why: it stands in the audit log. */
export interface ChangeOptions {
  readonly reason?: string;
  /** @defaultValue 'system' */
  readonly actor?: string;
}

/** A change of what units get: of the shares (those not named stay, the champion takes what is left) or the exposure. */
export interface ABTestChange extends ChangeOptions {
  readonly shares?: Readonly<Record<string, number>>;
  readonly exposure?: number;
}

/** What replicas agree on: the epochs so far, and who has which variant in the last. */
interface ControlState {
  /** The variants: shares and versions go by their order. */
  readonly variants: readonly string[];
  readonly epochs: readonly EpochPlan[];
  readonly ledger: RangeLedgerState;
  readonly exposure: number;
  readonly reason: string;
  readonly actor: string;
}

/** What the control of epochs needs of the test. */
export interface EpochControlOptions {
  readonly runtime: StrategyRuntime<ABTestEvent>;
  readonly statistics: DeltaStatistics;
  readonly enrolment: Enrolment;
  readonly variants: Variants;
}

/** Opens epochs: at the start, with ramps, exposures and versions, and as other replicas have opened them. */
export class EpochControl {
  readonly #options: EpochControlOptions;
  #last: Pick<ControlState, 'reason' | 'actor'> = { reason: 'started', actor: 'system' };

  constructor(options: EpochControlOptions) {
    this.#options = options;
    const { runtime, variants } = options;
    this.#open({ ...variants, at: runtime.clock.now() }, this.#last);
  }

  /** Changes the shares. @returns the fraction of units that moved @throws InvalidOptionError, UnknownVariantError */
  ramp(shares: Readonly<Record<string, number>>, change: ChangeOptions): number {
    const { assigner } = this.#options.enrolment;
    const told = checkChange(change, 'ramped');
    const next = this.#nextShares(shares);
    const { moved } = assigner.ramped(next);
    this.#open(this.#planned(next), told, () => assigner.ramp(next), moved);
    return moved;
  }

  /** Changes the exposure. @throws InvalidOptionError */
  expose(exposure: number, change: ChangeOptions): void {
    const { assigner } = this.#options.enrolment;
    const told = checkChange(change, 'exposed');
    assigner.expose(exposure);
    this.#open(this.#planned(assigner.shares), told);
  }

  /** A restored test serves other versions than the one that was saved. */
  adoptVersions(versions: readonly string[]): void {
    const { statistics, enrolment, runtime } = this.#options;
    if (JSON.stringify(versions) === JSON.stringify(statistics.total.ledger.versions)) return;
    const { shares } = enrolment.assigner;
    const told = { reason: 'restored with another version', actor: 'system' };
    this.#open({ shares, versions, at: runtime.clock.now() }, told);
  }

  /** What is in force. */
  state(): { readonly revision: number; readonly state: Json } {
    const { statistics, enrolment } = this.#options;
    const { ledger, exposure } = enrolment.assigner;
    const epochs = statistics.total.ledger.plans;
    return stateOf({
      variants: this.#options.variants.names,
      epochs,
      ledger: ledger.toJSON(),
      exposure,
      ...this.#last,
    });
  }

  /** What would be in force after a change. @throws InvalidOptionError, UnknownVariantError */
  propose(change: ABTestChange): { readonly revision: number; readonly state: Json } {
    checkOptions('change', change, ['shares', 'exposure', 'reason', 'actor']);
    const { statistics, enrolment } = this.#options;
    const { assigner } = enrolment;
    const { shares, exposure = assigner.exposure, ...rest } = change;
    const told = checkChange(rest, shares === undefined ? 'exposed' : 'ramped');
    checkShare('exposure', exposure);
    const next = shares === undefined ? assigner.shares : this.#nextShares(shares);
    const ledger = shares === undefined ? assigner.ledger : assigner.ramped(next);
    const epochs = [...statistics.total.ledger.plans, this.#planned(next)];
    const variants = this.#options.variants.names;
    return stateOf({ variants, epochs, ledger: ledger.toJSON(), exposure, ...told });
  }

  /** Checks what is in force at another replica. @returns what follows it @throws SnapshotError */
  read(json: Json): () => void {
    const { variants: theirs, epochs, ledger, exposure, ...told } = json as unknown as ControlState;
    const { statistics, enrolment, variants } = this.#options;
    if (JSON.stringify(theirs) !== JSON.stringify(variants.names)) {
      throw new SnapshotError(`the control must be of the variants ${variants.names.join(', ')}, in this order`);
    }
    const { total } = statistics;
    const known = total.ledger.plans.length;
    if (epochs.length <= known) throw new SnapshotError('a later control must have further epochs');
    const arms = RangeLedger.fromJSON(ledger).shares.length;
    checkShare('exposure', exposure);
    const change = checkChange(told, 'followed');
    if (arms !== variants.names.length)
      throw new SnapshotError(`the control must be of ${variants.names.length} variants`);
    if (!total.ledger.covers(epochs.slice(0, known))) {
      throw new SnapshotError(
        'the control contradicts a change that was made here: propose changes, and follow the one that was accepted',
      );
    }
    const missed = epochs.slice(known);
    for (const plan of missed) checkPlan(plan, variants.versions);
    return () => {
      enrolment.assigner.resume(ledger, exposure);
      for (const [i, plan] of missed.entries()) {
        const last = i === missed.length - 1;
        this.#open(plan, last ? change : { reason: 'followed', actor: 'system' });
      }
    };
  }

  toJSON(): Json {
    return { ...this.#last };
  }

  /** Takes over what `toJSON` returned. @throws InvalidOptionError */
  load(json: Json): void {
    this.#last = checkChange(json as ChangeOptions, 'restored');
  }

  #planned(shares: readonly number[]): EpochPlan {
    const { statistics, runtime } = this.#options;
    return { shares, versions: statistics.total.ledger.versions, at: runtime.clock.now() };
  }

  #nextShares(changes: Readonly<Record<string, number>>): readonly number[] {
    const { names } = this.#options.variants;
    if (typeof changes !== 'object' || changes === null)
      throw new InvalidOptionError('shares', changes, 'shares by variant');
    const next = [...this.#options.enrolment.assigner.shares];
    for (const [name, share] of Object.entries(changes)) {
      const i = names.indexOf(name);
      if (i < 0) throw new UnknownVariantError('ramp', name, names);
      next[i] = checkShare(`ramp.${name}`, share);
    }
    const champion = names[0]!;
    if (!Object.hasOwn(changes, champion))
      next[0] = Math.max(0, 1 - next.slice(1).reduce((sum, share) => sum + share, 0));
    return next;
  }

  /** @param apply what makes it so: only once the epoch is open, since there may be no room for another plan of shares */
  #open(plan: EpochPlan, told: Required<ChangeOptions>, apply?: () => void, moved = 0): void {
    const { statistics, enrolment, runtime, variants } = this.#options;
    const epoch = statistics.open(plan);
    apply?.();
    enrolment.renew();
    this.#last = told;
    const named = <T>(values: readonly T[]): Readonly<Record<string, T>> =>
      Object.fromEntries(variants.names.map((name, i) => [name, values[i]!]));
    const [shares, versions] = [named(plan.shares), named(plan.versions)];
    runtime.events.emit({
      type: 'epoch',
      epoch,
      shares,
      versions,
      exposure: enrolment.assigner.exposure,
      moved,
      ...told,
    });
  }
}

function stateOf(state: ControlState): { readonly revision: number; readonly state: Json } {
  return { revision: state.epochs.length - 1, state: state as unknown as Json };
}

function checkChange(change: ChangeOptions, fallback: string): Required<ChangeOptions> {
  checkOptions('change', change, ['reason', 'actor']);
  const { reason = fallback, actor = 'system' } = change;
  return { reason: checkName('reason', reason), actor: checkName('actor', actor) };
}

function checkPlan({ at, shares, versions }: EpochPlan, own: readonly string[]): void {
  const sound = Number.isFinite(at) && Array.isArray(shares) && shares.length === own.length;
  if (!sound) throw new SnapshotError('a control must name the time and the shares of every epoch');
  if (JSON.stringify(versions) !== JSON.stringify(own)) {
    throw new SnapshotError(`the control is of versions ${String(versions)}; here are ${own.join(', ')}`);
  }
}

/** The control of a test after a change that has not been made. */
export function proposedControl(
  now: Control,
  { revision, state }: { readonly revision: number; readonly state: Json },
): Control {
  return { ...now, revision, state: { own: state } };
}
