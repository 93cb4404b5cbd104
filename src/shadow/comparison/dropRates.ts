import { formatNumber } from '../../core/text/formatNumber.ts';
import { formatPercent } from '../../core/text/formatPercent.ts';
import { differenceOfIntervals } from '../../stats/intervals/combinedIntervals.ts';
import { betaMixtureEProcess } from '../../stats/sequential/betaMixtureEProcess.ts';
import type { IntervalResult } from '../../stats/types.ts';
import { type Losses, lossesOf } from '../evidence/drops.ts';
import type { ShadowEvidence } from '../evidence/ShadowEvidence.ts';
import type { SubgroupEvidence } from '../evidence/SubgroupEvidence.ts';
import type { HourlyDropRate } from './ShadowComparison.ts';

/** Fewer requests say too little of a rate, and what is dropped more rarely bends no figure. */
const [FEWEST, LEAST_RATE] = [50, 0.01];
/** What is dropped so many times as often as the rest is half missing in every figure. */
const MUCH_MORE = 2;

/** The share that was lost; undefined where nothing was due. */
export function rateOf({ lost, due }: Losses): number | undefined {
  return due <= 0 ? undefined : lost / due;
}

/** Share of the requests that the shadow was to see which load, age or a failed copy took away. */
export function dropRate({ tally }: ShadowEvidence): number | undefined {
  return rateOf(lossesOf(tally.counts.offered, tally.dropped));
}

/** The share of drops by the hour of the day, where requests were offered. */
export function hourlyDropRates({ tally: { hours } }: ShadowEvidence): readonly HourlyDropRate[] {
  return hours.offered.flatMap((offered, hour) => {
    const dropped = hours.dropped[hour]!;
    return offered === 0 ? [] : [{ hour, offered, dropped, dropRate: dropped / offered }];
  });
}

/** Drops are not random: where they take much more of one hour, or of one group, than of others, every figure is bent. */
export function dropWarnings(evidence: ShadowEvidence): readonly string[] {
  return [...hourWarnings(evidence), ...groupWarnings(evidence.subgroups)];
}

function hourWarnings(evidence: ShadowEvidence): readonly string[] {
  const hours = hourlyDropRates(evidence);
  const sum = (kind: 'offered' | 'dropped'): number => hours.reduce((total, hour) => total + hour[kind], 0);
  const overall = hours.length === 0 ? 0 : sum('dropped') / sum('offered');
  const [worst] = hours.filter(({ offered }) => offered >= FEWEST).sort((a, b) => b.dropRate - a.dropRate);
  if (worst === undefined || worst.dropRate < LEAST_RATE || worst.dropRate <= MUCH_MORE * overall) return [];
  const hour = `${String(worst.hour).padStart(2, '0')}:00`;
  return [
    `drops follow the load: ${percent(worst.dropRate)} in the hour from ${hour} UTC, ${percent(overall)} overall; figures say too little of that hour`,
  ];
}

/**
 * The group of every attribute that is surely dropped much more often than the rest. Looked at all the time, and for all
 * groups together: by sequences, at 0.05 divided by their number. Drops come in bursts, so that it errs towards a warning.
 */
function groupWarnings({ attributes }: SubgroupEvidence): readonly string[] {
  const many = [...attributes.values()].reduce((sum, { size }) => sum + size, 0);
  return [...attributes].flatMap(([attribute, groups]) => {
    const all = [...groups.values()].reduce((sum, { losses }) => plus(sum, losses, 1), { lost: 0, due: 0 });
    const [worst] = [...groups]
      .map(([group, { losses }]) => ({ group, losses, rest: plus(all, losses, -1), rate: rateOf(losses) ?? 0 }))
      .filter(({ losses, rest }) => muchMore(losses, rest, 0.05 / many))
      .sort((a, b) => b.rate - a.rate);
    if (worst === undefined) return [];
    const { group, losses, rest, rate } = worst;
    return [
      `drops are uneven: ${percent(rate)} of ${formatNumber(losses.due)} requests of ${attribute} ${group}, ${percent(rateOf(rest)!)} of the others; figures of all requests say too little of that group`,
    ];
  });
}

function muchMore(losses: Losses, rest: Losses, alpha: number): boolean {
  const [rate, other] = [rateOf(losses), rateOf(rest)];
  if (rate === undefined || other === undefined || losses.due < FEWEST || rest.due < FEWEST) return false;
  if (rate < LEAST_RATE || rate <= MUCH_MORE * other) return false;
  const gap = differenceOfIntervals(sequence(losses, alpha / 2), sequence(rest, alpha / 2));
  return gap.status === 'ok' && gap.interval[0] > 0;
}

function sequence({ lost, due }: Losses, alpha: number): IntervalResult {
  return betaMixtureEProcess({ successes: lost, trials: due }, { alpha, alternative: 'two-sided' });
}

function plus(a: Losses, b: Losses, sign: 1 | -1): Losses {
  return { lost: a.lost + sign * b.lost, due: a.due + sign * b.due };
}

function percent(share: number): string {
  return formatPercent(share, { decimals: 1 });
}
