import { type AccuracySection, upwards } from './AccuracySection.ts';
import { type Measured, measureValues } from './measureValues.ts';

function short(value: number): string {
  return Math.abs(value) >= 1e7 || (value !== 0 && Math.abs(value) < 1e-4)
    ? value.toExponential(0)
    : String(Number(value.toPrecision(4)));
}

function domain({ parameters, smallest, largest }: Measured): string {
  const spans = parameters.map(({ name, least, most }) => `${name} ${short(least)} … ${short(most)}`);
  return [...spans, `results ${short(smallest)} … ${short(largest)}`].join('; ');
}

/** Special functions and distributions against test/golden/distributions-wide.json. */
export const section: AccuracySection = {
  title: 'Special functions and distributions',
  order: 10,
  text: `
The worst relative error of every function over test/golden/distributions-wide.json, rounded up to one digit. The
reference is mpmath at 50 digits or more (scripts/golden/distributions.py); the doubles that go in are taken as exact.
Parameters reach from 1e-3 to 1e6 and are mostly not whole, probabilities from 1 down to 1e-300 in both tails. Every
value is within 1e-12. Results are given by their size.
`,
  header: ['function', 'domain measured', 'cases', 'worst relative error', 'reference'],
  rows: () =>
    measureValues().map((m) => [`\`${m.name}\``, domain(m), String(m.cases), upwards(m.worst), 'mpmath, 50 digits']),
};
