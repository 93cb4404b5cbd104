import { InvalidOptionError, UnknownVariantError } from '../core/errors.ts';
import { decodeJson, encodeJson, type Json } from '../core/json.ts';
import { abandon } from '../core/perRow.ts';
import type { MetricComparison, MetricPairs, MetricStratum } from '../metrics/inference/index.ts';
import { withReason } from '../metrics/inference/toComparison.ts';
import type { TruthCounts } from '../metrics/TruthCounts.ts';
import type { ABTestSettings } from './ABTestOptions.ts';
import { compareStrata, methodOf } from './compareStrata.ts';
import type { Decision, DecisionView } from './decision/Decision.ts';
import { killReason } from './decision/killReason.ts';
import type { KillReport } from './KillSwitch.ts';
import type { HeldTruths } from './MaturedPrefix.ts';
import { checkLabels, checkSampleRatio } from './SampleRatioCheck.ts';
import { isKeptBySegment, TIME } from './SegmentLedger.ts';
import { type SegmentReport, segmentReport, type TrendReport, trendReport } from './SegmentReport.ts';
import { checkTestOptions, type StatisticalTestOptions } from './StatisticalTestOptions.ts';
import type { Statistics } from './Statistics.ts';
import type { Variants } from './variants.ts';

interface Groups {
  readonly variant: string;
  readonly groups: Map<string, MetricStratum[]>;
}

interface PlannedLook {
  readonly look: number;
  readonly result: MetricComparison;
}

/** What an analysis is made of. */
export interface AnalysisOptions {
  readonly settings: ABTestSettings;
  readonly variants: Variants;
  readonly observed: Statistics;
  /** Milliseconds since the test began. */
  readonly elapsedMs: () => number;
  /** What became of the truths by now. */
  readonly truths: () => TruthCounts;
  /** Truths that are here and not analysed yet. */
  readonly held: () => HeldTruths;
  /** Challengers that fail too often. */
  readonly killed: () => readonly KillReport[];
}

const verdicts: readonly string[] = ['PROMOTE', 'REJECT', 'CONTINUE', 'INVALID'];

/** A rule of the user's may return anything. @throws InvalidOptionError */
function checkDecision(decision: Decision): Decision {
  if (verdicts.includes(decision?.decision) && Array.isArray(decision.reasons)) return decision;
  abandon(decision);
  throw new InvalidOptionError('decision', decision, `a rule that decides ${verdicts.join(', ')}, with reasons`);
}

/** What can be concluded from what was observed: comparisons, their parts by segment and time, and the decision. */
export class Analysis {
  readonly #settings: ABTestSettings;
  readonly #variants: Variants;
  readonly #observed: Statistics;
  readonly #elapsedMs: () => number;
  readonly #truths: () => TruthCounts;
  readonly #held: () => HeldTruths;
  readonly #killed: () => readonly KillReport[];
  readonly #index: Readonly<Record<string, number>>;
  /** Results of planned looks. */
  #taken: Map<string, PlannedLook> = new Map();

  constructor({ settings, variants, observed, elapsedMs, truths, held, killed }: AnalysisOptions) {
    this.#settings = settings;
    this.#variants = variants;
    this.#observed = observed;
    this.#elapsedMs = elapsedMs;
    this.#truths = truths;
    this.#held = held;
    this.#killed = killed;
    this.#index = Object.fromEntries(variants.names.map((name, i) => [name, i]));
  }

  /** The groups of a dimension; the names of dimensions are the owner's to check. */
  segments(dimension: string, metric: string, options: StatisticalTestOptions): SegmentReport {
    checkTestOptions(options);
    const { variant, groups } = this.#groups(dimension, metric, options.variant);
    return segmentReport({ dimension, metric, variant }, groups, (strata) => this.#unplanned(strata, options));
  }

  /** The metric by time. */
  trend(metric: string, options: StatisticalTestOptions): TrendReport {
    checkTestOptions(options);
    const { variant, groups } = this.#groups(TIME, metric, options.variant);
    const { periodDays } = this.#observed.segments;
    return trendReport({ metric, variant, periodDays }, groups, (strata) => this.#unplanned(strata, options));
  }

  /** Compares a challenger with the champion; planned looks stand. */
  compare(metric: string, options: StatisticalTestOptions): MetricComparison {
    const m = this.#metric(metric);
    const { ledger } = this.#observed;
    const challenger = this.#index[this.challenger(options.variant)]!;
    const strata = ledger.strata(m, 0, challenger);
    const asked = options.method ?? methodOf(this.#settings);
    const pairs = ledger.pairsOf(m, 0, challenger);
    if (asked === 'group-sequential') return this.#planned(strata, pairs, options);
    const early = options.method === undefined ? this.#tooEarly(strata) : undefined;
    return early ?? compareStrata(strata, pairs, options, this.#settings);
  }

  /** Looks are planned for the whole, not for its parts. */
  #unplanned(strata: readonly MetricStratum[], options: StatisticalTestOptions): MetricComparison {
    const method = options.method ?? methodOf(this.#settings);
    const asked = { ...options, method: method === 'group-sequential' ? 'welch' : method } as const;
    return compareStrata(strata, undefined, asked, this.#settings);
  }

  #groups(dimension: string, metric: string, asked: string | undefined): Groups {
    const m = this.#metric(metric);
    if (!isKeptBySegment(this.#settings.metrics[m]!)) {
      const rule = 'a goal or guardrail that is no quantile and no area: others are not kept by segment and time';
      throw new InvalidOptionError('metric', metric, rule);
    }
    const variant = this.challenger(asked);
    const { ledger, segments } = this.#observed;
    const challenger = this.#index[variant]!;
    return { variant, groups: segments.strata(dimension, m, 0, challenger, ledger.serving(0, challenger)) };
  }

  /** With `inference: 'fixed'` and a horizon nothing is concluded before it, or before the longest duration is over. */
  #tooEarly(strata: readonly MetricStratum[]): MetricComparison | undefined {
    const { inference, horizon, alpha } = this.#settings;
    if (this.#pastDuration) return undefined;
    const n = strata.reduce((sum, { reference, candidate }) => sum + reference.n + candidate.n, 0);
    if (inference !== 'fixed' || horizon === undefined || n >= horizon || this.#complete(horizon)) return undefined;
    const found = compareStrata(strata, undefined, { method: 'welch', alpha }, this.#settings);
    if (found.status !== 'ok') return found;
    return withReason(found, found.method, `the one look is planned at ${horizon} requests, now ${n} are known`);
  }

  /** The result of a planned look stands until the next one is due: looking again would spend error anew. */
  #planned(
    strata: readonly MetricStratum[],
    pairs: MetricPairs | undefined,
    options: StatisticalTestOptions,
  ): MetricComparison {
    const { inference } = this.#settings;
    const looks = typeof inference === 'object' ? inference.groupSequential.looks : [];
    const { variant, alpha, alternative, threshold } = options;
    const { name } = strata[0]!.reference.metric;
    // Looks at other versions of the models were looks at other data.
    const { versions } = this.#observed.ledger;
    const key = JSON.stringify([name, this.challenger(variant), alpha, alternative, threshold, versions]);
    const n = observations(strata, pairs);
    const due = looks.filter((planned) => planned <= n).length;
    // Where no more will come, the looks that are left are one.
    const final = due < looks.length && this.#over(looks.at(-1) ?? 0);
    const look = final ? looks.length : due;
    const taken = this.#taken.get(key);
    if (taken !== undefined && taken.look === look) return taken.result;
    const asked = { ...options, method: 'group-sequential' } as const;
    const result = compareStrata(strata, pairs, asked, this.#settings, final);
    if (look > 0) this.#taken.set(key, { look, result });
    return result;
  }

  #metric(metric: string): number {
    const names = this.#settings.metrics.map(({ name }) => name);
    const m = names.indexOf(metric);
    if (m < 0) throw new UnknownVariantError('metric', metric, names);
    return m;
  }

  /** The challenger that is meant. @throws InvalidOptionError, UnknownVariantError */
  challenger(variant: string | undefined): string {
    const challengers = this.#variants.names.slice(1);
    if (variant === undefined && challengers.length === 1) return challengers[0]!;
    if (variant === undefined) throw new InvalidOptionError('variant', variant, `one of ${challengers.join(', ')}`);
    if (!challengers.includes(variant)) throw new UnknownVariantError('variant', variant, challengers);
    return variant;
  }

  /** What the rule says. */
  decide(): Decision {
    const { metrics, alpha, minSamples, minDurationMs, decision, shareLimits } = this.#settings;
    const { ledger, balance } = this.#observed;
    const view: DecisionView = {
      metrics,
      alpha,
      minSamples,
      minDurationMs,
      challengers: this.#variants.names.slice(1),
      killed: this.#killed(),
      elapsedMs: this.#elapsedMs(),
      requests: this.requests,
      ended: this.#ended(),
      sampleRatio: checkSampleRatio(ledger.epochs, shareLimits),
      labels: checkLabels(ledger.epochs, shareLimits),
      balance: balance.check(ledger.epochs, shareLimits),
      statisticalTest: (metric, options = {}) => this.compare(metric, options),
    };
    const killed = new Set(view.killed.map(({ variant }) => variant));
    const reasons = view.killed.map(killReason);
    const none = { variant: undefined, remaining: undefined, rule: decision.name };
    if (view.challengers.every((name) => killed.has(name))) return { ...none, decision: 'REJECT', reasons };
    const said = checkDecision(decision.decide(view));
    if (said.decision !== 'PROMOTE' || !killed.has(said.variant ?? '')) return said;
    return { ...none, decision: 'CONTINUE', reasons, remaining: { requests: undefined, days: undefined } };
  }

  /** Whether so many requests were served, and all truths of them that will come have come and are analysed. */
  #complete(requests: number): boolean {
    const { waiting, recorded, expired, dropped } = this.#truths();
    // A truth that is held back is data that will come: the one look must not be taken without it.
    const held = this.#held().requests;
    const settled = recorded + expired + dropped - held;
    return settled >= requests || (this.requests >= requests && waiting + held === 0);
  }

  /** Whether the longest duration is over. */
  get #pastDuration(): boolean {
    const { maxDurationMs } = this.#settings;
    return maxDurationMs !== undefined && this.#elapsedMs() >= maxDurationMs;
  }

  /** Whether a test that is planned for so many observations gets no more of them. */
  #over(observations: number): boolean {
    const { paired } = this.#settings;
    if (this.#pastDuration) return true;
    // A request of a paired test is an observation of both.
    return this.#complete(paired === undefined ? observations : observations / 2);
  }

  /** Whether the planned end has come: what is not proven by then will not be. */
  #ended(): boolean {
    const { inference, horizon, metrics } = this.#settings;
    if (this.#pastDuration) return true;
    const end = typeof inference === 'object' ? inference.groupSequential.looks.at(-1)! : horizon;
    if (end === undefined || (typeof inference !== 'object' && inference !== 'fixed')) return false;
    const { ledger } = this.#observed;
    const goals = metrics.flatMap(({ role }, m) => (role === 'goal' ? [m] : []));
    const challengers = this.#variants.names.flatMap((_, v) => (v > 0 ? [v] : []));
    const all = goals.every((m) =>
      challengers.every((v) => {
        return observations(ledger.strata(m, 0, v), ledger.pairsOf(m, 0, v)) >= end;
      }),
    );
    return all || (inference === 'fixed' ? this.#complete(end) : this.#over(end));
  }

  /** Requests that were assigned a variant. */
  get requests(): number {
    return this.#observed.ledger.epochs.reduce((sum, { counts }) => sum + counts.reduce((a, b) => a + b, 0), 0);
  }

  /** The results of planned looks. */
  toJSON(): Json {
    return [...this.#taken].map(([key, look]) => [key, encodeJson(look)]);
  }

  /** Takes over what `toJSON` returned. */
  load(json: Json): void {
    const saved = json as unknown as readonly (readonly [string, Json])[];
    this.#taken = new Map(saved.map(([key, look]) => [key, decodeJson(look) as PlannedLook]));
  }
}

/** Observations of champion and challenger together; a pair is two. */
function observations(strata: readonly MetricStratum[], pairs: MetricPairs | undefined): number {
  if (pairs !== undefined) return 2 * pairs.pairs.n;
  return strata.reduce((sum, { reference, candidate }) => sum + reference.n + candidate.n, 0);
}
