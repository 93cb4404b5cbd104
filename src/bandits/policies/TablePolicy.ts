import { checkInteger, checkOneOf, checkOptions, checkProbability } from '../../core/check.ts';
import { InvalidOptionError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import { type Rng, restoreRng } from '../../random/index.ts';
import { probabilityBestArm } from '../evidence/probabilityBestArm.ts';
import { ArmNames } from './ArmNames.ts';
import { ArmTable } from './ArmTable.ts';
import { armStatistics, bestPosition } from './armStatistics.ts';
import type {
  AddArmOptions,
  ArmStatistics,
  BanditPolicy,
  BestArmOptions,
  PolicySnapshot,
  Prior,
  SelectOptions,
  UpdateOptions,
  UpdateRow,
} from './BanditPolicy.ts';
import { checkPriors, checkTableReward, checkUpdate } from './checkUpdates.ts';
import { createMemory } from './memory/createMemory.ts';
import { policyRng, type RewardScale, type TablePolicyOptions } from './PolicyOptions.ts';
import { type Ranking, rankLaw, rankPositions } from './ranking.ts';
import type { ArmRule, ChoiceView } from './rules/ArmRule.ts';
import { uniformArm } from './rules/choice.ts';
import { admit, policyLaw } from './selection.ts';
import type { TableParts } from './TableParts.ts';
import { deltaState, loadState, mergeState, saveState } from './tableState.ts';

/**
 * A policy that learns one mean reward per arm: a rule that chooses, a memory that forgets, and a table between them.
 * The named policies (`ThompsonPolicy`, `UcbPolicy`, …) are this class with their rule; it is exported for its methods,
 * and is not constructed directly.
 */
export class TablePolicy<Context = unknown> implements BanditPolicy<Context> {
  readonly #parts: TableParts;
  readonly #view: ChoiceView & { scores: Float64Array };
  readonly #exploration: number;
  #rng: Rng;

  /** @internal */
  protected constructor(rule: ArmRule, scale: RewardScale, options: TablePolicyOptions) {
    const memory = createMemory(options.memory ?? { type: 'stationary' }, scale.bounded);
    if (rule.own !== undefined && rule.own.anyMemory !== true && memory.kind !== 'stationary') {
      throw new InvalidOptionError('memory', memory.kind, `left out: ${rule.kind} has a memory of its own`);
    }
    const minPulls = checkInteger('minPulls', options.minPulls ?? rule.leastPulls, { ge: rule.leastPulls });
    const names = new ArmNames(options.arms);
    const table = new ArmTable(minPulls);
    this.#parts = { names, table, memory, rule, scale };
    this.#exploration = Math.max(memory.exploration, options.explorationFloor ?? 0);
    this.#rng = policyRng(options);
    const ties = options.ties ?? 'random';
    this.#view = { table, ties, scores: new Float64Array(0), pending: undefined, inFlight: 0, eligible: undefined };
    const priors = checkPriors(options.priors, names.list);
    for (const name of names.list) this.#insert(this.#standardise(priors.get(name)));
  }

  get kind(): string {
    return this.#parts.rule.kind;
  }

  get arms(): readonly string[] {
    return this.#parts.names.list;
  }

  get contextual(): boolean {
    return this.#parts.rule.see !== undefined;
  }

  get mergeable(): boolean {
    const { memory, rule } = this.#parts;
    return memory.mergeable && rule.own?.mergeable !== false;
  }

  get forgets(): boolean {
    return this.#parts.memory.kind !== 'stationary';
  }

  get rewardRange(): readonly [number, number] {
    const { lowest, highest } = this.#parts.scale;
    return [lowest, highest];
  }

  select(context?: Context, options?: SelectOptions): string {
    return this.#parts.names.list[this.selectIndex(context, options)]!;
  }

  selectIndex(context?: Context, options?: SelectOptions): number {
    const view = this.#view;
    const { table, rule } = this.#parts;
    this.#see(context);
    if (options !== undefined || table.cold > 0) {
      const forced = admit(view, options, this.#rng);
      if (forced >= 0) return forced;
    } else if (view.eligible !== undefined || view.pending !== undefined) {
      view.eligible = undefined;
      view.pending = undefined;
      view.inFlight = 0;
    }
    if (this.#exploration > 0 && this.#rng.next() < this.#exploration) return uniformArm(view, this.#rng);
    return rule.choose(view, this.#rng);
  }

  rank(k: number, context?: Context, options: SelectOptions = {}): readonly string[] {
    return rankPositions(k, this.#ranking(context, options), this.#rng).map((i) => this.arms[i]!);
  }

  rankPropensities(
    ranking: readonly string[],
    context?: Context,
    options: SelectOptions = {},
  ): readonly (number | undefined)[] {
    const positions = ranking.map((arm) => this.#parts.names.indexOf(arm));
    return rankLaw(positions, this.#ranking(context, options), this.#rng);
  }

  checkReward(reward: number): void {
    checkTableReward('reward', reward, this.#parts);
  }

  update(arm: string | number, reward: number, context?: Context, options?: UpdateOptions): void {
    const i = this.#parts.names.indexOf(arm);
    this.checkReward(reward);
    if (options !== undefined) checkUpdate(options);
    this.#see(context, i);
    this.#learn(i, reward, options?.weight ?? 1, options?.propensity);
  }

  updateBatch(rows: Iterable<UpdateRow<Context>>): void {
    const checked = Array.from(rows, (row, at) => {
      checkTableReward(`rows[${at}].reward`, row.reward, this.#parts);
      checkUpdate(row);
      const i = this.#parts.names.indexOf(row.arm);
      this.#see(row.context, i);
      return { ...row, i };
    });
    for (const { i, reward, weight, propensity, context } of checked) {
      this.#see(context, i);
      this.#learn(i, reward, weight ?? 1, propensity);
    }
  }

  addArm(arm: string, options: AddArmOptions = {}): void {
    checkOptions('addArm options', options, ['prior']);
    const { names } = this.#parts;
    const prior = this.#standardise(options.prior);
    this.#parts.rule.prior(prior);
    names.add(arm);
    this.#insert(prior);
  }

  removeArm(arm: string | number): void {
    const { names, table, memory, rule } = this.#parts;
    const i = names.indexOf(arm);
    names.remove(i);
    memory.removed(table, i);
    table.remove(i);
    rule.own?.removed(i);
    this.#view.scores = this.#view.scores.slice(0, table.size);
    rule.own?.changed?.(this.#view);
  }

  probabilities(context?: Context, options?: SelectOptions): ReadonlyMap<string, number> {
    this.#see(context);
    const law = policyLaw(this.#view, this.#parts.rule, this.#exploration, options);
    return new Map(this.arms.map((arm, i) => [arm, law[i]!]));
  }

  probabilityBest(context?: Context): ReadonlyMap<string, number> | undefined {
    const { rule, scale } = this.#parts;
    const law = rule.drawnLaw ?? rule.bestLaw;
    if (law === undefined) {
      const statistics = this.statistics();
      if (scale.bounded) return probabilityBestArm(statistics, { rewardRange: this.rewardRange });
      const enough = statistics.every(({ effectivePulls, variance }) => effectivePulls > 1 && variance > 0);
      return enough ? probabilityBestArm(statistics, { model: 'gaussian' }) : undefined;
    }
    this.#see(context);
    this.#view.eligible = undefined;
    const p = new Float64Array(this.#parts.table.size);
    law(this.#view, p);
    return new Map(this.arms.map((arm, i) => [arm, p[i]!]));
  }

  bestArm(options: BestArmOptions<Context> = {}): string {
    checkOptions('bestArm options', options, ['by', 'context']);
    const by = checkOneOf('by', options.by ?? 'mean', ['mean', 'lower-bound', 'pulls']);
    const { rule } = this.#parts;
    if (rule.expect === undefined || options.context === undefined || by === 'pulls') {
      return this.arms[bestPosition(this.#parts, by)]!;
    }
    this.#see(options.context);
    rule.expect(this.#view, by === 'lower-bound');
    return this.arms[this.#view.scores.indexOf(Math.max(...this.#view.scores))]!;
  }

  statistics(level = 0.95, arm?: string): readonly ArmStatistics[] {
    checkProbability('level', level);
    if (arm !== undefined) return [armStatistics(this.#parts, this.#parts.names.indexOf(arm), level)];
    return this.arms.map((_, i) => armStatistics(this.#parts, i, level));
  }

  reseed(rng: Rng): void {
    this.#rng = rng;
  }

  snapshot(): PolicySnapshot {
    const state = saveState(this.#parts) as unknown as Json;
    return { kind: this.kind, version: 1, arms: this.arms.slice(), rng: this.#rng.state(), state };
  }

  restore(snapshot: PolicySnapshot): void {
    loadState(this.#parts, snapshot);
    this.#rng = restoreRng(snapshot.rng);
    this.#view.scores = new Float64Array(this.#parts.table.size);
  }

  deltaSince(base: PolicySnapshot): PolicySnapshot {
    const own = this.snapshot();
    return { ...own, state: deltaState(this.#parts, own, base) as unknown as Json };
  }

  merge(delta: PolicySnapshot): void {
    mergeState(this.#parts, delta);
    this.#parts.rule.own?.changed?.(this.#view);
  }

  /** Whether {@link TablePolicy.borrow} is possible: where all that is learnt is in the table. @internal */
  get lends(): boolean {
    const { rule } = this.#parts;
    return rule.own === undefined || rule.own.anyMemory === true;
  }

  /**
   * Takes what the pool has seen of each arm, without this policy's own part, as at most `most` pulls on trust.
   * @internal
   */
  borrow(pool: TablePolicy<Context>, most: number): void {
    const { table, scale } = this.#parts;
    const other = pool.#parts.table;
    for (let i = 0; i < table.size; i += 1) {
      const n = Math.max(0, other.n[i]! - table.n[i]!);
      const mean = n > 0 ? (other.sum[i]! - table.sum[i]!) / n : 0;
      const weight = Math.min(most, n);
      table.lend(i, { weight, sum: weight * (scale.bounded ? Math.min(1, Math.max(0, mean)) : mean) });
    }
  }

  #ranking(context: Context | undefined, options: SelectOptions): Ranking {
    this.#see(context);
    return { view: this.#view, rule: this.#parts.rule, exploration: this.#exploration, options };
  }

  #see(context: Context | undefined, arm?: number): void {
    const { rule, names } = this.#parts;
    if (rule.see !== undefined) rule.see(context, names.list, arm);
  }

  #insert(prior: Prior | undefined): void {
    const { table, rule, memory } = this.#parts;
    rule.own?.inserted(prior);
    memory.inserted();
    table.insert(rule.prior(prior));
    this.#view.scores = new Float64Array(table.size);
    rule.own?.changed?.(this.#view);
  }

  #learn(i: number, reward: number, weight: number, propensity: number | undefined): void {
    const { table, memory, rule, scale } = this.#parts;
    const x = (reward - scale.origin) / scale.span;
    rule.own?.observing?.(this.#view, i, x, weight, propensity);
    table.updates += 1;
    table.pulls[i] = table.pulls[i]! + weight;
    table.rewards[i] = table.rewards[i]! + weight * reward;
    memory.observe(table, i, rule.transform === undefined ? x : rule.transform(x, this.#rng), weight);
    rule.own?.changed?.(this.#view);
  }

  #standardise(prior: Prior | undefined): Prior | undefined {
    if (prior === undefined || !('weight' in prior)) return prior;
    const { origin, span } = this.#parts.scale;
    return { ...prior, mean: (prior.mean - origin) / span };
  }
}
