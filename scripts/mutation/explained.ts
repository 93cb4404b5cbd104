// Why a mutant may survive: rules for those that change nothing a caller could see.
import { rules as estimates } from './explained/estimates.ts';
import { rules as quality } from './explained/quality.ts';
import { rules as sequences } from './explained/sequences.ts';
import { rules as sequential } from './explained/sequential.ts';
import { rules as summaries } from './explained/summaries.ts';
import { border, inFile, like, type Rule, type SurvivingMutant } from './rule.ts';

const NUMERIC = /src\/stats\/(special|distributions)\//;
const KERNELS =
  /\/(betaTail|gammaTail|erf|incompleteBeta|incompleteGamma|logBeta|logGamma|parameters|poissonDistribution|noncentralTDistribution|normalQuantile|products)\.ts$/;

const rules: readonly Rule[] = [
  {
    why: 'series and closed form agree at the border between them',
    applies: inFile('hedgesG', 'z < SERIES_FROM'),
  },
  {
    why: 'the two roots are exchanged and put in order afterwards; digits are lost only where one is near 0',
    applies: inFile('fiellerInterval', 'middle >= 0', 'middle + root', 'middle - root', 'first < second'),
  },
  {
    why: 'at the border itself the formulas on both sides of it say the same, within rounding',
    applies: border(NUMERIC),
  },
  {
    why: 'a quick look before the check, which decides by itself: it only runs more often, or misses what it would let pass',
    applies: (mutant) =>
      like(
        KERNELS,
        /^!?\(?(a|b|x|value|mean|df) [<>]=? |^Number\.isNaN\(x\)$|^!Number\.isFinite\(value\)$|^value >= Number/,
      )(mutant) &&
      like(KERNELS, /(?:)/, /^(true|false|[^?]+[<>]=? [^?]+)$/)(mutant) &&
      /GREATEST_SHAPE|POSITIVE_INFINITY|NEGATIVE_INFINITY|MAX_SAFE_INTEGER|isNaN|isFinite|most|<= 1\b|>= 0\b|>= 0\.1/.test(
        mutant.original,
      ),
  },
  {
    why: 'where a search starts, or which bracket it takes next: another number of steps, the same answer',
    applies: (mutant) =>
      like(
        /\/betaQuantile\.ts$/,
        /z \* z|lambda|\bh\b|\bra\b|\brb\b|^2 \* [ab] - 1$|^1 \/ \(2 \* b - 1\)$|^5 \/ 6|a >= 1|b >= 1/,
      )(mutant) ||
      like(/\/gammaQuantile\.ts$/, /^z \/|^3 \* Math\.sqrt|decay|^Math\.log\(a\) - Math\.log\(p\)$/)(mutant) ||
      like(/\/binomialDistribution\.ts$/, /^deviation|^n \* p|^z |^1 - p$|^-normalQuantile/)(mutant) ||
      like(
        /\/hypergeometricDistribution\.ts$/,
        /^population|^successes \/ population|^\(population|^draws \* share|^z |^1 - share$|^-normalQuantile/,
      )(mutant) ||
      like(/\/poissonDistribution\.ts$/, /normalQuantile/)(mutant) ||
      like(/\/studentTDistribution\.ts$/, /8 \* df|df >= 1|^p < 0\.5$|ratio < 30/)(mutant) ||
      like(/\/kolmogorovDistribution\.ts$/, /^k < 3$|^EXPONENT|^HALF_LOG_TWO_PI|^-0\.5 \* Math\.log/)(mutant) ||
      like(/\/solveLogTail\.ts$/, /next|step|PATIENCE|^error|^high|\{ value: 0/)(mutant) ||
      like(/\/searchInteger\.ts$/, /step|high|below/)(mutant) ||
      like(/\/solvePower\.ts$/, /^side [<>]|^step <=|^-1$|^missX|^i /)(mutant) ||
      like(
        /\/(pairedTTest|tTest)SampleSize\.ts$/,
        /resolved\.tail|^z |\(z \* z\)|^effect \*|^2 \* least|ratio/,
      )(mutant) ||
      like(/\/(pairedTTest|tTest|proportion)MinimumDetectableEffect\.ts$/, /^3 [*/]|^Math\.min\(room|p1/)(mutant) ||
      like(/\/conditionalOddsRatio\.ts$/, /\+ 0\.5\)/)(mutant) ||
      like(/\/noncentralityInterval\.ts$/, /^centre \+ 1$|^4 \* Math|^far - centre$|^TOLERANCE|^1 \+ x$/)(mutant) ||
      like(/\/crossing\.ts$/, /step|kept|width|high - low|below \*=|above \*=|^x === (low|high)|stuck|^-1$/)(mutant) ||
      like(
        /\/boundedMeanEstimate\.ts$/,
        /^3 \* Math|^spread|^width \* 1e-9|^\(?sum|^\(?table\.counts|^value - mean$/,
      )(mutant) ||
      like(/\/betaMixtureEProcess\.ts$/, /^direction \* Math|^Math\.max\(1, Math\.abs\(x\)\)/)(mutant) ||
      like(/\/anytimeSampleSize\.ts$/, /^2 \* fixedTotal|^round [=+]/)(mutant) ||
      like(
        /\/(noncentralTDistribution|integrateLogConcave)\.ts$/,
        /^k < 5$|middle|slope\(|^k < 30$|^steps|^i < steps|centre \+ sign/,
      )(mutant) ||
      like(/\/normalMixtureRho\.ts$/, /^i |^Math\.abs\(step\)|^1e-15/)(mutant) ||
      like(/\/aucScoreBounds\.ts$/, /^i < 60|auc === far/)(mutant),
  },
  {
    why: 'the limit or the last digit of an iteration that ends by itself before',
    applies: (mutant) =>
      like(
        /src\/stats\//,
        /MAX_STEPS|EPSILON|^n <= (40|80)$|MOST_PANELS|MOST_STEPS|^n % (4|pace) !== 0$|^k <= TERMS$|NEGLIGIBLE|TOLERANCE \*|2 \*\* -55/,
      )(mutant),
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
    why: 'a faster way to the same number',
    applies: (mutant) =>
      inFile(
        'quantile',
        '{ for (let i = 1; i < values.length; i += 1) if (values[i]! < values[i - 1]!) return false; return true; }',
        'i < values.length',
        'values[i]! < values[i - 1]!',
        'true',
      )(mutant) ||
      like(
        /\/(ascending|radixSort|sampleMoments)\.ts$/,
        /RADIX_FROM|littleEndian|toOffsets|count === n|^true$|moves|^8 \* values\.length$|i - hole|^\{ let sum = 0|ArrayBuffer|Uint8Array|^\[1\]$/,
      )(mutant) ||
      like(
        /\/(erf|expm1mx|log1pmx|stirlingSeries|products)\.ts$/,
        /^exponent < 2$|^size < 0\.05$|^Math\.abs\(v\) < 0\.05$|^x > 1e3$|^a \+ b > 100$/,
      )(mutant) ||
      like(/\/(betMixture)\.ts$/, /largest - 45/)(mutant) ||
      like(/\/gammaTail\.ts$/, /4 \* x|difference|pace|^b < 1e50$/)(mutant) ||
      like(/\/betaTail\.ts$/, /^difference \* difference|^2 [*/] \(a \+ b\)/)(mutant) ||
      like(/\/normalTail\.ts$|\/normalDistribution\.ts$/, /-0\.75|POSITIVE_INFINITY/)(mutant),
  },
  {
    why: 'scaling of a probability below 1e-150, whose complement, the p-value, is 1',
    applies: like(/\/exactKolmogorov\.ts$/, /^\{ value|^value|^exponent -=|^-500$/),
  },
  {
    why: 'one index past the end reads undefined, which no comparison and no sum takes in',
    applies: (mutant) =>
      /^(i|j|to|place|panel|start|end|from|width) < [\w.!#]+$/.test(mutant.original) && border(/src\/stats\//)(mutant),
  },
  {
    why: 'equal values may stand in either order, and an extreme may be replaced by its equal',
    applies: (mutant) =>
      border(/src\/stats\//)(mutant) &&
      /#(min|max)|keys\[|largest|best|best\.evidence|> above$|> below$|values\[old\]|> value$|missX|#values\[/.test(
        mutant.original,
      ),
  },
  {
    why: 'at the border itself either side serves: a rule of thumb, a limit of cost, or an event of probability 0',
    applies: (mutant) =>
      border(
        /src\/stats\/(tests|sequential|quality|intervals|power|drift|bootstrap|adjustment|effects|multiplicity|bayes)\//,
      )(mutant) &&
      /variance|information|spread|EXACT|MOST_|expected|SMALL|power|threshold|TOLERANCE|noise|ROUNDING|FEW|alpha|40$|700|LARGE|1e9|1e-9|sd|miss|excess|towards|score|root|leading|rate|-45|product|z |u /.test(
        mutant.original,
      ),
  },
  {
    why: 'both ways give the same number; one rounds less, or leaves the doubles later',
    applies: (mutant) =>
      inFile('fDistribution', 'Math.abs(w) < 700')(mutant) ||
      inFile('gammaDistribution', 'scale === 1')(mutant) ||
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
      like(/\/(beta|gamma)Tail\.ts$/, /^change \* change/)(mutant) ||
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
      (border(/\/(exactKolmogorov|betaTail|gammaTail|heterogeneityTest|fisherTest|noncentralityInterval)\.ts$/)(
        mutant,
      ) &&
        !/EXACT/.test(mutant.original)),
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
      inFile('selectPairs', 't >= low')(mutant) ||
      (border(/\/selectPairs\.ts$/)(mutant) &&
        /^upper\.count - lower\.count <= enough$|^way < |^upper\.count - rank > |^round >= /.test(mutant.original)),
  },
  {
    why: 'the grid is a set of ranks, the same from either side, that has both ends already',
    applies: inFile('rankStaircase', 'n * p + (i / CELLS_PER_DEVIATION) * spread', 'rank > 0', 'rank < n'),
  },
  {
    why: 'the search ends a few steps later, by the other side of the bracket',
    applies: inFile('solvePower', 'b - x', 'x - a'),
  },
  {
    why: 'below its first value a window reads undefined, which says that the rank is not within',
    applies: (mutant) =>
      inFile('selectPairs', 'rank > less')(mutant) && /^(true|rank >= less)$/.test(mutant.replacement),
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

const allRules: readonly Rule[] = [...rules, ...estimates, ...quality, ...sequences, ...sequential, ...summaries];

/** The reason why this mutant may survive, if there is one. */
export function explanationOf(mutant: SurvivingMutant): string | undefined {
  return allRules.find(({ applies }) => applies(mutant))?.why;
}
