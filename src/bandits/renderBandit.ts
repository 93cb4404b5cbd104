import { formatInterval } from '../core/text/formatInterval.ts';
import { formatNumber } from '../core/text/formatNumber.ts';
import { formatPercent } from '../core/text/formatPercent.ts';
import type { TableColumn } from '../core/text/TableColumn.ts';
import { textTable } from '../core/text/textTable.ts';
import { wrapText } from '../core/text/wrapText.ts';
import type { ArmReport, BanditSummary } from './BanditReport.ts';
import type { HoldoutReport } from './Holdout.ts';

/** A summary as plain text, 80 columns wide. */
export function banditToText(summary: BanditSummary): string {
  const { name, policy, mode, bestArm, arms, counts, warnings } = summary;
  const lines = [
    `requests ${formatNumber(counts.served)}, rewards ${formatNumber(counts.rewards)}, refused ${formatNumber(counts.refused)}`,
    regretLine(summary),
    ...(summary.holdout === undefined ? [] : holdoutLines(summary.holdout)),
    ...warnings.map((warning) => `! ${warning}`),
  ];
  const head = `Bandit ${name} (${policy}, ${mode}): best arm ${bestArm}`;
  return [head, '', textTable(arms, columns(summary)), '', ...lines.flatMap((line) => wrapText(line, 80))].join('\n');
}

function columns({ probabilityBest }: BanditSummary): readonly TableColumn<ArmReport>[] {
  return [
    { header: 'arm', value: ({ arm }) => arm },
    { header: 'pulls', value: ({ pulls }) => pulls },
    { header: 'share', value: ({ selectionRate }) => formatPercent(selectionRate), align: 'right' },
    { header: 'mean', value: ({ meanReward }) => formatNumber(meanReward, { significant: 3 }), align: 'right' },
    { header: '95 %', value: ({ interval }) => formatInterval(interval), align: 'right' },
    ...(probabilityBest === undefined
      ? []
      : [
          {
            header: 'P(best)',
            value: ({ arm }: ArmReport) => formatPercent(probabilityBest[arm]!),
            align: 'right' as const,
          },
        ]),
    { header: 'errors', value: ({ errorRate }) => formatPercent(errorRate), align: 'right' },
  ];
}

function regretLine({ regret }: BanditSummary): string {
  if (regret.status !== 'ok') return `estimated regret: not known yet (${regret.reason})`;
  const { regret: lost, interval, perPull } = regret;
  const each = formatNumber(perPull, { significant: 2 });
  return `estimated regret ${formatNumber(lost, { significant: 3 })} in all ${formatInterval(interval, { level: regret.level })}, ${each} a pull`;
}

function holdoutLines({ share, by, bandit, control, lift, difference }: HoldoutReport): readonly string[] {
  const shown = (mean: number): string => formatNumber(mean, { significant: 3 });
  const held = `held out ${formatPercent(share)} for ${by === 'random' ? 'a random arm' : 'the baseline'}`;
  const sides = `bandit ${shown(bandit.mean)} (${formatNumber(bandit.n)}), control ${shown(control.mean)} (${formatNumber(control.n)}), lift ${formatPercent(lift, { sign: true })}`;
  const verdict =
    difference.status === 'ok'
      ? `difference ${shown(difference.estimate)} ${formatInterval(difference.interval, { level: difference.level })}, at every look`
      : `difference not known yet (${difference.reason})`;
  return [`${held}: ${sides}`, verdict];
}
