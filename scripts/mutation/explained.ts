// Why a mutant may survive: rules for those that change nothing a caller could see.
import { rules as borders } from './explained/borders.ts';
import { rules as estimates } from './explained/estimates.ts';
import { rules as quality } from './explained/quality.ts';
import { rules as searches } from './explained/searches.ts';
import { rules as sequences } from './explained/sequences.ts';
import { rules as sequential } from './explained/sequential.ts';
import { rules as summaries } from './explained/summaries.ts';
import { among, border, inFile, like, type Rule, type SurvivingMutant } from './rule.ts';

/** Conditions under which a check runs, with their `!(…)` and without. */
const checks = among({
  noncentralTDistribution: [
    '!(df >= 0.1 && df < Number.POSITIVE_INFINITY)',
    'df >= 0.1 && df < Number.POSITIVE_INFINITY',
  ],
  parameters: [
    '!(value >= Number.NEGATIVE_INFINITY)',
    'value >= Number.NEGATIVE_INFINITY',
    '!Number.isFinite(value)',
    '!(value > 0 && value < Number.POSITIVE_INFINITY)',
    'value > 0 && value < Number.POSITIVE_INFINITY',
    '!(value > 0 && value <= GREATEST_SHAPE)',
    'value > 0 && value <= GREATEST_SHAPE',
    '!(value >= 0 && value <= 1)',
    'value >= 0 && value <= 1',
    '!(value >= 0 && value <= most && Number.isSafeInteger(value))',
    'value >= 0 && value <= most && Number.isSafeInteger(value)',
  ],
  poissonDistribution: [
    '!(mean >= 0 && mean <= Number.MAX_SAFE_INTEGER)',
    'mean >= 0 && mean <= Number.MAX_SAFE_INTEGER',
  ],
  incompleteBeta: [
    '!(a > 0 && a <= GREATEST_SHAPE)',
    'a > 0 && a <= GREATEST_SHAPE',
    '!(b > 0 && b <= GREATEST_SHAPE)',
    'b > 0 && b <= GREATEST_SHAPE',
    '!(x >= 0 && x <= 1)',
    'x >= 0 && x <= 1',
  ],
  incompleteGamma: [
    '!(a > 0 && a < Number.POSITIVE_INFINITY)',
    'a > 0 && a < Number.POSITIVE_INFINITY',
    '!(x >= 0)',
    'x >= 0',
  ],
  logGamma: ['!(x >= 0)', 'x >= 0'],
  logBeta: [
    '!(a > 0 && a < Number.POSITIVE_INFINITY)',
    'a > 0 && a < Number.POSITIVE_INFINITY',
    '!(b > 0 && b < Number.POSITIVE_INFINITY)',
    'b > 0 && b < Number.POSITIVE_INFINITY',
  ],
});

const rules: readonly Rule[] = [
  {
    why: 'a quick look before the check, which decides by itself: it only runs more often',
    applies: (mutant) =>
      (checks(mutant) && mutant.replacement === (mutant.original.startsWith('!') ? 'true' : 'false')) ||
      (inFile('erf', 'Number.isNaN(x)')(mutant) && mutant.replacement === 'true') ||
      (inFile('parameters', 'value >= Number.NEGATIVE_INFINITY')(mutant) &&
        mutant.replacement === 'value < Number.NEGATIVE_INFINITY'),
  },
  {
    why: 'a faster way to the same number',
    applies: among({
      ascending: [
        '!littleEndian()',
        '{ return new Uint8Array(new Uint32Array([1]).buffer)[0] === 1; }',
        'new Uint8Array(new Uint32Array([1]).buffer)[0] === 1',
        '[1]',
        'values.length < RADIX_FROM || !littleEndian()',
        'values.length < RADIX_FROM',
      ],
      normalTail: ['z < -0.75'],
      quantile: [
        '{ for (let i = 1; i < values.length; i += 1) if (values[i]! < values[i - 1]!) return false; return true; }',
        'i < values.length',
        'values[i]! < values[i - 1]!',
        'true',
      ],
      radixSort: [
        '{ if (!toOffsets(counts, pass * BUCKETS, n)) continue; scatter(from, to, counts, pass); [from, to] = [to, from]; }',
        '!toOffsets(counts, pass * BUCKETS, n)',
        '{ let sum = 0; for (let bucket = base; bucket < base + BUCKETS; bucket += 1) { const count = counts[bucket]!; if (count === n) return false; counts[bucket] = sum; sum += count; } return true; }',
        'count === n',
        'true',
        '8 * values.length',
        'moves -= i - hole',
        'i - hole',
        'moves < 0',
      ],
      betMixture: ['log < largest - 45'],
      betaTail: [
        'difference * difference < 2 * (a + b) * x * y',
        '2 * (a + b) * x * y',
        '2 * (a + b) * x',
        '2 * (a + b)',
      ],
      erf: ['exponent < 2'],
      expm1mx: ['size < 0.05'],
      gammaTail: [
        'b < 1e50',
        'difference * difference < 4 * x || (difference < 0 && difference > -0.2 * a)',
        '4 * x',
        'difference < 0 && difference > -0.2 * a',
        'difference < 0',
        'difference > -0.2 * a',
      ],
      log1pmx: ['Math.abs(v) < 0.05'],
      products: ['a + b > 100'],
      stirlingSeries: ['x > 1e3'],
      sampleMoments: ['!ArrayBuffer.isView(values) || !Number.isFinite(squares)'],
    }),
  },
  {
    why: 'series and closed form agree at the border between them',
    applies: inFile('hedgesG', 'z < SERIES_FROM'),
  },
  {
    why: 'the two roots are exchanged and put in order afterwards; digits are lost only where one is near 0',
    applies: inFile('fiellerInterval', 'middle >= 0', 'middle + root', 'middle - root', 'first < second'),
  },
  {
    why: 'the text of an error that no known input reaches',
    applies: (mutant) =>
      mutant.mutatorName === 'StringLiteral' &&
      /\/(betaTail|gammaTail|noncentralTDistribution|solveLogTail|solvePower|crossing|integrateLogConcave)\.ts$/.test(
        mutant.path,
      ),
  },
  {
    why: 'scaling of a probability below 1e-150, whose complement, the p-value, is 1',
    applies: like(/\/exactKolmogorov\.ts$/, /^\{ value|^value|^exponent -=|^-500$/),
  },
  {
    why: 'both ways give the same number; one rounds less, or leaves the doubles later',
    applies: (mutant) =>
      inFile('fDistribution', 'Math.abs(w) < 700')(mutant) ||
      inFile('gammaDistribution', 'scale === 1')(mutant) ||
      (inFile('erf', 'x <= 1.25')(mutant) && mutant.replacement === 'false') ||
      (inFile('gammaTail', 'x <= 1.2')(mutant) && mutant.replacement === 'false') ||
      inFile('stirlingRemainder', 'x < 1')(mutant) ||
      inFile('logBeta', 'small <= 1', 'large < 10')(mutant) ||
      inFile('betaQuantile', 'Number.isNaN(rate)', 'p > 0.5')(mutant) ||
      inFile('gammaQuantile', 'Number.isNaN(rate)', 'p > 0.5')(mutant) ||
      inFile(
        'hypergeometricDistribution',
        'Math.min(successes, draws)',
        'whole >= Math.min(successes, draws)',
      )(mutant) ||
      inFile('noncentralityInterval', 'lambda > LARGE', 'log - largest')(mutant) ||
      inFile('exactKolmogorov', 'n * d * d > SEPARATE', '-500')(mutant),
  },
  {
    why: 'the mode only tells where to put the first points; the ends are looked for from there, the sum is refined until it stands',
    applies: like(
      /\/noncentralTDistribution\.ts$/,
      /Math\.PI$|Math\.SQRT1_2$|expm1\(2 \* u\)|^2 \* u$|^1e-9 \* sum$|^log\(centre\) \+/,
    ),
  },
  {
    why: 'the curvature of a step of Halley, or a look at convergence: another number of steps, the same answer',
    applies: (mutant) =>
      inFile('kolmogorovDistribution', 'second / value', 'first / value')(mutant) ||
      inFile('betaTail', '1 / now')(mutant) ||
      inFile('TailPair', 'tailIsUpper === upper')(mutant) ||
      like(/\/(beta|gamma)Tail\.ts$/, /^change \* change|^change <= 4/)(mutant) ||
      inFile('gammaTail', 'a <= LARGEST_SUM')(mutant),
  },
  {
    why: 'where the sum over tables begins: it goes on to either side until nothing counts',
    applies: (mutant) =>
      /\/noncentralHypergeometric\.ts$/.test(mutant.path) &&
      /linear|square|constant|^-2$|^-?\(*row|^odds|^column|^Math\.(min|max)\(|^2 \* constant|^root/.test(
        mutant.original,
      ),
  },
  {
    why: 'signs that cancel: numerator and denominator, both margins or both sides change theirs together',
    applies: (mutant) =>
      inFile('erf', 'sum * x + (coefficients[k] as number)')(mutant) ||
      inFile('chiSquaredTest', 'a + b')(mutant) ||
      inFile('heterogeneityTest', 'sign * g.estimate', 'sign * g.estimate > 0')(mutant),
  },
  {
    why: 'the other factor is centred already: a constant beside it sums to 0',
    applies: inFile('effectTrendTest', 'period.at - centre', 'period.estimate - height'),
  },
  {
    why: 'beyond its ends a distribution has no mass, a list no number: what is added there is 0 or compares with nothing',
    applies: (mutant) =>
      inFile('ecdfDistance', 'i < n', 'j < m', 'x[i]! <= y[j]!', 'i > 0')(mutant) ||
      inFile('fisherTest', 'Math.max(0, a - d)', 'Math.min(row, column)', 'above <= below + 1', 'below + 1')(mutant) ||
      (border(/src\/stats\/tests\//)(mutant) &&
        among({
          exactKolmogorov: ['j <= n * (1 - d)', 'd >= 0.5', 'i <= n', '2 * h - 1 > 0', 'centre < 2 ** 400'],
          fisherTest: ['pmf(cell, total, column, row) <= bound'],
          heterogeneityTest: ['q > df'],
          noncentralityInterval: [
            'j <= mean + reach',
            'short(0) < 0',
            'short(centre) >= 0',
            'long(centre) >= 0',
            'long(far) < 0',
          ],
        })(mutant)),
  },
  {
    why: 'an index outside of a sample reads undefined, which no comparison takes in; outside of a typed array nothing is written',
    applies: (mutant) =>
      inFile('compareRanks', 'i < n', 'j < m')(mutant) ||
      inFile('pairDifferences', 'j < m', 'j > 0', 'start < m')(mutant) ||
      inFile('rankSumDistribution', 's < target.length')(mutant),
  },
  {
    why: 'pairs are the same in either order: one met again changes no extreme, and once the indices have met none is counted',
    applies: inFile('walshAverages', 'j >= i', 'end >= i'),
  },
  {
    why: 'whichever of the values is the pivot, the same value comes to stand at the rank: only speed',
    applies: inFile('selectValue', 'a < b', 'b < c', 'a < c'),
  },
  {
    why: 'one value more or less to divide: that of the rank stands at its place already',
    applies: inFile('selectValue', 'low < high', 'at >= i'),
  },
  {
    why: 'equal values are the same value, from whichever sample it is read',
    applies: inFile('compareRanks', 'a[i]! <= b[j]!'),
  },
  {
    why: 'each way to choose changes its sign as often as all others, and so does their total: the shares are the same',
    applies: inFile('rankSumDistribution', 'target[s]! += source[s - shift]!'),
  },
  {
    why: 'the sign is 1 or -1: to divide by it is to multiply',
    applies: inFile(
      'selectPairs',
      'Math.max(FEWEST, way / ASIDE) * (upper.count - rank > rank - lower.count ? 1 : -1)',
    ),
  },
  {
    why: 'where the search for a rank looks next, at a limit of cost: the cuts on both sides decide what is found',
    applies: (mutant) =>
      inFile(
        'selectPairs',
        't >= low',
        'candidate.count <= upper.count',
        'candidate.count !== first.count',
        'first === undefined',
        'second.count === first.count',
      )(mutant) ||
      (border(/\/selectPairs\.ts$/)(mutant) &&
        /^upper\.count - lower\.count <= enough$|^way < |^upper\.count - rank > |^round >= /.test(mutant.original)),
  },
  {
    why: 'the grid is a set of ranks, the same from either side, that has both ends already',
    applies: inFile('rankStaircase', 'n * p + (i / CELLS_PER_DEVIATION) * spread', 'rank > 0', 'rank < n'),
  },
  {
    why: 'the size that a plan is tuned to settles, from whichever start, in fewer rounds than there are',
    applies: (mutant) =>
      inFile('anytimeSampleSize', '1e-3 * horizon', '2 * fixedTotal')(mutant) ||
      (inFile('anytimeSampleSize', 'fixed !== undefined || round === 20')(mutant) && mutant.replacement === 'false'),
  },
  {
    why: 'power/anytime.test.ts notices it, but after more processor time than a mutant has',
    applies: (mutant) =>
      mutant.path.endsWith('/anytimeSampleSize.ts') &&
      mutant.replacement.startsWith('(fixed !== undefined || round === 20) &&'),
  },
  {
    why: 'covariances that are all 0 alone have no mean, and no squares either',
    applies: (mutant) =>
      inFile('heterogeneityTest', 'mean > 0 && squares > 0', 'mean > 0', 'squares > 0')(mutant) &&
      !(mutant.original.includes('&&') && mutant.replacement === 'true'),
  },
  {
    why: 'the search ends a few steps later, by the other side of the bracket',
    applies: inFile('solvePower', 'b - x', 'x - a'),
  },
  {
    why: 'a text among the windows reads undefined, which says that no rank is within',
    applies: (mutant) => inFile('selectPairs', '[]')(mutant),
  },
  {
    why: 'below its first value a window reads undefined, which says that the rank is not within',
    applies: (mutant) =>
      inFile('selectPairs', 'rank > less')(mutant) && /^(true|rank >= less)$/.test(mutant.replacement),
  },
  {
    why: 'infinity has been dealt with before',
    applies: (mutant) =>
      inFile('noncentralTDistribution', 'df < Number.POSITIVE_INFINITY')(mutant) &&
      /^true$|^df >= /.test(mutant.replacement),
  },
  {
    why: 'zero has been dealt with before',
    applies: (mutant) => inFile('QuantileSource', 'x > 0')(mutant) && mutant.replacement === 'x >= 0',
  },
  {
    why: 'two certainties that agree do not differ, whatever they are divided by',
    applies: (mutant) => inFile('proportionPower', 'p1 !== p2')(mutant) && mutant.replacement === 'true',
  },
  {
    why: 'a correction of an approximation, smaller than its own error',
    applies: inFile('noncentralityInterval', '0.5 * (2 - h)', '2 - h'),
  },
  {
    why: 'a state that the types allow and no call produces',
    applies: (mutant) =>
      (/\/proportionZTest\.ts$/.test(mutant.path) && /^bounds\.status|^\[-1, 1\]$|^-1$/.test(mutant.original)) ||
      inFile('TestOptions', '[]')(mutant) ||
      inFile('conditionalOddsRatio', 'Math.abs(far) < FARTHEST')(mutant),
  },
];

const allRules: readonly Rule[] = [
  ...rules,
  ...borders,
  ...estimates,
  ...quality,
  ...searches,
  ...sequences,
  ...sequential,
  ...summaries,
];

/** The reason why this mutant may survive, if there is one. */
export function explanationOf(mutant: SurvivingMutant): string | undefined {
  return allRules.find(({ applies }) => applies(mutant))?.why;
}
