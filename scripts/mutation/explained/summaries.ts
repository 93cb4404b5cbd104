// Summaries of streams: the folder summaries.
import { inFile, type Rule, type SurvivingMutant } from '../rule.ts';

/** A mutant that replaced `original` by `replacement` in the file of this name. */
const change = (name: string, original: string, ...replacements: readonly string[]) => {
  const matches = inFile(name, original);
  return (mutant: SurvivingMutant) => matches(mutant) && replacements.includes(mutant.replacement);
};

const anyOf =
  (...rules: readonly Rule['applies'][]) =>
  (mutant: SurvivingMutant) =>
    rules.some((applies) => applies(mutant));

export const rules: readonly Rule[] = [
  {
    why: 'what holds for none or for one follows from the formula as well: it divides 0 by 0',
    applies: anyOf(change('Moments', 'this.#n === 0', 'false'), change('sampleMoments', 'n < 2', 'false')),
  },
  {
    why: 'to merge with an empty one adds terms that are all 0',
    applies: change('Moments', 'nb === 0', 'false'),
  },
  {
    why: 'a variance of exactly the least that counts, or an effective size of exactly the rounding above 1: either side serves',
    applies: anyOf(
      change('Moments', 'spread > TINIEST', 'spread >= TINIEST'),
      change('WeightedMoments', 'shrink > ROUNDING', 'shrink >= ROUNDING'),
    ),
  },
  {
    why: 'within the bins the middle one is as near to either end, within rounding',
    applies: change('equalBins', 'share < 0.5', 'share <= 0.5'),
  },
  {
    why: 'only looks more often whether something is full: where nothing is, nothing is done',
    applies: change('QuantileSketch', 'first.full', 'true'),
  },
  {
    why: 'the largest value is never dropped, and the weights kept add up to n: the search finds the ends by itself',
    applies: anyOf(
      change('QuantileSketch', 'p === 1', 'false'),
      change('QuantileSketch', 'x >= this.#max', 'false'),
      change('QuantileSketch', 'x < this.#min', 'false'),
      change('QuantileSketch', 'values.length - 1', 'values.length + 1'),
    ),
  },
  {
    why: 'the other side of each coin: as fair, and the same in every run',
    applies: change('QuantileSketch', '(word & 0x10000) !== 0', '(word & 0x10000) === 0'),
  },
  {
    why: 'room is made earlier than it is needed, or copied where there is enough: only memory and time',
    applies: anyOf(
      change('RelativeCompactor', 'this.#size === this.#values.length', 'true', 'this.#size !== this.#values.length'),
      change('RelativeCompactor', 'length <= this.#values.length', 'length < this.#values.length'),
    ),
  },
  {
    why: 'one index outside of a list reads undefined, which no comparison takes in',
    applies: anyOf(
      change('RelativeCompactor', 'old >= 0', 'true'),
      change('Reservoir', 'child + 1 < size', 'true', 'child + 1 <= size'),
      // The one of the bound: those that choose the child break the heap, which the tests see.
      change('Reservoir', 'child + 1', 'child - 1'),
    ),
  },
  {
    why: 'an even number that is halved by the root of 2 never meets 4 in doubles',
    applies: change(
      'RelativeCompactor',
      'this.#sectionSize / Math.SQRT2 >= SMALLEST_SECTION',
      'this.#sectionSize / Math.SQRT2 > SMALLEST_SECTION',
    ),
  },
];
