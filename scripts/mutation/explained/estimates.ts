// Estimates and intervals: adjustment, bayes, bootstrap, drift, effects, intervals and multiplicity.
import { inFile, type Rule } from '../rule.ts';

export const rules: readonly Rule[] = [
  {
    why: 'the place that an error names for an option: callers go by its type',
    applies: (mutant) => mutant.mutatorName === 'StringLiteral' && inFile('winsorize', "'caps'")(mutant),
  },
];
