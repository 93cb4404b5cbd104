// Estimates and intervals: adjustment, bayes, bootstrap, drift, effects, intervals and multiplicity.
import { border, inFile, type Rule } from '../rule.ts';

const BAYES = /src\/stats\/bayes\//;

export const rules: readonly Rule[] = [
  {
    why: 'the name of the whole of the options in an error about an unknown one, which is named behind it',
    applies: (mutant) =>
      (/src\/stats\/(adjustment|bayes|drift)\//.test(mutant.path) && mutant.original === "'options'") ||
      inFile('winsorize', "'caps'")(mutant),
  },
  {
    why: 'a list of option names with a name more, which nobody writes',
    applies: (mutant) => inFile('BootstrapOptions', '[]')(mutant) || inFile('IntervalOptions', '[]')(mutant),
  },
  {
    why: 'when the search for the mode stops: it only tells where to put the first points',
    applies: inFile('integrateLogConcave', '1 + Math.abs(a) + Math.abs(b)', '1 + Math.abs(a)'),
  },
  {
    why: 'where two heights of a concave logarithm are equal, the mode lies between them: either side may go',
    applies: (mutant) => border(BAYES)(mutant) && mutant.original === 'atLeft < atRight',
  },
  {
    why: 'the error that a panel may have becomes smaller: more panels, the same integral',
    applies: inFile('integrateLogConcave', 'sum + panel.integral', 'Math.max(rough, sum)'),
  },
  {
    why: 'the count of panels for a limit that no known integral reaches',
    applies: inFile('integrateLogConcave', 'count += 2'),
  },
  {
    why: 'where the first panels end: they are divided until the integral stands, and one of the two ends finds the peak',
    applies: inFile('betaLogits', 'centre - 5 * sd', '5 * sd'),
  },
  {
    why: 'both ways give the same number; one keeps its digits for losses below 1e-306',
    applies: (mutant) => inFile('normalLoss', 'z <= 0')(mutant) && mutant.replacement === 'true',
  },
  {
    why: 'an array that is filled place by place: only speed',
    applies: (mutant) =>
      inFile('resample', 'new Array<T>(n)')(mutant) ||
      inFile('adjustPValues', 'new Array<number>(pValues.length)')(mutant),
  },
  {
    why: 'a state that the types allow and no call produces',
    applies: inFile('driftReport', "kolmogorovSmirnov.status === 'inconclusive'", "'inconclusive'"),
  },
  {
    why: 'what is no number is not finite either',
    applies: (mutant) => inFile('normalise', "typeof weight === 'number'")(mutant) && mutant.replacement === 'true',
  },
  {
    why: 'before the first value both distribution functions are 0: wherever the area begins, it is times 0',
    applies: inFile('wassersteinDistance', 'Math.min(x[0]!, y[0]!)'),
  },
  {
    why: 'the logarithm of 2 is that constant',
    applies: (mutant) => inFile('klDivergence', 'base === 2')(mutant) && mutant.replacement === 'false',
  },
  {
    why: 'both formulas have all digits at the border between them',
    applies: (mutant) =>
      border(/\/(cohenH|populationStabilityIndex)\.ts$/)(mutant) && /NEAR|before \/ 2/.test(mutant.original),
  },
  {
    why: 'an intersection of one hypothesis has its own p-value, with which the maximum begins',
    applies: (mutant) => inFile('hommel', 'count > 1')(mutant) && mutant.replacement === 'count >= 1',
  },
];
