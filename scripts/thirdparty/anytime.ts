// Runs the reference values of other projects' anytime-valid primitives against src/stats/sequential:
// `tsx scripts/thirdparty/anytime.ts <folder>`, where the folder holds anytime-cases.json (values of
// gostevehoward/confseq, MIT; not part of this repository).
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { crossing } from '../../src/stats/sequential/crossing.ts';
import { HedgedCapital } from '../../src/stats/sequential/HedgedCapital.ts';
import { logBetaMixture } from '../../src/stats/sequential/logBetaMixture.ts';
import { multinomialLogEValue } from '../../src/stats/sequential/multinomialEProcess.ts';
import { normalMixtureBoundary, normalMixtureLogEValue } from '../../src/stats/sequential/normalMixture.ts';
import { normalMixtureRho } from '../../src/stats/sequential/normalMixtureRho.ts';
import { stitchedBoundary } from '../../src/stats/sequential/stitchedBoundary.ts';
import type { Alternative } from '../../src/stats/types.ts';

interface Case {
  readonly kind: string;
  readonly input: Record<string, never>;
  readonly expected: number;
  readonly absTol: number;
}

/** What a case is about, as far as the library offers it; `undefined` where it does not. */
type Run = (input: Record<string, number>, raw: Record<string, unknown>) => number;

const ALPHA = 0.05;

/** The beta-binomial mixture in confseq's terms: increments in [-g, h], sum s, intrinsic time v, tuned at vOpt. */
function betaBinomial(s: number, v: number, vOpt: number, g: number, h: number, alternative: Alternative): number {
  const rho = normalMixtureRho({ horizon: vOpt, alpha: ALPHA, alternative });
  const r = Math.max(rho - g * h, 1e-3 * g * h);
  const total = g + h;
  const share = g / total;
  const prior = { a: r / (h * total), b: r / (g * total) };
  const successes = (v + h * s) / (h * total);
  const failures = (v - g * s) / (g * total);
  return logBetaMixture(successes, failures, share, 1 - share, prior, alternative);
}

function betaBinomialBound(v: number, alpha: number, vOpt: number, g: number, h: number, side: Alternative): number {
  const excess = (s: number): number => betaBinomial(s, v, vOpt, g, h, side) + Math.log(alpha);
  return crossing(excess, 0, v / g, () => 1e-10);
}

/** Both ends of a rate's sequence with the prior centred on each null, as confseq inverts it. */
function bernoulliEnd({ successes, trials, alpha, tOpt }: Record<string, number>, upper: boolean): number {
  const excess = (p: number): number => {
    const concentration = Math.max(normalMixtureRho({ horizon: tOpt!, alpha: ALPHA }) - 1, 1e-3);
    const prior = { a: concentration * p, b: concentration * (1 - p) };
    return logBetaMixture(successes!, trials! - successes!, p, 1 - p, prior, 'two-sided') + Math.log(alpha!);
  };
  return crossing(excess, successes! / trials!, upper ? 1 - 1e-9 : 1e-9, () => 1e-10);
}

/** The least product of both arms' two-sided evidence over all places of the common quantile. */
function quantilePValue({ p, tOpt }: Record<string, number>, raw: Record<string, unknown>): number {
  const sample = (text: string): number[] => {
    const shift = Number(/^(\d+)\+/.exec(text)?.[1] ?? 0);
    return Array.from({ length: 1000 }, (_, i) => i + 1 + shift);
  };
  const [a, b] = [sample(String(raw.a)), sample(String(raw.b))];
  const evidence = (xs: readonly number[], place: number): number => {
    // Between the counts below and at or below an atom the one most friendly to the null.
    const [fewest, most] = [xs.filter((x) => x < place).length, xs.filter((x) => x <= place).length];
    const below = Math.min(most, Math.max(fewest, p! * xs.length));
    const prior = normalMixtureRho({ horizon: tOpt!, alpha: ALPHA }) - 1;
    const shape = { a: prior * p!, b: prior * (1 - p!) };
    return logBetaMixture(below, xs.length - below, p!, 1 - p!, shape, 'two-sided');
  };
  const least = Math.min(...[...a, ...b].map((place) => evidence(a, place) + evidence(b, place)));
  return Math.min(1, Math.exp(-least));
}

function hedgedCapital({ m }: Record<string, number>, raw: Record<string, unknown>): number {
  const capital = new HedgedCapital({ nullValue: m! });
  for (const x of raw.x as number[]) capital.push(x);
  // confseq takes the larger half of the capital, the library both halves together, which is a little more.
  const { logUp, logDown } = capital.toJSON();
  return 0.5 * Math.exp(Math.max(logUp!, logDown!));
}

const two = 'two-sided';
const one = 'greater';
const runs: Record<string, Run> = {
  'normal2.rho': (i) => normalMixtureRho({ horizon: i.vOpt!, alpha: i.alphaOpt! }),
  'normal2.logMixture': (i) =>
    normalMixtureLogEValue(i.s!, i.v!, { rho: normalMixtureRho({ horizon: i.vOpt!, alpha: i.alphaOpt! }) }),
  'normal2.bound': (i) =>
    normalMixtureBoundary(i.v!, { alpha: i.alpha!, rho: normalMixtureRho({ horizon: i.vOpt!, alpha: ALPHA }) }),
  'normal1.logMixture': (i) => {
    const rho = normalMixtureRho({ horizon: i.vOpt!, alpha: ALPHA, alternative: one });
    return normalMixtureLogEValue(i.s!, i.v!, { rho, alternative: one });
  },
  'normal1.bound': (i) => {
    // confseq inverts the exact half-normal mixture; the library's closed-form boundary lies a little above it.
    const rho = normalMixtureRho({ horizon: i.vOpt!, alpha: ALPHA, alternative: one });
    const excess = (s: number): number =>
      normalMixtureLogEValue(s, i.v!, { rho, alternative: one }) + Math.log(i.alpha!);
    return crossing(excess, 0, normalMixtureBoundary(i.v!, { alpha: i.alpha!, rho, alternative: one }), () => 1e-10);
  },
  'betaBinomial2.logMixture': (i) => betaBinomial(i.s!, i.v!, i.vOpt!, i.g!, i.h!, two),
  'betaBinomial1.logMixture': (i) => betaBinomial(i.s!, i.v!, i.vOpt!, i.g!, i.h!, one),
  'betaBinomial2.bound': (i) => betaBinomialBound(i.v!, i.alpha!, i.vOpt!, i.g!, i.h!, two),
  'betaBinomial1.bound': (i) => betaBinomialBound(i.v!, i.alpha!, i.vOpt!, i.g!, i.h!, one),
  polyStitching: (i) => stitchedBoundary(i.v!, { alpha: i.alpha!, start: i.vMin!, scale: i.c! }),
  'quantile.abTestPValue': quantilePValue,
  'bernoulliCS.lower': (i) => bernoulliEnd(i, false),
  'bernoulliCS.upper': (i) => bernoulliEnd(i, true),
  'multinomial.logE': (i, raw) =>
    multinomialLogEValue([{ counts: raw.counts as number[], shares: raw.theta0 as number[] }], {
      concentration: i.concentration!,
    }),
  'betting.hedgedCapital': hedgedCapital,
};

const folder = process.argv[2];
const file = folder === undefined ? undefined : resolve(folder, 'anytime-cases.json');
if (file === undefined || !existsSync(file)) {
  console.error('anytime.ts: NOTHING WAS CHECKED. Give the folder that holds anytime-cases.json as the argument.');
  process.exit(1);
}
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: Case[] };
let different = 0;
let missing = 0;
for (const { kind, input, expected, absTol } of cases) {
  const run = runs[kind];
  if (run === undefined) {
    missing += 1;
    console.log(`not offered  ${kind} ${JSON.stringify(input)}`);
    continue;
  }
  const got = run(input, input);
  const ok = Math.abs(got - expected) <= absTol;
  if (!ok) different += 1;
  console.log(`${ok ? 'equal      ' : 'DIFFERENT  '}  ${kind} got ${got}, reference ${expected}`);
}
console.log(
  `\n${cases.length - different - missing} of ${cases.length} equal, ${different} different, ${missing} not offered`,
);
process.exitCode = different === 0 ? 0 : 1;
