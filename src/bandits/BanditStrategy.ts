import { checkBoolean, checkInteger, checkName, checkOptions } from '../core/check.ts';
import { InvalidOptionError } from '../core/errors.ts';
import type { ContainedErrorEvent, EventName, EventNamed } from '../core/events.ts';
import type { RecordResult, Request, Story } from '../core/Model.ts';
import { checkRequest } from '../core/request.ts';
import type { Delta } from '../core/sharing.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { type StrategyProtocol, strategyMark } from '../core/strategy.ts';
import { StrategyRuntime } from '../metrics/StrategyRuntime.ts';
import { checkArms, modelOf, priorOf } from './armSpecs.ts';
import { BanditEngine, ownedBy } from './BanditEngine.ts';
import { type BanditEvent, banditEventTypes } from './BanditEvent.ts';
import {
  type ArmModel,
  type ArmSpec,
  type Arms,
  type ArmsInput,
  type ArmsOutput,
  type BanditMode,
  type BanditOptions,
  banditOptionNames,
} from './BanditOptions.ts';
import type { ArmReport, BanditCounts, BanditStory, BanditSummary } from './BanditReport.ts';
import type { RegretEstimate, RegretInconclusive } from './evidence/estimateRegret.ts';
import { regretOfPolicy } from './evidence/regretOfPolicy.ts';
import type { HoldoutReport } from './Holdout.ts';
import type { BanditPolicy, BestArmOptions } from './policies/BanditPolicy.ts';
import type { PolicyFactory } from './policySettings.ts';
import { banditToText } from './renderBandit.ts';
import { createReward, GivenReward, type Reward } from './reward.ts';
import { summariseBandit } from './summariseBandit.ts';

/**
 * A bandit over models: it chooses an arm for every request, answers like it, and learns from the reward when it is
 * known. The named classes (`ThompsonSampling`, `UCB`, …) are this one with their policy.
 */
export abstract class BanditStrategy<A extends Arms> {
  readonly #runtime: StrategyRuntime<BanditEvent>;
  readonly #engine: BanditEngine;
  readonly #reward: Reward;
  readonly #logPropensities: boolean;

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
    const models = Object.fromEntries(Object.entries(arms).map(([name, arm]) => [name, modelOf(arm)]));
    this.#reward = createReward(options.reward);
    this.#logPropensities = checkBoolean('logPropensities', options.logPropensities ?? false);
    this.#runtime = new StrategyRuntime<BanditEvent>(options, {
      kind,
      version: 1,
      models,
      eventTypes: banditEventTypes,
      ...ownedBy(() => this.#engine),
    });
    this.#engine = new BanditEngine({
      options: options as unknown as BanditOptions,
      settings,
      reward: this.#reward,
      createPolicy,
      runtime: this.#runtime,
    });
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
    return this.#engine.policy;
  }

  /** The arms in order. */
  get arms(): readonly string[] {
    return this.#engine.policy.arms;
  }

  /** Answers like the chosen arm's model. */
  predict(input: ArmsInput<A>, request?: Request): ArmsOutput<A> {
    const asked = checkRequest(request);
    const tracked = asked.id !== undefined || asked.truth !== undefined;
    const choice = this.#engine.choose(input, asked, tracked);
    return this.#runtime.predict(choice, input, asked) as ArmsOutput<A>;
  }

  /** Answers with the story: the arm as `variant`, the request id for `record`. */
  serve(input: ArmsInput<A>, request?: Request): Story<ArmsOutput<A>, BanditStory> {
    const asked = checkRequest(request);
    const choice = this.#engine.choose(input, asked, true);
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
    const decisions = this.#engine.chooseSlots(input, asked, slots);
    const stories: Story<ArmsOutput<A>, BanditStory>[] = [];
    const errors: unknown[] = [];
    decisions.forEach((decision, i) => {
      const own = id === undefined ? asked : { ...asked, id: `${id}/${i + 1}` };
      const choice = this.#engine.slotChoice(decision, own.id, i + 1);
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
    return this.#engine.desk.accepts(reward) ? this.#runtime.join(requestId, new GivenReward(reward)) : 'invalid';
  }

  /** Hands the rewards that `batchSize` holds back to the policy now. */
  flush(): void {
    this.#engine.desk.flush();
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
      this.#engine.addArm(name, prior === undefined ? {} : { prior });
    } catch (error) {
      this.#runtime.removeModel(name);
      throw error;
    }
    this.#runtime.events.emit({ type: 'arm-added', arm: name, mode: this.#engine.mode, actor });
  }

  /**
   * Removes an arm while requests run. What it has under way it finishes; rewards that come later are refused.
   * @param actor who did it, for the audit log
   * @throws UnknownVariantError; InvalidOptionError for the baseline, the fallback and the last arm
   */
  removeArm(name: string, actor = 'system'): void {
    this.#engine.removeArm(name);
    this.#runtime.removeModel(name);
    this.#runtime.events.emit({ type: 'arm-removed', arm: name, mode: this.#engine.mode, actor });
  }

  /** Calls the listener for every later event of a type, or of all (`'*'`). Returns a function that takes it off. */
  on<T extends EventName<BanditEvent>>(type: T, listener: (event: EventNamed<BanditEvent, T>) => void): () => void {
    return this.#runtime.events.on(type, listener);
  }

  /** The arm that the data so far call best. */
  bestArm(options: BestArmOptions = {}): string {
    return this.#engine.policy.bestArm(options);
  }

  /** What is known of every arm, in order. @param level of the intervals; `@defaultValue` 0.95 */
  statistics(level?: number): readonly ArmReport[] {
    return this.#engine.policy.statistics(level).map((arm) => {
      const { served, settled, failed, latency, tripped } = this.#engine.roster.get(arm.arm)!;
      return {
        ...arm,
        served,
        pending: this.#engine.pending.total(arm.arm),
        errorRate: settled === 0 ? 0 : failed / settled,
        meanLatencyMs: latency.mean,
        ...(tripped === '' ? {} : { guardedBy: tripped }),
      };
    });
  }

  /** How likely each arm is the best one; see `BanditPolicy.probabilityBest`. */
  probabilityBest(context?: unknown): ReadonlyMap<string, number> | undefined {
    return this.#engine.policy.probabilityBest(context);
  }

  /** What the bandit has lost against always pulling its best arm, as far as its rewards tell; see `estimateRegret`. */
  estimateRegret(level = 0.95): RegretEstimate | RegretInconclusive {
    return regretOfPolicy(this.#engine.policy, level);
  }

  /** What the bandit earns beside its held-out share; undefined where it has none. */
  holdout(): HoldoutReport | undefined {
    return this.#engine.holdout?.report();
  }

  /** What became of requests and rewards. */
  get counts(): BanditCounts {
    const { rewards, refused } = this.#engine.desk.counts;
    return { served: this.#engine.roster.served, rewards, refused, truths: this.#runtime.truths };
  }

  /** All that the bandit concludes, as data. */
  summary(): BanditSummary {
    return summariseBandit({
      name: this.name,
      mode: this.#engine.mode,
      policy: this.#engine.policy,
      arms: this.statistics(),
      regret: this.estimateRegret(),
      holdout: this.holdout(),
      counts: this.counts,
      unread: this.#engine.desk.counts.unread,
      replica: this.#runtime.replica,
      logPropensities: this.#logPropensities,
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
    return this.#engine.mode;
  }

  /** Changes the mode from the next request on. @throws InvalidOptionError */
  setMode(mode: BanditMode, actor = 'system'): void {
    this.#engine.mode = mode;
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
}

/** Takes over a snapshot, for the `restore` of each class. @throws SnapshotError */
export function restored<B extends { readonly [strategyMark]: StrategyProtocol }>(bandit: B, snapshot: Snapshot): B {
  bandit[strategyMark].load(snapshot);
  return bandit;
}
