import type { Json } from '../../core/json.ts';
import type { Metric } from '../Metric.ts';
import type { Outcome } from '../Outcome.ts';
import type { Arm } from './Arm.ts';
import { combineChecks } from './combineChecks.ts';
import { canaryCount, describeCheck } from './describeCheck.ts';
import { type EvidenceHost, EvidenceTable } from './EvidenceTable.ts';
import type { HealthCheck, MetricCheck, Verdict } from './HealthCheck.ts';
import type { Judge, JudgeRules, MetricEvidence } from './Judge.ts';
import { acts, createJudge, createMetrics, createRules, guardsOf, type JudgingOptions } from './JudgingOptions.ts';

/** A verdict with what a state machine needs beside it. @internal */
export interface Assessment {
  readonly verdict: Verdict;
  /** Whether a critical metric failed. */
  readonly critical: boolean;
}

/**
 * Metrics, evidence and judge of two models: measures outcomes, and says what they prove. `assess` is as fast as can be
 * and meant for every outcome; `check` says it with all numbers. Constant memory.
 * @internal
 */
export class HealthMonitor {
  readonly metrics: readonly Metric[];
  readonly #host: EvidenceHost;
  readonly #judge: Judge;
  readonly #rules: readonly JudgeRules[];
  readonly #acting: readonly boolean[];
  readonly #passSamples: number;
  readonly #table: EvidenceTable;
  #evidence: readonly (MetricEvidence & { stage: number })[] = [];
  #watches: readonly (() => Verdict)[] = [];

  /** @throws InvalidOptionError */
  constructor(options: JudgingOptions, host: EvidenceHost) {
    this.#host = host;
    this.metrics = createMetrics(options.metrics);
    this.#judge = createJudge(options.judge);
    this.#rules = createRules(options, this.metrics);
    this.#passSamples = options.passSamples ?? 100;
    this.#acting = this.metrics.map(acts);
    const { sampleSize = 0 } = this.#judge;
    this.#table = new EvidenceTable(this.metrics, host, { alphas: this.#rules.map(({ alpha }) => alpha), sampleSize });
    this.#restart(0);
  }

  /** Forgets all evidence. */
  clear(): void {
    this.#table.clear();
    this.#restart(0);
  }

  /** The index of the present stage. */
  get stage(): number {
    return this.#evidence[0]!.stage;
  }

  set stage(stage: number) {
    for (const evidence of this.#evidence) evidence.stage = stage;
  }

  /** Measures an outcome by the metrics that are due. */
  take(outcome: Outcome, due: 'serve' | 'truth', arm: Arm, stage: number, cluster: number): void {
    this.#table.take(outcome, due, arm, stage, cluster);
  }

  /** Measures one request that both models have answered, by the metrics of the truth. */
  takePair(canary: Outcome, baseline: Outcome, stage: number, cluster: number): void {
    this.#table.takePair(canary, baseline, stage, cluster);
  }

  /** Canary observations of a stage: of the metric that has least among those that a pass waits for. */
  samples(stage: number): number {
    let least = Number.POSITIVE_INFINITY;
    let most = 0;
    for (let i = 0; i < this.metrics.length; i += 1) {
      const { n } = this.#table.rows[i]![stage]!.canary;
      if (n > most) most = n;
      const ignored = n === 0 && this.metrics[i]!.missing === 'ignore';
      if (this.#acting[i] === true && !this.#evidence[i]!.guard && !ignored && n < least) least = n;
    }
    return least === Number.POSITIVE_INFINITY ? most : least;
  }

  /** The verdict of all metrics together. */
  assess(): Assessment {
    let verdict: Verdict = 'pass';
    let failed = false;
    let critical = false;
    let broken = false;
    let decided = false;
    for (let i = 0; i < this.metrics.length; i += 1) {
      if (this.#acting[i] !== true) continue;
      const said = this.#look(i);
      if (said === 'fail') {
        failed = true;
        critical ||= this.metrics[i]!.critical;
      } else if (said === 'error') broken = true;
      else if (!this.#waived(i, said)) {
        decided = true;
        if (said !== 'pass' && verdict !== 'no-data') verdict = said;
      }
    }
    if (failed) return { verdict: 'fail', critical };
    if (broken) return ERROR;
    if (verdict === 'pass' && !decided && this.#seen() < this.#passSamples) return INCONCLUSIVE;
    return verdict === 'pass' ? PASS : verdict === 'inconclusive' ? INCONCLUSIVE : NO_DATA;
  }

  /** All that is known, with numbers and reasons. @param weight percent of the traffic */
  check(weight: number, at: number): HealthCheck {
    const checks = this.metrics.map((_, i) => this.#check(i));
    return combineChecks(checks, weight, at, this.#passSamples);
  }

  /** What was seen here since the last call, without what was merged; undefined where that is nothing. */
  takeOwn(): Json | undefined {
    return this.#table.takeOwn();
  }

  /** Checks what another replica has told. @returns what adds it @throws SnapshotError if the metrics or stages are others */
  readTold(json: Json): () => void {
    return this.#table.readTold(json);
  }

  toJSON(): Json {
    return this.#table.toJSON();
  }

  /** Takes over what `toJSON` returned. @throws SnapshotError if the metrics or stages are others */
  load(json: Json): void {
    this.#table.load(json);
    this.#restart(this.stage);
  }

  #restart(stage: number): void {
    const guards = guardsOf(this.metrics);
    this.#evidence = this.metrics.map((metric, i) => {
      return { metric, stages: this.#table.rows[i]!, stage, guard: guards[i]! };
    });
    this.#watches = this.#evidence.map((evidence, i) => {
      const rules = this.#rules[i]!;
      return this.#judge.watch?.(evidence, rules) ?? (() => this.#judge.check(evidence, rules).verdict);
    });
  }

  #look(i: number): Verdict {
    try {
      const verdict = this.#watches[i]!();
      return verdict === 'no-data' && this.#missingFails(i) ? 'fail' : verdict;
    } catch (error) {
      this.#host.contain(`judge:${this.#judge.name}`, error);
      return 'error';
    }
  }

  /** Whether a pass does not wait for what this metric says. */
  #waived(i: number, verdict: Verdict): boolean {
    return this.#evidence[i]!.guard || (verdict === 'no-data' && this.metrics[i]!.missing === 'ignore');
  }

  #missingFails(i: number): boolean {
    return this.metrics[i]!.missing === 'fail' && this.#seen() >= this.#passSamples;
  }

  #seen(): number {
    let most = 0;
    for (const evidence of this.#evidence) most = Math.max(most, canaryCount(evidence));
    return most;
  }

  #check(i: number): MetricCheck {
    const evidence = this.#evidence[i]!;
    const check = this.#ask(i);
    if (check.verdict !== 'no-data') return check;
    const { name, missing } = evidence.metric;
    if (this.#missingFails(i)) return { ...check, verdict: 'fail', reason: `${name} has no data` };
    return missing === 'ignore' ? { ...check, guard: true } : check;
  }

  #ask(i: number): MetricCheck {
    const evidence = this.#evidence[i]!;
    try {
      return this.#judge.check(evidence, this.#rules[i]!);
    } catch (error) {
      this.#host.contain(`judge:${this.#judge.name}`, error);
      return describeCheck(evidence, { verdict: 'error', reason: `the judge broke on ${evidence.metric.name}` });
    }
  }
}

const PASS: Assessment = { verdict: 'pass', critical: false };
const INCONCLUSIVE: Assessment = { verdict: 'inconclusive', critical: false };
const NO_DATA: Assessment = { verdict: 'no-data', critical: false };
const ERROR: Assessment = { verdict: 'error', critical: false };
