import { checkFunction, checkInteger, checkName, checkOneOf, checkOptions } from '../core/check.ts';
import { InvalidOptionError, SnapshotError, UnknownVariantError } from '../core/errors.ts';
import type { ContainedErrorEvent, EventName, EventNamed } from '../core/events.ts';
import type { Json } from '../core/json.ts';
import type { RecordResult, Request, Story } from '../core/Model.ts';
import { checkRequest } from '../core/request.ts';
import type { Delta } from '../core/sharing.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { type StrategyProtocol, strategyMark } from '../core/strategy.ts';
import { unitText } from '../core/Unit.ts';
import { type Choice, StrategyRuntime } from '../metrics/StrategyRuntime.ts';
import { createRng } from '../random/createRng.ts';
import type { Rng } from '../random/Rng.ts';
import { ArmRoster, type RosterState } from './ArmRoster.ts';
import { checkArms, checkGuards, modelOf, priorOf, priorsOf } from './armSpecs.ts';
import type { BanditEvent } from './BanditEvent.ts';
import { type BanditDelta, BanditExchange, type ExchangeState } from './BanditExchange.ts';
import {
  type ArmModel,
  type ArmSpec,
  type Arms,
  type ArmsInput,
  type ArmsOutput,
  type BanditMode,
  type BanditOptions,
  banditModes,
  banditOptionNames,
} from './BanditOptions.ts';
import type { ArmReport, BanditCounts, BanditStory, BanditSummary } from './BanditReport.ts';
import type { Decision, Note } from './Decision.ts';
import { DecisionMaker } from './DecisionMaker.ts';
import type { RegretEstimate, RegretInconclusive } from './evidence/estimateRegret.ts';
import { regretOfPolicy } from './evidence/regretOfPolicy.ts';
import { fixedRanking, Holdout, type HoldoutReport, type HoldoutState } from './Holdout.ts';
import { PendingPulls } from './PendingPulls.ts';
import type { BanditPolicy, BestArmOptions, PolicySnapshot } from './policies/BanditPolicy.ts';
import { type PolicyFactory, policyOptions } from './policySettings.ts';
import { RewardDesk, type RewardDeskState } from './RewardDesk.ts';
import { banditToText } from './renderBandit.ts';
import { createReward, GivenReward, type Reward } from './reward.ts';
import { summariseBandit } from './summariseBandit.ts';

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

/**
 * A bandit over models: it chooses an arm for every request, answers like it, and learns from the reward when it is
 * known. The named classes (`ThompsonSampling`, `UCB`, …) are this one with their policy.
 */
export abstract class BanditStrategy<A extends Arms> {
  readonly #runtime: StrategyRuntime<BanditEvent>;
  readonly #policy: BanditPolicy;
  readonly #options: BanditOptions<A>;
  readonly #reward: Reward;
  readonly #baseline: string;
  readonly #roster: ArmRoster;
  readonly #pending: PendingPulls = new PendingPulls();
  readonly #holdout: Holdout | undefined;
  readonly #maker: DecisionMaker;
  readonly #desk: RewardDesk;
  readonly #exchange: BanditExchange;
  #mode: BanditMode;

  /**
   * @param settings names of the policy's own options
   * @internal
   */
  protected constructor(
    kind: string,
    settings: readonly string[],
    options: BanditOptions<A>,
    createPolicy: PolicyFactory,
  ) {
    checkOptions('options', options, [...banditOptionNames, ...settings]);
    const arms = checkArms(options.arms);
    const names = Object.keys(arms);
    this.#options = options;
    this.#reward = createReward(options.reward);
    this.#runtime = new StrategyRuntime<BanditEvent>(options, {
      kind,
      version: 1,
      models: Object.fromEntries(Object.entries(arms).map(([name, arm]) => [name, modelOf(arm)])),
      transient: ['rewarded'],
      settled: (outcome, fallback) => {
        if (!fallback) this.#desk.settled(outcome);
      },
      joined: (outcome) => this.#desk.joined(outcome),
      lost: (outcome) => this.#desk.lost(outcome),
      adopted: ({ note }) => this.#desk.adopted(note as Note),
      moved: ({ status, note }) => {
        if (status === 'ok') this.#desk.moved(note as Note);
      },
      save: () => this.#save() as unknown as Json,
      load: (state) => this.#load(state as unknown as SavedBandit),
      takeDelta: () => (this.#policy.mergeable ? (this.#exchange.take() as unknown as Json) : undefined),
      readDelta: (delta) => this.#exchange.read(delta as unknown as BanditDelta),
    });
    const own = { rewardRange: this.#reward.range, priors: priorsOf(arms) };
    const policy = (rng: Rng): BanditPolicy =>
      createPolicy(policyOptions(options, settings, { arms: names, rng, ...own }) as never) as BanditPolicy;
    this.#policy = policy(lazyStream(this.#runtime));
    this.#baseline = this.#known('baseline', options.baseline ?? names[0]!);
    this.#mode = checkOneOf('mode', options.mode ?? 'online', banditModes);
    const { events, clock } = this.#runtime;
    const window = checkInteger('guardWindow', options.guardWindow ?? 200, { ge: 1 });
    this.#roster = new ArmRoster(names, { guards: checkGuards(options.guards ?? []), window, clock, events });
    const held = (): Rng => this.#runtime.stream('holdout');
    this.#holdout = options.holdout === undefined ? undefined : new Holdout(options.holdout, this.#runtime.name, held);
    this.#maker = this.#createMaker(options);
    this.#desk = this.#createDesk(options);
    this.#exchange = new BanditExchange({
      policy: this.#policy,
      roster: this.#roster,
      desk: this.#desk,
      holdout: this.#holdout,
      createPolicy: () => policy(createRng('')),
    });
    if (options.fallback !== undefined) this.#known('fallback', options.fallback);
  }

  /** What strategies say to one another; not for users. */
  get [strategyMark](): StrategyProtocol {
    return this.#runtime.protocol;
  }

  /** The strategy's name. */
  get name(): string {
    return this.#runtime.name;
  }

  /** The policy beneath, for inspection. */
  get policy(): BanditPolicy {
    return this.#policy;
  }

  /** The arms in order. */
  get arms(): readonly string[] {
    return this.#policy.arms;
  }

  /** Answers like the chosen arm's model. */
  predict(input: ArmsInput<A>, request?: Request): ArmsOutput<A> {
    const asked = checkRequest(request);
    const tracked = asked.id !== undefined || asked.truth !== undefined;
    const choice = this.#choiceOf(this.#decide(input, asked), asked.id, tracked);
    return this.#runtime.predict(choice, input, asked) as ArmsOutput<A>;
  }

  /** Answers with the story: the arm as `variant`, the request id for `record`. */
  serve(input: ArmsInput<A>, request?: Request): Story<ArmsOutput<A>, BanditStory> {
    const asked = checkRequest(request);
    const choice = this.#choiceOf(this.#decide(input, asked), asked.id, true);
    return this.#runtime.serve(choice, input, asked) as Story<ArmsOutput<A>, BanditStory>;
  }

  /**
   * Answers with several different arms at once, best first: the ads of a page, the rows of a list. Each slot has a story and
   * a request id of its own (`<id>/1`, `<id>/2`, … where the request has an id) for its own reward, and the probability of
   * its arm given those above it as propensity. A slot whose arm fails and that has no fallback is left out; where the
   * failure comes later, its promise rejects. There are fewer slots where guards leave fewer arms.
   *
   * @param slots how many; at most the number of arms
   * @throws InvalidOptionError; whatever the first arm threw, where every arm did
   */
  serveSlots(
    input: ArmsInput<A>,
    slots: number,
    request?: Omit<Request, 'truth'>,
  ): readonly Story<ArmsOutput<A>, BanditStory>[] {
    checkInteger('slots', slots, { ge: 1, le: this.arms.length });
    const asked: Request = checkRequest(request);
    const { id, truth } = asked;
    if (truth !== undefined) throw new InvalidOptionError('request.truth', truth, 'left out: every slot has its own');
    this.#checkUnit(asked);
    const chosen = this.#runtime.events.guard('choice', () => this.#maker.decideSlots(input, asked, this.#mode, slots));
    const decisions = chosen ?? fixedRanking(this.arms, this.#baseline, slots).map(unlearnt);
    const stories: Story<ArmsOutput<A>, BanditStory>[] = [];
    const errors: unknown[] = [];
    decisions.forEach((decision, i) => {
      const own = id === undefined ? asked : { ...asked, id: `${id}/${i + 1}` };
      const choice = this.#choiceOf(decision, own.id, true, i + 1);
      try {
        stories.push(this.#runtime.serve(choice, input, own) as Story<ArmsOutput<A>, BanditStory>);
      } catch (error) {
        errors.push(error);
      }
    });
    if (stories.length === 0) throw errors[0];
    return stories;
  }

  /** Feeds the truth: the reward is computed from it. */
  record(requestId: string, truth: unknown): RecordResult {
    return this.#runtime.record(requestId, truth);
  }

  /**
   * Feeds a reward as such, where there is no truth: a click, a sale. Nested strategies hear nothing of it. A value that is
   * no reward (NaN, or outside the range) is `'invalid'`: it is counted, nothing changes, and the request still waits.
   *
   * @throws InvalidOptionError if the id is empty, or the bandit's reward is known with the answer
   */
  recordReward(requestId: string, reward: number): RecordResult {
    checkName('requestId', requestId);
    if (this.#reward.due === 'serve') {
      throw new InvalidOptionError('reward', reward, 'left out: the reward of this bandit is known with the answer');
    }
    return this.#desk.accepts(reward) ? this.#runtime.join(requestId, new GivenReward(reward)) : 'invalid';
  }

  /** Hands the rewards that `batchSize` holds back to the policy now. */
  flush(): void {
    this.#desk.flush();
  }

  /**
   * Adds an arm while requests run; it starts from its prior.
   * @param actor who did it, for the audit log
   * @throws InvalidOptionError if the name is taken, or it is no model
   */
  addArm(name: string, arm: ArmModel<A[keyof A]> | ArmSpec, actor = 'system'): void {
    const prior = priorOf(arm);
    this.#runtime.addModel(name, modelOf(arm));
    try {
      this.#policy.addArm(name, prior === undefined ? {} : { prior });
    } catch (error) {
      this.#runtime.removeModel(name);
      throw error;
    }
    this.#roster.add(name);
    this.#runtime.events.emit({ type: 'arm-added', arm: name, mode: this.#mode, actor });
  }

  /**
   * Removes an arm while requests run. What it has under way it finishes; rewards that come later are refused.
   * @param actor who did it, for the audit log
   * @throws UnknownVariantError; InvalidOptionError for the baseline, the fallback and the last arm
   */
  removeArm(name: string, actor = 'system'): void {
    this.#known('arm', name);
    for (const role of ['baseline', 'fallback'] as const) {
      const taken = role === 'baseline' ? this.#baseline : this.#options.fallback;
      if (taken === name) throw new InvalidOptionError('arm', name, `another one than the ${role}`);
    }
    this.#policy.removeArm(name);
    this.#runtime.removeModel(name);
    this.#roster.remove(name);
    this.#pending.forget(name);
    this.#exchange.removed(name);
    this.#runtime.events.emit({ type: 'arm-removed', arm: name, mode: this.#mode, actor });
  }

  /** Calls the listener for every later event of a type, or of all (`'*'`). Returns a function that takes it off. */
  on<T extends EventName<BanditEvent>>(type: T, listener: (event: EventNamed<BanditEvent, T>) => void): () => void {
    return this.#runtime.events.on(type, listener);
  }

  /** The arm that the data so far call best. */
  bestArm(options: BestArmOptions = {}): string {
    return this.#policy.bestArm(options);
  }

  /** What is known of every arm, in order. @param level of the intervals; `@defaultValue` 0.95 */
  statistics(level?: number): readonly ArmReport[] {
    return this.#policy.statistics(level).map((arm) => {
      const { served, settled, failed, latency, tripped } = this.#roster.get(arm.arm)!;
      return {
        ...arm,
        served,
        pending: this.#pending.total(arm.arm),
        errorRate: settled === 0 ? 0 : failed / settled,
        meanLatencyMs: latency.mean,
        ...(tripped === '' ? {} : { guardedBy: tripped }),
      };
    });
  }

  /** How likely each arm is the best one; see `BanditPolicy.probabilityBest`. */
  probabilityBest(context?: unknown): ReadonlyMap<string, number> | undefined {
    return this.#policy.probabilityBest(context);
  }

  /** What the bandit has lost against always pulling its best arm, as far as its rewards tell; see `estimateRegret`. */
  estimateRegret(level = 0.95): RegretEstimate | RegretInconclusive {
    return regretOfPolicy(this.#policy, level);
  }

  /** What the bandit earns beside its held-out share; undefined where it has none. */
  holdout(): HoldoutReport | undefined {
    return this.#holdout?.report();
  }

  /** What became of requests and rewards. */
  get counts(): BanditCounts {
    const { rewards, refused } = this.#desk.counts;
    return { served: this.#roster.served, rewards, refused, truths: this.#runtime.truths };
  }

  /** All that the bandit concludes, as data. */
  summary(): BanditSummary {
    const { logPropensities = false } = this.#options;
    return summariseBandit({
      name: this.name,
      mode: this.#mode,
      policy: this.#policy,
      arms: this.statistics(),
      regret: this.estimateRegret(),
      holdout: this.holdout(),
      counts: this.counts,
      unread: this.#desk.counts.unread,
      replica: this.#runtime.replica,
      logPropensities,
    });
  }

  /** The summary as plain text, 80 columns wide. */
  toText(): string {
    return banditToText(this.summary());
  }

  /** The last events, oldest first. */
  get history(): readonly (BanditEvent | ContainedErrorEvent)[] {
    return this.#runtime.events.log;
  }

  /** Whether it acts, only answers, or only watches. */
  get mode(): BanditMode {
    return this.#mode;
  }

  /** Changes the mode from the next request on. @throws InvalidOptionError */
  setMode(mode: BanditMode, actor = 'system'): void {
    this.#mode = checkOneOf('mode', mode, banditModes);
    this.#runtime.events.emit({ type: 'mode-changed', arm: '', mode, actor });
  }

  /** The whole state, pending decisions and random stream included. */
  snapshot(): Snapshot {
    return this.#runtime.snapshot();
  }

  /** What was learnt here since the last call, for `mergeDelta` elsewhere; see `SharedStatistics`. */
  takeDelta(): Delta | undefined {
    return this.#runtime.takeDelta();
  }

  /**
   * Adds what another replica took; see `SharedStatistics`.
   * @throws SnapshotError if it does not fit, or the policy depends on the order of updates (EXP3, logistic, any memory
   * that forgets)
   */
  mergeDelta(delta: Delta): void {
    this.#runtime.mergeDelta(delta);
  }

  /** Before anything is counted or drawn: a bad id or unit is the caller's error, not a request. */
  #checkUnit({ unit }: Request): void {
    if (this.#holdout !== undefined && unit !== undefined) unitText(unit);
  }

  #decide(input: unknown, request: Request): Decision {
    if (request.id !== undefined) checkName('request.id', request.id);
    this.#checkUnit(request);
    // A context that cannot be had, or that the policy refuses, must not cost the caller the answer.
    const decision = this.#runtime.events.guard('choice', () => this.#maker.decide(input, request, this.#mode));
    return decision ?? unlearnt(this.#baseline);
  }

  #choiceOf(decision: Decision, id: string | undefined, tracked: boolean, slot?: number): Choice {
    const { acting, advised, context, segment, propensity, held, cluster, chosen } = decision;
    const monitor = this.#roster.get(acting)!;
    this.#roster.served += 1;
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
    this.#desk.open(note);
    const extra: BanditStory = {
      ...(acting === advised ? {} : { advised }),
      ...(propensity === undefined ? {} : { propensity }),
      ...(slot === undefined ? {} : { slot }),
    };
    return { variant: acting, fallback: this.#options.fallback, note, extra };
  }

  #createMaker({ contextOf, logPropensities = false }: BanditOptions<A>): DecisionMaker {
    if (contextOf !== undefined) checkFunction('contextOf', contextOf);
    return new DecisionMaker({
      policy: this.#policy,
      roster: this.#roster,
      pending: this.#pending,
      holdout: this.#holdout,
      baseline: this.#baseline,
      logPropensities,
      contextOf,
    });
  }

  #createDesk({ failureReward, defaultReward, batchSize = 1 }: BanditOptions<A>): RewardDesk {
    const [lowest] = this.#policy.rewardRange;
    for (const [option, value] of Object.entries({ failureReward, defaultReward })) {
      if (value !== undefined) this.#checkReward(option, value);
    }
    return new RewardDesk({
      policy: this.#policy,
      roster: this.#roster,
      pending: this.#pending,
      holdout: this.#holdout,
      events: this.#runtime.events,
      reward: this.#reward,
      failureReward: failureReward ?? (Number.isFinite(lowest) ? lowest : undefined),
      defaultReward,
      batchSize: checkInteger('batchSize', batchSize, { ge: 1 }),
    });
  }

  #checkReward(option: string, value: number): void {
    try {
      this.#policy.checkReward(value);
    } catch {
      const [lowest, highest] = this.#policy.rewardRange;
      throw new InvalidOptionError(option, value, `a reward: a finite number within [${lowest}, ${highest}]`);
    }
  }

  #known(option: string, arm: string): string {
    if (!this.#policy.arms.includes(arm)) throw new UnknownVariantError(option, arm, this.#policy.arms);
    return arm;
  }

  #save(): SavedBandit {
    return {
      policy: this.#policy.snapshot(),
      mode: this.#mode,
      roster: this.#roster.save(),
      rewards: this.#desk.save(),
      holdout: this.#holdout?.save() ?? null,
      exchange: this.#exchange.save(),
      replica: this.#runtime.replica,
    };
  }

  #load(state: SavedBandit): void {
    const { rng, replica } = this.#runtime;
    // Another replica's statistics are taken over, its random streams are not, and it tells them itself.
    const foreign = state.replica !== replica;
    this.#roster.load(state.roster);
    this.#policy.restore(state.policy);
    if (!this.arms.every((arm) => this.#roster.get(arm) !== undefined)) {
      throw new SnapshotError('the arms of the policy and of the service in the snapshot differ');
    }
    if (foreign) this.#policy.reseed(rng.fork('policy'));
    this.#mode = state.mode;
    this.#desk.load(state.rewards);
    if (state.holdout !== null) this.#holdout?.load(state.holdout, foreign ? rng.fork('holdout') : undefined);
    this.#exchange.load(state.exchange);
    if (foreign) this.#exchange.skip();
    this.#pending.clear();
    for (const { status, note } of this.#runtime.waiting()) {
      if (status === 'ok') this.#desk.open(note as Note);
    }
  }
}

/** Takes over a snapshot, for the `restore` of each class. @throws SnapshotError */
export function restored<B extends { readonly [strategyMark]: StrategyProtocol }>(bandit: B, snapshot: Snapshot): B {
  bandit[strategyMark].load(snapshot);
  return bandit;
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
