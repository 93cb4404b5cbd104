import { checkFunction, checkInteger, checkName, checkOneOf } from '../core/check.ts';
import { InvalidOptionError, SnapshotError, show, UnknownVariantError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { Request } from '../core/Model.ts';
import { unitText } from '../core/Unit.ts';
import type { Choice, RuntimeOwner, StrategyRuntime } from '../metrics/StrategyRuntime.ts';
import { createRng } from '../random/createRng.ts';
import type { Rng } from '../random/Rng.ts';
import { ArmRoster, type RosterState } from './ArmRoster.ts';
import { checkGuards, priorsOf } from './armSpecs.ts';
import type { BanditEvent } from './BanditEvent.ts';
import { type BanditDelta, BanditExchange, type ExchangeState } from './BanditExchange.ts';
import { type BanditMode, type BanditOptions, banditModes } from './BanditOptions.ts';
import type { BanditStory } from './BanditReport.ts';
import type { Decision, Note } from './Decision.ts';
import { DecisionMaker } from './DecisionMaker.ts';
import { fixedRanking, Holdout, type HoldoutState } from './Holdout.ts';
import { PendingPulls } from './PendingPulls.ts';
import type { AddArmOptions, BanditPolicy, PolicySnapshot } from './policies/BanditPolicy.ts';
import { type PolicyFactory, policyOptions } from './policySettings.ts';
import { RewardDesk, type RewardDeskState } from './RewardDesk.ts';
import type { Reward } from './reward.ts';

interface SavedBandit {
  readonly policy: PolicySnapshot;
  readonly mode: BanditMode;
  readonly roster: RosterState;
  readonly rewards: RewardDeskState;
  readonly holdout: HoldoutState | null;
  readonly exchange: ExchangeState | null;
  /** Whose snapshot it is. */
  readonly replica: string;
}

/** What an engine is made of. */
export interface EngineParts {
  readonly options: BanditOptions;
  /** Names of the policy's own options. */
  readonly settings: readonly string[];
  readonly reward: Reward;
  readonly createPolicy: PolicyFactory;
  readonly runtime: StrategyRuntime<BanditEvent>;
}

/** What the runtime of a bandit asks its engine. */
export function ownedBy(
  engine: () => BanditEngine,
): Pick<
  RuntimeOwner,
  'settled' | 'joined' | 'lost' | 'adopted' | 'moved' | 'save' | 'load' | 'takeDelta' | 'readDelta'
> {
  return {
    settled: (outcome, fallback) => {
      if (!fallback) engine().desk.settled(outcome);
    },
    joined: (outcome) => engine().desk.joined(outcome),
    lost: (outcome) => engine().desk.lost(outcome),
    adopted: ({ note }) => engine().desk.adopted(note as Note),
    moved: ({ status, note }) => {
      if (status === 'ok') engine().desk.moved(note as Note);
    },
    save: () => engine().save(),
    load: (state) => engine().load(state),
    takeDelta: () => engine().takeDelta(),
    readDelta: (delta) => engine().readDelta(delta),
  };
}

/** The moving part of a bandit: its policy and arms, who answers a request, and what is learnt from rewards. */
export class BanditEngine {
  readonly policy: BanditPolicy;
  readonly roster: ArmRoster;
  readonly pending: PendingPulls = new PendingPulls();
  readonly holdout: Holdout | undefined;
  readonly desk: RewardDesk;
  readonly #options: BanditOptions;
  readonly #reward: Reward;
  readonly #runtime: StrategyRuntime<BanditEvent>;
  readonly #baseline: string;
  readonly #maker: DecisionMaker;
  readonly #exchange: BanditExchange;
  #mode: BanditMode;

  /** @throws InvalidOptionError, UnknownVariantError */
  constructor({ options, settings, reward, createPolicy, runtime }: EngineParts) {
    const names = Object.keys(options.arms);
    this.#options = options;
    this.#reward = reward;
    this.#runtime = runtime;
    const own = { rewardRange: reward.range, priors: priorsOf(options.arms) };
    const policy = (rng: Rng): BanditPolicy =>
      createPolicy(policyOptions(options, settings, { arms: names, rng, ...own }) as never) as BanditPolicy;
    this.policy = policy(lazyStream(runtime));
    this.#baseline = this.#known('baseline', options.baseline ?? names[0]!);
    this.#mode = checkOneOf('mode', options.mode ?? 'online', banditModes);
    const { events, clock, name } = runtime;
    const window = checkInteger('guardWindow', options.guardWindow ?? 200, { ge: 1 });
    this.roster = new ArmRoster(names, { guards: checkGuards(options.guards ?? []), window, clock, events });
    const held = (): Rng => runtime.stream('holdout');
    this.holdout = options.holdout === undefined ? undefined : new Holdout(options.holdout, name, held);
    this.#maker = this.#createMaker(options);
    this.desk = this.#createDesk(options);
    this.#exchange = new BanditExchange({
      policy: this.policy,
      roster: this.roster,
      desk: this.desk,
      holdout: this.holdout,
      createPolicy: () => policy(createRng('')),
    });
    if (options.fallback !== undefined) this.#known('fallback', options.fallback);
  }

  /** Whether it acts, only answers, or only watches. */
  get mode(): BanditMode {
    return this.#mode;
  }

  /** @throws InvalidOptionError */
  set mode(mode: BanditMode) {
    this.#mode = checkOneOf('mode', mode, banditModes);
  }

  /** Who answers a request. @throws InvalidOptionError for an id or a unit that is none */
  choose(input: unknown, request: Request, tracked: boolean): Choice {
    // Before anything is counted or drawn: a bad id is the caller's error, not a request.
    if (request.id !== undefined) checkName('request.id', request.id);
    this.#checkUnit(request);
    // A context that cannot be had, or that the policy refuses, must not cost the caller the answer.
    const decision = this.#runtime.events.guard('choice', () => this.#maker.decide(input, request, this.#mode));
    return this.#choiceOf(decision ?? unlearnt(this.#baseline), request.id, tracked);
  }

  /** Who answers the slots of a request, best first. */
  chooseSlots(input: unknown, request: Request, slots: number): readonly Decision[] {
    this.#checkUnit(request);
    const chosen = this.#runtime.events.guard('choice', () =>
      this.#maker.decideSlots(input, request, this.#mode, slots),
    );
    return chosen ?? fixedRanking(this.policy.arms, this.#baseline, slots).map(unlearnt);
  }

  /** The choice of one slot, counted. @param slot from 1 */
  slotChoice(decision: Decision, id: string | undefined, slot: number): Choice {
    return this.#choiceOf(decision, id, true, slot);
  }

  /** Adds an arm whose model is there already. @throws InvalidOptionError */
  addArm(name: string, options: AddArmOptions): void {
    this.policy.addArm(name, options);
    this.roster.add(name);
  }

  /** Forgets an arm. @throws UnknownVariantError; InvalidOptionError for the baseline, the fallback and the last one */
  removeArm(name: string): void {
    this.#known('arm', name);
    for (const role of ['baseline', 'fallback'] as const) {
      const taken = role === 'baseline' ? this.#baseline : this.#options.fallback;
      if (taken === name) throw new InvalidOptionError('arm', name, `another one than the ${role}`);
    }
    this.policy.removeArm(name);
    this.roster.remove(name);
    this.pending.forget(name);
    this.#exchange.removed(name);
  }

  takeDelta(): Json | undefined {
    return this.policy.mergeable ? (this.#exchange.take() as unknown as Json) : undefined;
  }

  readDelta(delta: Json): () => void {
    return this.#exchange.read(delta as unknown as BanditDelta);
  }

  save(): Json {
    const saved: SavedBandit = {
      policy: this.policy.snapshot(),
      mode: this.#mode,
      roster: this.roster.save(),
      rewards: this.desk.save(),
      holdout: this.holdout?.save() ?? null,
      exchange: this.#exchange.save(),
      replica: this.#runtime.replica,
    };
    return saved as unknown as Json;
  }

  /** @throws SnapshotError */
  load(json: Json): void {
    const state = json as unknown as SavedBandit;
    const { rng, replica } = this.#runtime;
    // Another replica's statistics are taken over, its random streams are not, and it tells them itself.
    const foreign = state.replica !== replica;
    this.roster.load(state.roster);
    this.policy.restore(state.policy);
    if (!this.policy.arms.every((arm) => this.roster.get(arm) !== undefined)) {
      throw new SnapshotError('the arms of the policy and of the service in the snapshot differ');
    }
    if (foreign) this.policy.reseed(rng.fork('policy'));
    this.#mode = readMode(state.mode);
    this.desk.load(state.rewards);
    if (state.holdout !== null) this.holdout?.load(state.holdout, foreign ? rng.fork('holdout') : undefined);
    this.#exchange.load(state.exchange);
    if (foreign) this.#exchange.skip();
    this.pending.clear();
    for (const { status, note } of this.#runtime.waiting()) {
      if (status === 'ok') this.desk.open(note as Note);
    }
  }

  #known(option: string, arm: string): string {
    if (!this.policy.arms.includes(arm)) throw new UnknownVariantError(option, arm, this.policy.arms);
    return arm;
  }

  #checkUnit({ unit }: Request): void {
    if (this.holdout !== undefined && unit !== undefined) unitText(unit);
  }

  #choiceOf(decision: Decision, id: string | undefined, tracked: boolean, slot?: number): Choice {
    const { acting, advised, context, segment, propensity, held, cluster, chosen } = decision;
    const monitor = this.roster.get(acting)!;
    this.roster.served += 1;
    monitor.served += 1;
    // A request under an id that is in use is joined to nothing: it would stay in flight for good.
    const awaited =
      tracked && chosen && this.#reward.due === 'truth' && !(id !== undefined && this.#runtime.protocol.saw(id));
    const note: Note = {
      arm: acting,
      born: monitor.born,
      context,
      segment: awaited ? segment : null,
      propensity,
      held,
      cluster,
      learn: chosen && this.#mode !== 'frozen',
      chosen,
    };
    this.desk.open(note);
    const extra: BanditStory = {
      ...(acting === advised ? {} : { advised }),
      ...(propensity === undefined ? {} : { propensity }),
      ...(slot === undefined ? {} : { slot }),
    };
    return { variant: acting, fallback: this.#options.fallback, note, extra };
  }

  #createMaker({ contextOf, logPropensities = false }: BanditOptions): DecisionMaker {
    if (contextOf !== undefined) checkFunction('contextOf', contextOf);
    return new DecisionMaker({
      policy: this.policy,
      roster: this.roster,
      pending: this.pending,
      holdout: this.holdout,
      baseline: this.#baseline,
      logPropensities,
      contextOf,
    });
  }

  #createDesk({ failureReward, defaultReward, batchSize = 1 }: BanditOptions): RewardDesk {
    const [lowest] = this.policy.rewardRange;
    for (const [option, value] of Object.entries({ failureReward, defaultReward })) {
      if (value !== undefined) this.#checkReward(option, value);
    }
    return new RewardDesk({
      policy: this.policy,
      roster: this.roster,
      pending: this.pending,
      holdout: this.holdout,
      events: this.#runtime.events,
      reward: this.#reward,
      failureReward: failureReward ?? (Number.isFinite(lowest) ? lowest : undefined),
      defaultReward,
      batchSize: checkInteger('batchSize', batchSize, { ge: 1 }),
    });
  }

  #checkReward(option: string, value: number): void {
    try {
      this.policy.checkReward(value);
    } catch {
      const [lowest, highest] = this.policy.rewardRange;
      throw new InvalidOptionError(option, value, `a reward: a finite number within [${lowest}, ${highest}]`);
    }
  }
}

function readMode(mode: BanditMode): BanditMode {
  if (banditModes.includes(mode)) return mode;
  throw new SnapshotError(`the mode of a snapshot must be one of ${banditModes.join(', ')}, got ${show(mode)}`);
}

/** What is served where no choice could be made: nothing is learnt from it. */
function unlearnt(acting: string): Decision {
  const rest = {
    context: undefined,
    segment: '',
    propensity: undefined,
    held: false,
    cluster: undefined,
    chosen: false,
  };
  return { acting, advised: acting, ...rest };
}

/** The policy's stream is forked at its first draw: by then the strategy knows its path in a tree. */
function lazyStream(runtime: { readonly rng: Rng }): Rng {
  let stream: Rng | undefined;
  const own = (): Rng => {
    stream ??= runtime.rng.fork('policy');
    return stream;
  };
  return { next: () => own().next(), fork: (label) => own().fork(label), state: () => own().state() };
}
