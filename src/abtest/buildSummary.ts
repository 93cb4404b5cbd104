import { formatNumber } from '../core/text/formatNumber.ts';
import { formatPercent } from '../core/text/formatPercent.ts';
import { totalOf } from '../metrics/inference/contrast.ts';
import type { MetricComparison } from '../metrics/inference/index.ts';
import type { TruthCounts } from '../metrics/TruthCounts.ts';
import { holm } from '../stats/multiplicity/holm.ts';
import { eBenjaminiHochberg } from '../stats/sequential/eBenjaminiHochberg.ts';
import type { ABTestSettings } from './ABTestOptions.ts';
import type { ABTestSummary, SummaryComparison, VariantMetric, VariantSummary } from './ABTestSummary.ts';
import type { CapReport } from './CapPilots.ts';
import { calibrationReports } from './calibrationReports.ts';
import type { Decision } from './decision/Decision.ts';
import type { EpochLedger } from './EpochLedger.ts';
import type { KillReport } from './KillSwitch.ts';
import type { HeldTruths } from './MaturedPrefix.ts';
import { checkLabels, checkSampleRatio, type SampleRatioCheck } from './SampleRatioCheck.ts';
import type { Statistics } from './Statistics.ts';
import type { Variants } from './variants.ts';

/** All that a summary is made of. */
export interface SummaryParts {
  readonly name: string;
  readonly truths: TruthCounts;
  readonly startedAt: number;
  readonly now: number;
  readonly settings: ABTestSettings;
  readonly variants: Variants;
  readonly shares: readonly number[];
  readonly observed: Statistics;
  readonly held: HeldTruths;
  readonly compare: (metric: string, variant: string) => MetricComparison;
  readonly killed: readonly KillReport[];
  readonly decision: Decision;
}

/** Writes down what a test knows. */
export function buildSummary(parts: SummaryParts): ABTestSummary {
  const { name, truths, startedAt, now, settings, observed, decision } = parts;
  const { ledger } = observed;
  const sampleRatio = checkSampleRatio(ledger.epochs, settings.shareLimits);
  return {
    name,
    startedAt,
    elapsedMs: now - startedAt,
    epoch: ledger.current.epoch,
    requests: parts.variants.names.reduce((sum, _, v) => sum + assignedTo(ledger, v), 0),
    excluded: { ...observed.excluded },
    variants: parts.variants.names.map((_, v) => variantSummary(parts, v)),
    comparisons: comparisons(parts),
    sampleRatio,
    labels: checkLabels(ledger.epochs, settings.shareLimits),
    balance: observed.balance.check(ledger.epochs, settings.shareLimits),
    calibrations: calibrationReports(settings, parts.variants.names, ledger),
    caps: observed.caps.report,
    disagreements: observed.disagreements,
    truths,
    held: parts.held,
    warnings: [
      ...ratioWarnings(sampleRatio),
      ...feedbackWarnings(parts),
      ...capWarnings(observed.caps.report),
      ...heldWarnings(parts.held),
    ],
    killed: parts.killed,
    decision,
  };
}

/** Too small to make the test invalid, and yet there is a reason for it that somebody may want to know. */
function ratioWarnings({ healthy, mismatch, tolerance, observed, expected }: SampleRatioCheck): readonly string[] {
  if (!mismatch || !healthy) return [];
  const list = (counts: readonly number[]): string =>
    counts.map((count) => formatNumber(Math.round(count))).join(' / ');
  const most = formatPercent(tolerance);
  return [
    `sample ratio mismatch, not proven to be more than ${most} of a variant's units: assigned ${list(observed)}, expected ${list(expected)}`,
  ];
}

/** A model that learns during the test is not the model that would be in charge after it. */
function feedbackWarnings({ variants, shares }: SummaryParts): readonly string[] {
  return variants.names.flatMap((name, v) => {
    const from = variants.learnsFrom[v];
    if (from === 'own') {
      const share = formatPercent(shares[v]!);
      return [`feedback loop: ${name} learns from its own ${share} of the requests; in charge it would learn from all`];
    }
    if (from !== 'all') return [];
    return [`feedback loop: ${name} learns from what other variants answered: they are not compared independently`];
  });
}

function capWarnings(caps: readonly CapReport[]): readonly string[] {
  return caps.flatMap(({ metric, cap, seen, pilot, mixed }) => [
    ...(cap === undefined
      ? [`the cap of ${metric} is not fixed yet: ${seen} of ${pilot} values, none of them analysed`]
      : []),
    ...(mixed
      ? [`the cap of ${metric} was fixed by replicas apart: values before they met were cut at different caps`]
      : []),
  ]);
}

/** What comes through other replicas waits longest, and nobody would see for what. */
function heldWarnings({ foreign, foreignUntil }: HeldTruths): readonly string[] {
  if (foreignUntil === undefined) return [];
  const until = Number.isFinite(new Date(foreignUntil).getTime())
    ? `, until ${new Date(foreignUntil).toISOString()}`
    : '';
  return [
    `${formatNumber(foreign)} truths are of requests that other replicas served: each is analysed once its window (truth.windowMs) is over${until}`,
  ];
}

function assignedTo({ epochs }: EpochLedger, v: number): number {
  return epochs.reduce((sum, { counts }) => sum + counts[v]!, 0);
}

function variantSummary(parts: SummaryParts, v: number): VariantSummary {
  const { variants, shares, settings } = parts;
  const { ledger, services } = parts.observed;
  const metrics = settings.metrics.map(({ name, role }, m): VariantMetric => {
    const { n, invalid, value } = totalOf(ledger.ofVariant(m, v));
    return { metric: name, role, n, invalid, value };
  });
  const variant = variants.names[v]!;
  return {
    variant,
    version: ledger.versions[v]!,
    share: shares[v]!,
    assigned: assignedTo(ledger, v),
    ...services[v]!.report(),
    metrics,
  };
}

/** Every metric of every challenger; p-values adjusted among those of one role. */
function comparisons({ settings, variants, compare }: SummaryParts): readonly SummaryComparison[] {
  const all = variants.names
    .slice(1)
    .flatMap((variant) =>
      settings.metrics.map(({ name, role }) => ({ result: compare(name, variant), variant, role })),
    );
  return all.map((one) => {
    const family = all.filter(({ role, result }) => role === one.role && result.status === 'ok');
    const place = family.indexOf(one);
    const adjustedPValue = place < 0 ? undefined : adjust(family.map(({ result }) => result))[place];
    return { ...one.result, variant: one.variant, role: one.role, adjustedPValue };
  });
}

/** e-BH where every result has an e-value, Holm otherwise. */
function adjust(results: readonly MetricComparison[]): readonly number[] {
  const sure = results.filter((result) => result.status === 'ok');
  const logs = sure.map(({ logEValue }) => logEValue);
  if (logs.every((log) => log !== undefined)) return eBenjaminiHochberg(logs).adjusted;
  return holm(sure.map(({ pValue }) => pValue)).adjusted;
}
