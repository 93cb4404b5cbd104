import { formatNumber } from '../../core/text/formatNumber.ts';
import { markdownTable } from '../../core/text/markdownTable.ts';
import type { TableColumn } from '../../core/text/TableColumn.ts';
import type { ClassesComparison, ClassesReport, ShadowComparison } from '../comparison/ShadowComparison.ts';
import { count, interval, pairs, percent, RESULTS, type SidesLine, sides, tested } from './reportText.ts';

/** A matrix of more classes than this is no table that anybody reads: its data are in the report. */
const MOST_CLASSES = 12;

const number = (value: number | undefined): string =>
  value === undefined ? 'n/a' : formatNumber(value, { significant: 3 });
const share = (value: number | undefined): string => (value === undefined ? 'n/a' : percent(value));

/** Both models as classifiers into several classes. */
export function classesPart({ classes }: ShadowComparison): readonly string[] {
  if (classes === undefined) return [];
  const { primary, shadow, improvement, n } = classes;
  const both = (what: string, read: (of: ClassesReport) => string): SidesLine => ({
    what,
    primary: read(primary),
    shadow: read(shadow),
  });
  const lines = [
    both('accuracy', (of) => interval(of.accuracy, percent)),
    both('balanced accuracy', (of) => share(of.balancedAccuracy)),
    both('macro precision / recall / F1', ({ macro }) =>
      [macro.precision, macro.recall, macro.f1].map(share).join(' / '),
    ),
    both("Cohen's kappa", (of) => number(of.cohenKappa)),
    both("Matthews' correlation", (of) => number(of.matthewsCorrelation)),
    both('answers that are no class', (of) => count(of.foreign)),
  ];
  const tests = [['accuracy, exact at every look', tested(improvement)]] as const;
  return [
    `### Classes of ${count(n)} labelled requests (95% intervals, one look)\n\n${sides(lines)}`,
    `#### Shadow minus primary, request by request\n\n${pairs(tests, RESULTS)}`,
    `#### Class by class\n\n${perClass(classes)}`,
    ...matrices(classes),
  ];
}

function perClass({ primary, shadow }: ClassesComparison): string {
  const rows = primary.perClass.map((of, i) => ({ of, beside: shadow.perClass[i]! }));
  const scores = ({ precision, recall, f1 }: ClassesReport['perClass'][0]): string =>
    [precision, recall, f1].map(share).join(' / ');
  return markdownTable(rows, [
    { header: 'class', value: ({ of }) => String(of.label) },
    { header: 'occurred', value: ({ of }) => of.support },
    { header: 'primary: precision / recall / F1', value: ({ of }) => scores(of), align: 'right' },
    { header: 'shadow: precision / recall / F1', value: ({ beside }) => scores(beside), align: 'right' },
  ]);
}

function matrices({ labels, primary, shadow }: ClassesComparison): readonly string[] {
  if (labels.length > MOST_CLASSES) return [];
  return (
    [
      ['primary', primary],
      ['shadow', shadow],
    ] as const
  ).map(([side, { counts }]) => {
    const rows = labels.map((label, i) => ({ label, row: counts[i]! }));
    const columns: readonly TableColumn<(typeof rows)[0]>[] = [
      { header: 'actual \\ predicted', value: ({ label }) => String(label) },
      ...labels.map((label, j) => ({ header: String(label), value: ({ row }: (typeof rows)[0]) => row[j]! })),
    ];
    return `#### What the ${side} called them\n\n${markdownTable(rows, columns)}`;
  });
}
