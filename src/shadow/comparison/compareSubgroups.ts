import { wilsonInterval } from '../../stats/intervals/wilsonInterval.ts';
import { holm } from '../../stats/multiplicity/holm.ts';
import type { ConfusionCounts } from '../../stats/quality/ConfusionCounts.ts';
import { Moments } from '../../stats/summaries/Moments.ts';
import { proportionZTest } from '../../stats/tests/proportionZTest.ts';
import { welchTest } from '../../stats/tests/welchTest.ts';
import type { Proportion, TestResult } from '../../stats/types.ts';
import type { GroupEvidence, SubgroupEvidence } from '../evidence/SubgroupEvidence.ts';
import { rateOf } from './dropRates.ts';
import type { SubgroupComparison, SubgroupGap } from './ShadowComparison.ts';

/** A rate in which groups may differ; `selectionRate` is the share that is called positive. */
export type GroupRate = 'accuracy' | 'recall' | 'precision' | 'specificity' | 'falsePositiveRate' | 'selectionRate';

/** The rates of a confusion table in which groups may differ. */
export const GROUP_RATES: readonly GroupRate[] = [
  'accuracy',
  'recall',
  'precision',
  'specificity',
  'falsePositiveRate',
  'selectionRate',
];

/** A rate of a confusion table as a proportion. */
export function groupRate(rate: GroupRate, table: ConfusionCounts): Proportion {
  const { truePositives: tp, falsePositives: fp, trueNegatives: tn, falseNegatives: fn } = table;
  switch (rate) {
    case 'accuracy':
      return { successes: tp + tn, trials: tp + tn + fp + fn };
    case 'recall':
      return { successes: tp, trials: tp + fn };
    case 'precision':
      return { successes: tp, trials: tp + fp };
    case 'specificity':
      return { successes: tn, trials: tn + fp };
    case 'falsePositiveRate':
      return { successes: fp, trials: tn + fp };
    case 'selectionRate':
      return { successes: tp + fp, trials: tp + tn + fp + fn };
  }
}

type Task = (level: number) => TestResult;
type Open = Omit<SubgroupGap, 'gap' | 'adjustedPValue'> & { readonly test: Task };
type Row = Omit<SubgroupComparison, 'gaps'> & { readonly gaps: readonly Open[] };

/** Every group beside the rest of its attribute, in the order of names; intervals and p-values are corrected for all gaps together. */
export function compareSubgroups(
  evidence: SubgroupEvidence,
  kinds: { readonly classification: boolean; readonly regression: boolean },
): readonly SubgroupComparison[] {
  // By name: a replay, or a merge, sees them in another order.
  const rows = [...evidence.attributes].flatMap(([attribute, groups]) =>
    byName(groups).map(([name, group]) => {
      const rest = [...groups.values()].filter((other) => other !== group);
      return rowOf(attribute, name, group, rest, kinds);
    }),
  );
  const many = Math.max(
    1,
    rows.reduce((sum, { gaps }) => sum + gaps.length, 0),
  );
  const tested = rows.map((row) => row.gaps.map(({ test }) => test(1 - 0.05 / many)));
  const pValues = tested.flat().flatMap((gap) => (gap.status === 'ok' ? [gap.pValue] : []));
  const adjusted = pValues.length === 0 ? [] : [...holm(pValues).adjusted];
  return rows.map((row, i) => ({
    ...row,
    gaps: row.gaps.map(({ test: _, ...open }, j): SubgroupGap => {
      const gap = tested[i]![j]!;
      return { ...open, gap, adjustedPValue: gap.status === 'ok' ? adjusted.shift() : undefined };
    }),
  }));
}

function byName<T>(map: ReadonlyMap<string, T>): readonly (readonly [string, T])[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

function rowOf(
  attribute: string,
  name: string,
  group: GroupEvidence,
  rest: readonly GroupEvidence[],
  kinds: { readonly classification: boolean; readonly regression: boolean },
): Row {
  const { offered, compared, incomparable, dropped, losses, labelled } = group;
  const agreement = wilsonInterval({ successes: group.agreed, trials: compared });
  // A group that was never to be seen has no gap, and takes nothing from the others' levels.
  const alone = rest.length === 0 || losses.due === 0;
  const rates = kinds.classification && !alone ? GROUP_RATES.map((rate) => rateGap(rate, group, rest)) : [];
  const errors = kinds.regression && !alone ? [errorGap(group, rest)] : [];
  const counts = { offered, compared, incomparable, dropped: { ...dropped }, dropRate: rateOf(losses), labelled };
  return { attribute, group: name, ...counts, agreement, gaps: [...rates, ...errors] };
}

function rateGap(rate: GroupRate, group: GroupEvidence, rest: readonly GroupEvidence[]): Open {
  const [own, before] = [groupRate(rate, group.candidate), groupRate(rate, group.primary)];
  const others = rest.map(({ candidate }) => groupRate(rate, candidate));
  const pooled = {
    successes: others.reduce((sum, { successes }) => sum + successes, 0),
    trials: others.reduce((sum, { trials }) => sum + trials, 0),
  };
  return {
    metric: rate,
    primary: before.trials === 0 ? undefined : before.successes / before.trials,
    shadow: own.trials === 0 ? undefined : own.successes / own.trials,
    test: (level) => proportionZTest(own, pooled, { level }),
  };
}

function errorGap(group: GroupEvidence, rest: readonly GroupEvidence[]): Open {
  const pooled = rest.reduce((sum, { candidateError }) => sum.merge(candidateError), new Moments());
  return {
    metric: 'meanAbsoluteError',
    primary: group.primaryError.n === 0 ? undefined : group.primaryError.mean,
    shadow: group.candidateError.n === 0 ? undefined : group.candidateError.mean,
    test: (level) => welchTest(group.candidateError, pooled, { level }),
  };
}
