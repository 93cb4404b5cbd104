import { type AccuracySection, upwards } from './AccuracySection.ts';
import { measureSequentialGolden } from './measureSequentialGolden.ts';

/** Sequential methods against the golden files. */
export const section: AccuracySection = {
  title: 'Sequential methods against references',
  order: 30,
  text: `
The worst relative error over test/golden/sequential.json and test/golden/canary-judge.json, rounded up to one digit.
Log e-values near 0 are differences of numbers of a hundred: that is where their relative error is largest. The
references of the group-sequential boundaries are good to about 1e-10 themselves.
`,
  header: ['function and quantity', 'smallest result', 'values', 'worst relative error', 'reference'],
  rows: () =>
    measureSequentialGolden().map(({ name, smallest, cases, worst, reference }) => [
      `\`${name}\``,
      smallest.toExponential(0),
      String(cases),
      upwards(worst),
      reference,
    ]),
};
