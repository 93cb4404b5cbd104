import { checkFinite, checkFunction, checkInteger, checkOneOf, checkOptions, checkShare } from '../core/check.ts';
import { InvalidOptionError, SnapshotError, show, UnknownVariantError } from '../core/errors.ts';
import type { ContainedErrorEvent } from '../core/events.ts';
import type { Json } from '../core/json.ts';
import type { AnyModel, RecordResult, Request, Story } from '../core/Model.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { type StrategyProtocol, strategyMark } from '../core/strategy.ts';
import type { Outcome } from '../metrics/Outcome.ts';
import { type Choice, StrategyRuntime } from '../metrics/StrategyRuntime.ts';
import { restoreRng } from '../random/createRng.ts';
import type { Rng, RngState } from '../random/Rng.ts';
import { ArmMonitor } from './ArmMonitor.ts';
import type { BanditEvent } from './BanditEvent.ts';
import type { ArmSpec, Arms, ArmsInput, ArmsOutput, BanditMode, BanditOptions } from './BanditOptions.ts';
import type { Guard } from './guards.ts';
import type { ArmStatistics, BanditPolicy, BestArmOptions, PolicySnapshot, Prior } from './policies/BanditPolicy.ts';
import { createReward, GivenReward, type Reward } from './reward.ts';

/** What a bandit's story says besides: how likely the choice was, and what the policy itself would have done. */
export interface BanditStory {
  /** The probability of the choice; undefined unless `logPropensities` is on. */
  readonly propensity?: number;
  /** The arm that the policy chose, where another one was served: held out, or as an apprentice. */
  readonly advised?: string;
}

/** What is known of one arm: what the policy learnt, and how it behaves as a service. */
export interface ArmReport extends ArmStatistics {
  /** Requests that it was chosen for. */
  readonly served: number;
  /** Requests of which the reward is still out. */
  readonly pending: number;
  /** Share of its requests that failed. */
  readonly errorRate: number;
  /** Mean latency in milliseconds of the requests that it answered; NaN where there is none. */
  readonly meanLatencyMs: number;
  /** The guard that keeps it out, where one does. */
  readonly guardedBy?: string;
}

/** How a policy is made once the arms are known. The rng is the strategy's own stream. */
export type PolicyFactory = (
  arms: readonly string[],
  rng: Rng,
  range: readonly [number, number] | undefined,
) => BanditPolicy;

interface Note {
  readonly arm: string;
  readonly context: unknown;
  readonly propensity: number | undefined;
  /** Whether the reward teaches the policy: not in frozen mode. */
  readonly learn: boolean;
}

interface PolicyChoice {
  readonly acting: string;
  readonly advised: string;
  readonly context: unknown;
  readonly propensity: number | undefined;
  readonly learn: boolean;
}

interface SavedBandit {
  readonly policy: PolicySnapshot;
  readonly mode: BanditMode;
  readonly monitors: readonly (readonly [string, Json])[];
  /** The stream of the held-out share, once it was drawn from. */
  readonly control?: RngState | null;
  readonly totals: { readonly served: number; readonly refused: number };
  readonly batch: readonly (readonly [string, number, unknown, number | null])[];
}

/**
 * A bandit over models: it chooses an arm for every request, answers like it, and learns from the reward when it is
 * known. The named classes (`ThompsonSampling`, `UCB`, …) are this one with their policy.
 */
export abstract class BanditStrategy<A extends Arms> {
  readonly #runtime: StrategyRuntime<BanditEvent>;
  readonly #policy: BanditPolicy;
  readonly #reward: Reward;
  readonly #options: BanditOptions<A>;
  readonly #guards: readonly Guard[];
  readonly #monitors: Map<string, ArmMonitor> = new Map();
  readonly #failureReward: number | undefined;
  readonly #baseline: string;
  #mode: BanditMode;
  #control: Rng | undefined;
  #totals = { served: 0, refused: 0 };
  #batch: { arm: string; reward: number; context: unknown; propensity: number | undefined }[] = [];

  /** @internal */
  protected constructor(kind: string, known: readonly string[], options: BanditOptions<A>, create: PolicyFactory) {
    checkOptions('options', options, known);
    const arms = checkArms(options.arms);
    const names = Object.keys(arms);
    this.#options = options;
    this.#reward = createReward(options.reward);
    this.#runtime = new StrategyRuntime<BanditEvent>(options, {
      kind,
      version: 1,
      models: Object.fromEntries(Object.entries(arms).map(([name, arm]) => [name, modelOf(arm)])),
      settled: (outcome, fallback) => this.#settled(outcome, fallback),
      joined: (outcome) => this.#joined(outcome),
      lost: (outcome) => this.#lost(outcome),
      adopted: ({ note }) => this.#await((note as Note).arm, 1),
      moved: ({ note }) => this.#await((note as Note).arm, -1),
      save: () => this.#save() as unknown as Json,
      load: (state) => this.#load(state as unknown as SavedBandit),
    });
    this.#policy = create(names, lazyStream(this.#runtime), this.#reward.range);
    for (const [name, arm] of Object.entries(arms)) {
      if (isSpec(arm)) this.#addPrior(name, arm.prior);
    }
    this.#guards = checkGuards(options.guards ?? []);
    const window = checkInteger('guardWindow', options.guardWindow ?? 200, { ge: 1 });
    for (const name of names) this.#monitors.set(name, new ArmMonitor(window));
    this.#mode = checkOneOf('mode', options.mode ?? 'online', ['online', 'frozen', 'apprentice']);
    this.#baseline = this.#known('baseline', options.baseline ?? names[0]!);
    this.#failureReward = options.failureReward ?? this.#reward.range?.[0];
    this.#checkRest(options);
  }

  /** What strategies say to one another; not for users. */
  get [strategyMark](): StrategyProtocol {
    return this.#runtime.protocol;
  }

  /** The strategy's name. */
  get name(): string {
    return this.#runtime.name;
  }

  /** The policy beneath: for inspection and for `merge`. */
  get policy(): BanditPolicy {
    return this.#policy;
  }

  /** Answers like the chosen arm's model. */
  predict(input: ArmsInput<A>, request: Request = {}): ArmsOutput<A> {
    return this.#runtime.predict(this.#choose(input, request, awaits(request)), input, request) as ArmsOutput<A>;
  }

  /** Answers with the story: the arm as `variant`, the request id for `record`. */
  serve(input: ArmsInput<A>, request: Request = {}): Story<ArmsOutput<A>, BanditStory> {
    return this.#runtime.serve(this.#choose(input, request, true), input, request) as Story<ArmsOutput<A>, BanditStory>;
  }

  /** Feeds the truth: the reward is computed from it. */
  record(requestId: string, truth: unknown): RecordResult {
    return this.#runtime.record(requestId, truth);
  }

  /** Feeds a reward as such, where there is no truth: a click, a sale. Nested strategies hear nothing of it. */
  recordReward(requestId: string, reward: number): RecordResult {
    return this.#runtime.join(requestId, new GivenReward(reward));
  }

  /** Calls the listener for every later event of a type, or of all (`'*'`). Returns a function that takes it off. */
  on<T extends BanditEvent['type'] | 'contained-error' | '*'>(
    type: T,
    listener: (
      event: T extends '*'
        ? BanditEvent | ContainedErrorEvent
        : Extract<BanditEvent | ContainedErrorEvent, { type: T }>,
    ) => void,
  ): () => void {
    return this.#runtime.events.on(type, listener as never);
  }

  /** The arm that the data so far call best. */
  bestArm(options: BestArmOptions = {}): string {
    this.#flush();
    return this.#policy.bestArm(options);
  }

  /** What is known of every arm, in order. */
  statistics(): readonly ArmReport[] {
    this.#flush();
    return this.#policy.statistics().map((arm) => {
      const monitor = this.#monitors.get(arm.arm)!;
      const { served, pending, failed, latency, tripped } = monitor;
      const guarded = tripped === '' ? {} : { guardedBy: tripped };
      return {
        ...arm,
        served,
        pending,
        errorRate: served === 0 ? 0 : failed / served,
        meanLatencyMs: latency.mean,
        ...guarded,
      };
    });
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
    this.#mode = checkOneOf('mode', mode, ['online', 'frozen', 'apprentice']);
    this.#runtime.events.emit({ type: 'mode-changed', arm: '', mode, actor });
  }

  /** The whole state, pending decisions and random stream included. */
  snapshot(): Snapshot {
    return this.#runtime.snapshot();
  }

  #choose(input: ArmsInput<A>, request: Request, tracked: boolean): Choice {
    // A context that cannot be had, or that the policy refuses, must not cost the caller the answer.
    const chosen = this.#runtime.events.guard('choice', () => this.#choosePolicy(input, request));
    const { acting, advised, context, propensity, learn } = chosen ?? this.#unlearnt();
    const { fallback } = this.#options;
    this.#totals.served += 1;
    const monitor = this.#monitors.get(acting)!;
    // A request under an id that is in use is joined to nothing: it would stay pending for good.
    const reused = request.id !== undefined && this.#runtime.protocol.saw(request.id);
    if (tracked && !reused && this.#reward.due === 'truth') monitor.pending += 1;
    const note: Note = { arm: acting, context, propensity, learn };
    const told = acting === advised ? {} : { advised };
    const extra: BanditStory = propensity === undefined ? told : { ...told, propensity };
    return { variant: acting, fallback, note, extra };
  }

  /** What is served where no choice could be made: the baseline, and nothing is learnt from it. */
  #unlearnt(): PolicyChoice {
    const acting = this.#baseline;
    return { acting, advised: acting, context: undefined, propensity: undefined, learn: false };
  }

  #choosePolicy(input: ArmsInput<A>, request: Request): PolicyChoice {
    const { contextOf, logPropensities = false } = this.#options;
    const context = contextOf === undefined ? request.context : contextOf(input, request);
    const eligible = this.#eligible();
    const select = { pending: this.#pending(), ...(eligible === undefined ? {} : { eligible }) };
    const held = this.#heldOut();
    const advised = held === 'random' ? this.#randomArm() : this.#policy.select(context, select);
    const acting = held === 'baseline' || this.#mode === 'apprentice' ? this.#baseline : advised;
    const propensity = logPropensities ? this.#propensity(acting, context, select) : undefined;
    return { acting, advised, context, propensity, learn: this.#mode !== 'frozen' };
  }

  #eligible(): boolean[] | undefined {
    if (this.#guards.length === 0) return undefined;
    const now = this.#runtime.clock.now();
    const eligible = this.#policy.arms.map((name) => this.#mayServe(name, now));
    if (eligible.some(Boolean)) return eligible;
    this.#runtime.events.emit({ type: 'no-eligible-arm' });
    return undefined;
  }

  #mayServe(name: string, now: number): boolean {
    const monitor = this.#monitors.get(name)!;
    if (monitor.restUntil >= 0) {
      if (now < monitor.restUntil) return false;
      this.#runtime.events.emit({ type: 'guard-released', arm: name, guard: monitor.tripped });
      monitor.restUntil = -1;
      monitor.tripped = '';
      monitor.clearWindow();
    }
    for (const guard of this.#guards) {
      const cap = (guard as { cap?: { arm: string; share: number } }).cap;
      if (cap?.arm === name && monitor.served + 1 > cap.share * (this.#totals.served + 1)) return false;
    }
    return true;
  }

  #pending(): number[] {
    return this.#policy.arms.map((name) => this.#monitors.get(name)!.pending);
  }

  #heldOut(): 'baseline' | 'random' | undefined {
    const { holdout } = this.#options;
    if (holdout === undefined) return undefined;
    this.#control ??= this.#runtime.stream('holdout');
    return this.#control.next() < holdout.share ? holdout.by : undefined;
  }

  #randomArm(): string {
    const arms = this.#policy.arms;
    return arms[Math.floor(this.#control!.next() * arms.length)]!;
  }

  #propensity(arm: string, context: unknown, select: { pending: number[]; eligible?: boolean[] }): number {
    const { holdout } = this.#options;
    const own =
      this.#mode === 'apprentice'
        ? Number(arm === this.#baseline)
        : this.#policy.probabilities(context, select).get(arm)!;
    if (holdout === undefined) return own;
    const control = holdout.by === 'baseline' ? Number(arm === this.#baseline) : 1 / this.#policy.arms.length;
    return holdout.share * control + (1 - holdout.share) * own;
  }

  #settled(outcome: Outcome, fallback: boolean): void {
    if (fallback) return;
    const note = outcome.note as Note;
    const monitor = this.#monitors.get(note.arm);
    if (monitor === undefined || outcome.status === 'cancelled') return;
    const failed = outcome.status !== 'ok';
    monitor.push(outcome.latencyMs, failed);
    if (failed) this.#earn(note, this.#failureReward);
    else if (this.#reward.due === 'serve') this.#earn(note, this.#rewardOf(outcome));
    if (this.#guards.length > 0) this.#watch(note.arm, monitor);
  }

  #joined(outcome: Outcome): void {
    const note = this.#close(outcome);
    if (outcome.status !== 'ok' || (this.#reward.due === 'serve' && !(outcome.truth instanceof GivenReward))) return;
    this.#earn(note, outcome.truth instanceof GivenReward ? outcome.truth.value : this.#rewardOf(outcome));
  }

  #lost(outcome: Outcome): void {
    const note = this.#close(outcome);
    if (outcome.status === 'ok' && this.#reward.due === 'truth') this.#earn(note, this.#options.defaultReward);
  }

  #close(outcome: Outcome): Note {
    const note = outcome.note as Note;
    this.#await(note.arm, -1);
    return note;
  }

  /** One reward more, or less, is out. */
  #await(arm: string, change: 1 | -1): void {
    const monitor = this.#monitors.get(arm);
    if (monitor !== undefined && this.#reward.due === 'truth') monitor.pending = Math.max(0, monitor.pending + change);
  }

  #rewardOf(outcome: Outcome): number | undefined {
    return this.#runtime.events.guard('reward', () => this.#reward.of(outcome));
  }

  #earn({ arm, context, propensity, learn }: Note, reward: number | undefined): void {
    if (reward === undefined || !learn) return;
    this.#batch.push({ arm, reward, context, propensity });
    if (this.#batch.length >= (this.#options.batchSize ?? 1)) this.#flush();
  }

  #flush(): void {
    const rows = this.#batch;
    this.#batch = [];
    for (const { arm, reward, context, propensity } of rows) {
      try {
        this.#policy.update(arm, reward, context, propensity === undefined ? {} : { propensity });
      } catch (error) {
        this.#totals.refused += 1;
        this.#runtime.events.emit({ type: 'reward-refused', arm, reward, why: (error as Error).message });
      }
    }
  }

  #watch(name: string, monitor: ArmMonitor): void {
    const statistics = this.#policy.statistics().find(({ arm }) => arm === name);
    if (statistics === undefined || monitor.restUntil >= 0) return;
    const { served, recent, errorRate } = monitor;
    const health = {
      ...statistics,
      served,
      recent,
      errorRate,
      trafficShare: served / this.#totals.served,
      latencyQuantile: (p: number) => monitor.latencyQuantile(p),
    };
    for (const guard of this.#guards) {
      if (this.#runtime.events.guard(`guard:${guard.name}`, () => guard.check(health)) !== false) continue;
      monitor.restUntil = this.#runtime.clock.now() + (guard.coolDownMs ?? 60_000);
      monitor.tripped = guard.name;
      this.#runtime.events.emit({
        type: 'guard-tripped',
        arm: name,
        guard: guard.name,
        until: monitor.restUntil,
        errorRate,
      });
      return;
    }
  }

  #addPrior(name: string, prior: Prior | undefined): void {
    if (prior === undefined) return;
    const index = this.#policy.arms.indexOf(name);
    // Arms with priors of their own are put back at the end, in order, so the order of arms is kept only without them.
    if (this.#policy.arms.length === 1)
      throw new InvalidOptionError(`arms.${name}.prior`, prior, 'given to the policy where there is one arm');
    this.#policy.removeArm(index);
    this.#policy.addArm(name, { prior });
  }

  #known(option: string, arm: string): string {
    if (!this.#policy.arms.includes(arm)) throw new UnknownVariantError(option, arm, this.#policy.arms);
    return arm;
  }

  #checkRest({ holdout, failureReward, defaultReward, fallback, contextOf, batchSize }: BanditOptions<A>): void {
    if (fallback !== undefined) this.#known('fallback', fallback);
    if (contextOf !== undefined) checkFunction('contextOf', contextOf);
    if (failureReward !== undefined) checkFinite('failureReward', failureReward);
    if (defaultReward !== undefined) checkFinite('defaultReward', defaultReward);
    if (batchSize !== undefined) checkInteger('batchSize', batchSize, { ge: 1 });
    if (holdout === undefined) return;
    checkOptions('holdout', holdout, ['share', 'by']);
    checkShare('holdout.share', holdout.share);
    checkOneOf('holdout.by', holdout.by, ['baseline', 'random']);
  }

  #save(): SavedBandit {
    return {
      policy: this.#policy.snapshot(),
      mode: this.#mode,
      monitors: [...this.#monitors].map(([name, monitor]) => [name, monitor.toJSON()]),
      control: this.#control?.state() ?? null,
      totals: { ...this.#totals },
      batch: this.#batch.map(({ arm, reward, context, propensity }) => [arm, reward, context, propensity ?? null]),
    };
  }

  #load(state: SavedBandit): void {
    const [here, saved] = [[...this.#monitors.keys()], state.monitors.map(([name]) => name)];
    if (here.length !== saved.length || !here.every((name) => saved.includes(name))) {
      throw new SnapshotError(`the snapshot's arms must be ${show(here)}, got ${show(saved)}`);
    }
    this.#policy.restore(state.policy);
    this.#mode = state.mode;
    this.#control = state.control ? restoreRng(state.control) : undefined;
    this.#totals = { ...state.totals };
    for (const [name, json] of state.monitors) this.#monitors.get(name)?.load(json);
    for (const { note } of this.#reward.due === 'truth' ? this.#runtime.waiting() : []) {
      const monitor = this.#monitors.get((note as Note).arm);
      if (monitor !== undefined) monitor.pending += 1;
    }
    this.#batch = state.batch.map(([arm, reward, context, p]) => ({
      arm,
      reward,
      context,
      propensity: p ?? undefined,
    }));
  }
}

function awaits({ id, truth }: Request): boolean {
  return id !== undefined || truth !== undefined;
}

function modelOf(arm: AnyModel | ArmSpec): unknown {
  return arm !== null && typeof arm === 'object' && isSpec(arm) ? arm.model : arm;
}

/** A model that keeps another one under `model` is a model, not a spec. */
function isSpec(arm: AnyModel | ArmSpec): arm is ArmSpec {
  return 'model' in arm && !('predict' in arm);
}

function checkGuards(guards: readonly Guard[]): readonly Guard[] {
  if (!Array.isArray(guards)) throw new InvalidOptionError('guards', guards, 'a list of guards');
  guards.forEach((guard: Guard | null | undefined, i) => void checkFunction(`guards[${i}].check`, guard?.check));
  return guards;
}

function checkArms(arms: Arms): Arms {
  const sound = typeof arms === 'object' && arms !== null && !Array.isArray(arms) && Object.keys(arms).length > 0;
  if (!sound) throw new InvalidOptionError('arms', arms, 'an object with at least one arm');
  return arms;
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
