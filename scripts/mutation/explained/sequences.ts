// Sequences of looks and ranks: sequential and ranks.
import { inFile, type Rule } from '../rule.ts';

export const rules: readonly Rule[] = [
  {
    why: 'nodes and masses are symmetric around the centre: the mirrored sum is the same',
    applies: (mutant) =>
      inFile('gaussLegendre', 'centre + half * RULE.nodes[i]!')(mutant) ||
      inFile('uncrossedScore', 'bound + score')(mutant),
  },
  {
    why: 'at 0 both forms are the same number',
    applies: (mutant) =>
      (inFile('logHalfNormalFactor', 'x <= 0')(mutant) && mutant.replacement === 'x < 0') ||
      (inFile('stitchedBoundary', 'tail < 0')(mutant) && mutant.replacement === 'tail <= 0'),
  },
  {
    why: 'at a share of 0 the tail beyond infinity is 0 as well; shares below 0 there are none',
    applies: (mutant) =>
      inFile('alphaSpending', 'fraction > 0')(mutant) && /^(true|fraction >= 0)$/.test(mutant.replacement),
  },
  {
    why: 'every place of the list is written to before it is read',
    applies: inFile('eBenjaminiHochberg', 'new Array(m)'),
  },
  {
    why: 'a law after the last look, that nobody asks for',
    applies: (mutant) =>
      inFile('groupSequentialBoundaries', 'next !== undefined')(mutant) && mutant.replacement === 'true',
  },
  {
    why: 'past the last cell a staircase reads undefined, which no comparison takes in',
    applies: (mutant) =>
      (inFile('quantileDifferenceSequence', 'j < last')(mutant) && mutant.replacement === 'true') ||
      inFile('quantileDifferenceSequence', 'smaller.values.length - 1')(mutant),
  },
  {
    why: 'where the bisection for a rank starts: another number of steps, the same rank',
    applies: (mutant) =>
      (inFile('quantileSequence', 'n - 1')(mutant) && mutant.replacement === 'n + 1') ||
      (inFile('quantileSequence', 'p * n')(mutant) && mutant.replacement === 'p / n'),
  },
  {
    why: 'the lower tail is what every alternative but the two that are asked for takes',
    applies: inFile('rankEvidence', "'less'"),
  },
];
