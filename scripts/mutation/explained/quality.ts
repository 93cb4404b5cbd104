// Quality, power, tests, distributions, special, and the files of src/stats without a folder.
import { border, inFile, like, type Rule } from '../rule.ts';

export const rules: readonly Rule[] = [
  {
    why: 'the other factor is centred already: a constant beside it sums to 0',
    applies: inFile(
      'delongComponents',
      'a.reduce((sum, value) => sum + value, 0) / n',
      'b.reduce((sum, value) => sum + value, 0) / n',
      'sum + value',
      'value - meanA',
      'b[i]! - meanB',
    ),
  },
  {
    why: 'signs that cancel: both factors change theirs together',
    applies: (mutant) =>
      inFile('kendallCounts', 'triples += t * (t - 1) * (t - 2)')(mutant) ||
      inFile('averagePrecision', 'hits += 1')(mutant),
  },
  {
    why: 'past its end a list reads undefined, which is equal to no number',
    applies: (mutant) =>
      mutant.replacement === 'true' &&
      (inFile('kendallCounts', 'end < n')(mutant) || inFile('averagePrecision', 'next !== undefined')(mutant)),
  },
  {
    why: 'of two summands of the same size, either loses nothing',
    applies: border(/\/meanOf\.ts$/),
  },
  {
    why: 'the type asks for it: the quantile of an empty list is undefined as well',
    applies: inFile('regressionScores', 'n === 0'),
  },
  {
    why: 'what is left to do is done by the sort at the end, which takes any order: only speed',
    applies: inFile(
      'radixSort',
      'pass < PASSES',
      'bucket < base + BUCKETS',
      'low < high',
      'words[2 * middle + 1]! >>> (HIGH_WORD_BITS - 1) === 1',
      '2 * middle',
      '2 * middle + 1',
      'HIGH_WORD_BITS - 1',
    ),
  },
  {
    why: 'before its beginning an array reads undefined, which is greater than no number',
    applies: inFile('radixSort', 'hole > 0'),
  },
  {
    why: 'at a point of the curve the segments on both sides of it say the same, and one of no width adds nothing',
    applies: border(/\/firstPassage\.ts$/),
  },
  {
    why: 'how many rounds the tuning takes: it goes on from a size that has settled',
    applies: (mutant) =>
      inFile('anytimeSampleSize', 'Math.abs(size - horizon) <= 1e-3 * horizon', 'size - horizon')(mutant),
  },
  {
    why: 'where the sum over tables begins: it goes on to either side until nothing counts',
    applies: inFile('noncentralHypergeometric', '-rest'),
  },
  {
    why: 'a root that a step meets exactly is the answer from either side, and by bisection within the tolerance',
    applies: (mutant) =>
      border(/\/conditionalOddsRatio\.ts$/)(mutant) || inFile('conditionalOddsRatio', 'g(near) >= 0')(mutant),
  },
  {
    why: 'the false position goes on past the end of a bracket that does not hold the root yet: only more steps',
    applies: (mutant) => inFile('conditionalOddsRatio', 'f(far) < 0 !== up')(mutant) && mutant.replacement === 'true',
  },
  {
    why: 'the search for a bound that is not there ends beyond the doubles, where the exponential is 0',
    applies: (mutant) => inFile('conditionalOddsRatio', 'a === 0')(mutant) && mutant.replacement === 'false',
  },
  {
    why: 'where the bound is 0 the search has no crossing to find, and ends at 0 as well',
    applies: inFile('noncentralityInterval', 'short(0) < 0'),
  },
  {
    why: 'where a search starts, from the leading power instead of a guess: another number of steps, the same answer',
    applies: (mutant) => inFile('betaQuantile', 'Number.isNaN(start)')(mutant) && mutant.replacement === 'true',
  },
  {
    why: 'products that leave the doubles at their lower end lose what is below the smallest double',
    applies: (mutant) => inFile('products', 'x > 1e-150')(mutant) && mutant.replacement === 'true',
  },
  {
    why: 'the last term of a series, below the rounding of the logarithm that it corrects',
    applies: like(/\/stirlingSeries\.ts$/, /^1 \/ 360 - s \/ 1260$|^691 \/ 360360 - s \* \(1 \/ 156\)$/),
  },
];
