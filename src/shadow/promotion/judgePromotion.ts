import type { Json } from '../../core/json.ts';
import { formatNumber } from '../../core/text/formatNumber.ts';
import { formatPercent } from '../../core/text/formatPercent.ts';
import { dropRate } from '../comparison/dropRates.ts';
import { checkCount } from '../evidence/drops.ts';
import type { NoiseEvidence } from '../evidence/NoiseEvidence.ts';
import type { ShadowEvidence } from '../evidence/ShadowEvidence.ts';
import { anytimeGates } from './anytimeGates.ts';
import { exactGate, type GateLevels } from './limitGates.ts';
import type { Promotion, PromotionDecision, PromotionGate, PromotionLook } from './Promotion.ts';
import type { ResolvedCriteria } from './PromotionCriteria.ts';
import { spendingCriteria, spendingGates } from './spendingGates.ts';

/** What a judge must know besides the evidence. */
export interface JudgingState {
  readonly now: number;
  /** When shadowing ended; while it goes on: now. */
  readonly until: number;
  /** Whether shadowing has ended by itself: what it would have collected will not come any more. */
  readonly expired: boolean;
  /** Whether truths are still waited for. */
  readonly truthsWaiting: boolean;
  /** Records that sinks, or the redaction, have lost. */
  readonly lostRecords: number;
}

/** So many looks are remembered; all are counted. */
const MOST_LOOKS = 400;

/** The looks at one shadow, and the gates that were last judged by a look that counts. */
export class LookLedger {
  #count = 0;
  #looks: PromotionLook[] = [];
  #spent = 0;
  /** What the gates of the last look that counted were asked. */
  #asked = '';
  #spentAt: number | null = null;
  #frozen: readonly PromotionGate[] = [];

  /** Looks so far. */
  get count(): number {
    return this.#count;
  }
  /** The last looks, oldest first. */
  get list(): readonly PromotionLook[] {
    return this.#looks;
  }

  /** Judges a shadow, and counts the look. */
  judge(
    shadow: string,
    criteria: ResolvedCriteria,
    evidence: ShadowEvidence,
    noise: NoiseEvidence,
    state: JudgingState,
  ): Promotion {
    const failing = countLimits(criteria);
    const levels = { alpha: criteria.alpha, failAlpha: criteria.alpha / Math.max(1, failing) };
    const gates = [
      ...exactGates(criteria, evidence, state),
      ...anytimeGates(criteria, evidence, noise, levels),
      ...this.#spend(criteria, evidence, levels, state.now),
    ];
    const decision = decide(gates, state);
    this.#count += 1;
    const { compared } = evidence.tally.summary();
    const look = { look: this.#count, at: state.now, decision, compared, labelled: evidence.labelled };
    this.#looks = [...this.#looks.slice(1 - MOST_LOOKS), look];
    const reasons = gates.filter(({ verdict }) => verdict !== 'pass').map(({ message }) => message);
    return Object.freeze({ shadow, decision, gates, reasons, at: state.now, look: this.#count });
  }

  toJSON(): Json {
    return {
      count: this.#count,
      looks: this.#looks,
      spent: this.#spent,
      spentAt: this.#spentAt,
      asked: this.#asked,
      frozen: this.#frozen.map((gate) => ({ ...gate, observed: gate.observed ?? null, bound: gate.bound ?? null })),
    } as unknown as Json;
  }

  /** @throws SnapshotError where counts are none */
  load(json: Json): void {
    const state = json as unknown as {
      count: number;
      looks: PromotionLook[];
      spent: number;
      spentAt: number | null;
      /** Absent before it was kept. */
      asked?: string;
      frozen: (Omit<PromotionGate, 'observed' | 'bound'> & { observed: number | null; bound: number | null })[];
    };
    this.#count = checkCount('looks', state.count);
    this.#looks = state.looks.slice(-MOST_LOOKS);
    // A bent one would give the next look more of alpha than there is.
    this.#spent = checkCount('looks that count', state.spent);
    this.#spentAt = state.spentAt;
    this.#asked = state.asked ?? '';
    this.#frozen = state.frozen.map((gate) => ({
      ...gate,
      observed: gate.observed ?? undefined,
      bound: gate.bound ?? undefined,
    }));
  }

  /**
   * Gates without a sequence of their own: look k has alpha / (k (k + 1)), which adds up to alpha however many there
   * are. Between two looks that count, the gates stand as they were.
   */
  #spend(
    criteria: ResolvedCriteria,
    evidence: ShadowEvidence,
    levels: GateLevels,
    now: number,
  ): readonly PromotionGate[] {
    // After a restart the criteria may be others: gates that answer those of before must not stand for them.
    const asked = spendingCriteria(criteria);
    const fresh = this.#spentAt !== null && now - this.#spentAt < criteria.lookEveryMs;
    if (fresh && asked === this.#asked) return this.#frozen;
    const part = 1 / ((this.#spent + 1) * (this.#spent + 2));
    const gates = spendingGates(criteria, evidence, {
      alpha: levels.alpha * part,
      failAlpha: levels.failAlpha * part,
    });
    if (gates.every(({ observed }) => observed === undefined)) return gates;
    this.#spent += 1;
    this.#spentAt = now;
    this.#asked = asked;
    this.#frozen = gates;
    return gates;
  }
}

function exactGates(
  { minSamples, minDurationMs, minLabelled, maxDropRate, maxLostRecords }: ResolvedCriteria,
  evidence: ShadowEvidence,
  { until, lostRecords }: JudgingState,
): readonly PromotionGate[] {
  const { compared } = evidence.tally.summary();
  // From the first request that was compared: a runner that stood idle has seen no week.
  const elapsed = Math.max(0, until - (evidence.times.first ?? until));
  const dropped = dropRate(evidence);
  const days = (ms: number): string => `${formatNumber(ms / 86_400_000, { significant: 3 })} days`;
  const most = (share: number): string => formatPercent(share, { decimals: 2 });
  return [
    exactGate('samples', compared, `at least ${formatNumber(minSamples)}`, compared >= minSamples),
    exactGate('duration', elapsed, `at least ${days(minDurationMs)}`, elapsed >= minDurationMs, days),
    ...(minLabelled > 0
      ? [
          exactGate(
            'labelled',
            evidence.labelled,
            `at least ${formatNumber(minLabelled)}`,
            evidence.labelled >= minLabelled,
          ),
        ]
      : []),
    exactGate('dropRate', dropped, `at most ${most(maxDropRate)}`, (dropped ?? 0) <= maxDropRate, most),
    exactGate('lostRecords', lostRecords, `at most ${formatNumber(maxLostRecords)}`, lostRecords <= maxLostRecords),
  ];
}

function decide(gates: readonly PromotionGate[], { expired, truthsWaiting }: JudgingState): PromotionDecision {
  if (gates.some(({ verdict }) => verdict === 'fail')) return 'reject';
  if (gates.every(({ verdict }) => verdict === 'pass')) return 'promote';
  return expired && !truthsWaiting ? 'expired' : 'hold';
}

/** Criteria that data can speak against: they share the error probability of a rejection. */
function countLimits(criteria: ResolvedCriteria): number {
  const { metrics = {}, nonInferiority = {}, superiority = {}, subgroups = [] } = criteria;
  const single = Object.values(criteria).filter(
    (value) => typeof value === 'object' && value !== null && ('above' in value || 'below' in value),
  ).length;
  const several = [metrics, nonInferiority, superiority].reduce((sum, group) => sum + Object.keys(group).length, 0);
  return single + several + subgroups.length;
}
