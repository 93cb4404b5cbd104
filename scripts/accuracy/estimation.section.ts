import { type AccuracySection, upwards } from './AccuracySection.ts';
import { measureEstimation } from './measureEstimation.ts';

/** Nothing better is promised: the last digit of an exponential may differ from one engine to the next. */
const LEAST = 2e-15;

/** Estimation, planning and model quality against their golden files. */
export const section: AccuracySection = {
  title: 'Estimation, planning and model quality',
  order: 25,
  text: `
The worst relative error of every function over its file in test/golden, rounded up to one digit; absolute where the
reference is 0; nothing below ${LEAST} is promised. Each file names its references (mpmath, SciPy, statsmodels, scikit-learn, R) and the definitions that
it goes by. Cases that carry a tolerance of their own, because their input has lost digits already, are checked by the
tests and left out here.
`,
  header: ['function', 'golden file', 'numbers', 'worst relative error'],
  rows: () =>
    measureEstimation().map((m) => [`\`${m.name}\``, m.file, String(m.values), upwards(Math.max(m.worst, LEAST))]),
};
