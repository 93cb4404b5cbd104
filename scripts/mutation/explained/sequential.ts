// Sequences: the search for their ends, bets, mixtures and stages.
import { border, inFile, type Rule, type SurvivingMutant } from '../rule.ts';

const text =
  (name: string, ...originals: readonly string[]) =>
  (mutant: SurvivingMutant) =>
    mutant.mutatorName === 'StringLiteral' && inFile(name, ...originals)(mutant);

export const rules: readonly Rule[] = [
  {
    why: 'the words of an error or a reason, or the name it gives to what was passed: callers go by its type or status',
    applies: (mutant) =>
      text('betaMixtureEProcess', "'prior'")(mutant) ||
      (mutant.mutatorName === 'StringLiteral' &&
        ((/\/betaMixtureEProcess\.ts$/.test(mutant.path) &&
          mutant.original.startsWith('`a limit that a rate can be ')) ||
          (/\/multinomialEProcess\.ts$/.test(mutant.path) &&
            mutant.original.endsWith(' counts, as in the first epoch`')))) ||
      text('BettingSequence', "'of a finite width'", "'there are no observations yet'")(mutant) ||
      text(
        'multinomialEProcess',
        "'nothing was counted'",
        "'a group whose planned share was 0 has observations'",
      )(mutant) ||
      text('stagedDifferenceSequence', "'the observations do not vary in either sample'")(mutant),
  },
  {
    why: 'far below 0 both forms of the logistic function are the same number, within rounding',
    applies: (mutant) => inFile('crossing', 'x < 0')(mutant) && /^(false|x <= 0)$/.test(mutant.replacement),
  },
  {
    why: 'one step more or less where nothing crosses: no search lands on the limit itself',
    applies: (mutant) =>
      inFile('crossing', 'Math.abs(far) > FARTHEST')(mutant) && mutant.replacement === 'Math.abs(far) >= FARTHEST',
  },
  {
    why: 'a side that is open, or whose counts are at their edge: the search finds no end there either, and takes longer',
    applies: (mutant) =>
      /^(false|"")$|&&/.test(mutant.replacement) &&
      (inFile(
        'betaMixtureEProcess',
        "alternative === 'less' || successes === 0",
        "alternative === 'less'",
        "'less'",
        'successes === 0',
        "alternative === 'greater' || successes === trials",
        "alternative === 'greater'",
        "'greater'",
        'successes === trials',
      )(mutant) ||
        inFile(
          'shareMixture',
          'estimate === direction * Number.POSITIVE_INFINITY',
          "alternative === 'less'",
          "'less'",
          "alternative === 'greater'",
          "'greater'",
        )(mutant)),
  },
  {
    why: 'where a search starts: it steps back to what is not excluded, which no evidence of counts keeps out forever',
    applies: inFile('betaMixtureEProcess', '-direction', 'Math.abs(x) < 700'),
  },
  {
    why: 'at the upper end of the range the whole weight goes to the last point by either way; past it nothing is written',
    applies: inFile('BettingSequence', 'this.#weights.length - 2'),
  },
  {
    why: 'every caller puts its own number of observations in its place',
    applies: inFile('boundedMeanEstimate', '[table.n]'),
  },
  {
    why: 'steps outwards that save time: without them, or when they stop elsewhere, the edge itself bounds the search',
    applies: (mutant) =>
      inFile(
        'boundedMeanEstimate',
        'mean - step',
        'mean + step',
        '!(Math.abs(far - edge) > 1e-12 * width)',
        'Math.abs(far - edge) > 1e-12 * width',
        'far - edge',
        '1e-12 * width',
        'far - range[0] < 0',
        'far - range[0]',
        'far - range[1] > 0',
        'far - range[1]',
      )(mutant) ||
      (/\/boundedMeanEstimate\.ts$/.test(mutant.path) &&
        (mutant.original.startsWith('!(Math.abs(far - edge) > 1e-12 * width) || ') ||
          mutant.original.startsWith('for (let step = 3 * Math.sqrt(spread / n)'))),
  },
  {
    why: 'how near the search has to come: it ends with a step that is far nearer',
    applies: (mutant) =>
      inFile('boundedMeanEstimate', 'x - edge')(mutant) ||
      (inFile('boundedMeanEstimate', 'Math.min(width, Math.abs(x - edge))')(mutant) &&
        mutant.mutatorName === 'MethodExpression'),
  },
  {
    why: 'a mean at the edge of the range: a search over no distance ends at the edge too',
    applies: inFile('boundedMeanEstimate', 'Math.abs(near - last) > 0', 'near - last'),
  },
  {
    why: 'a mean of 0 has no finite relative variance, which is looked at next',
    applies: (mutant) =>
      inFile('pairedLogRatioInformation', 'a > 0', 'b > 0')(mutant) &&
      border(/\/pairedLogRatioInformation\.ts$/)(mutant),
  },
  {
    why: 'the general formula says the same of one prior or one epoch, by a longer way',
    applies: (mutant) =>
      inFile('shareMixture', 'priors.length === 1', 'epochs.length === 1')(mutant) && mutant.replacement === 'false',
  },
  {
    why: 'without it the variance is 0 by 0, which is not positive either',
    applies: inFile(
      'stagedDifferenceSequence',
      'varianceOf(head) === 0',
      '{ estimate: 0, variance: 0, observations: 0 }',
    ),
  },
];
