import { type AccuracySection, upwards } from './AccuracySection.ts';
import { measureTests } from './measureTests.ts';

/** Tests and summaries against the golden files. */
export const section: AccuracySection = {
  title: 'Tests and summaries',
  order: 20,
  text: `
The worst relative error over the golden files of test/golden, rounded up to one digit: samples with a mean of 1e9 and a
deviation of 1e-3, values of 1e120 and 1e-18, counts of 1e9, far tails. The doubles that go in are taken as exact. Where
a reference of 1 appears among one-sided p-values, the error of the other tail is the one to look at; both are measured.
`,
  header: ['function and quantity', 'smallest result', 'values', 'worst relative error', 'reference'],
  rows: () =>
    measureTests().map(({ name, smallest, cases, worst, reference }) => [
      `\`${name}\``,
      Number.isFinite(smallest) ? smallest.toExponential(0) : '0',
      String(cases),
      upwards(worst),
      reference,
    ]),
};
