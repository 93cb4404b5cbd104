// Runs GrowthBook's conformance cases against src/assignment: `tsx scripts/thirdparty/growthbook.ts <folder>`, where the
// folder holds growthbook-hash.json (data of growthbook/growthbook, MIT; not part of this repository).
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Assigner } from '../../src/assignment/Assigner.ts';
import { type GrowthbookHashVersion, growthbookHash } from '../../src/assignment/growthbookHash.ts';
import {
  growthbookInNamespace,
  growthbookRanges,
  growthbookVariation,
  type HashRange,
} from '../../src/assignment/growthbookRanges.ts';
import { InvalidOptionError } from '../../src/core/errors.ts';
import { createRng } from '../../src/random/createRng.ts';

type Row<T extends unknown[]> = T[];
interface Experiment {
  readonly key: string;
  readonly variations: readonly unknown[];
  readonly seed?: string;
  readonly hashVersion?: GrowthbookHashVersion;
  readonly hashAttribute?: string;
  readonly weights?: readonly number[];
  readonly coverage?: number;
  readonly ranges?: readonly HashRange[];
  readonly namespace?: readonly [string, number, number];
  readonly active?: boolean;
  readonly force?: number;
}
interface Context {
  readonly attributes?: Readonly<Record<string, string | null>>;
  readonly forcedVariations?: object;
  readonly qaMode?: boolean;
  readonly enabled?: boolean;
}
interface Cases {
  readonly hash: Row<[seed: string, value: string, version: number, expected: number | null]>;
  readonly generatedHash: {
    cases: Row<[seed: string, value: string, version: GrowthbookHashVersion, expected: number]>;
  };
  readonly getBucketRange: Row<
    [name: string, input: [count: number, coverage: number, weights: number[] | null], expected: HashRange[]]
  >;
  readonly chooseVariation: Row<[name: string, hash: number, ranges: HashRange[], expected: number]>;
  readonly inNamespace: Row<[name: string, value: string, namespace: [string, number, number], expected: boolean]>;
  readonly run: Row<[name: string, context: Context, experiment: Experiment, value: unknown, inExperiment: boolean]>;
}

/** What became of a case: equal, different, refused where GrowthBook repairs silently, or about a feature not offered. */
type Verdict = 'equal' | 'DIFFERENT' | 'refused' | 'not offered';

const same = (a: unknown, b: unknown): Verdict => (JSON.stringify(a) === JSON.stringify(b) ? 'equal' : 'DIFFERENT');

/** `refused` where `run` throws InvalidOptionError, which the case must deserve. */
function refusing(deserved: boolean, run: () => Verdict): Verdict {
  try {
    const verdict = run();
    return deserved ? 'DIFFERENT' : verdict;
  } catch (error) {
    return deserved && error instanceof InvalidOptionError ? 'refused' : 'DIFFERENT';
  }
}

function bucketRange([count, coverage, weights]: [number, number, number[] | null], expected: HashRange[]): Verdict {
  const used = weights ?? new Array<number>(count).fill(1 / count);
  const sum = used.reduce((a, b) => a + b, 0);
  // How many variations there are is the length of the list here: the two cannot disagree.
  if (used.length !== count) return 'not offered';
  return refusing(Math.abs(sum - 1) > 1e-9 || coverage < 0 || coverage > 1, () => {
    const edges = growthbookRanges(used, coverage).flat();
    return edges.every((edge, i) => Math.abs(edge - expected.flat()[i]!) < 1e-7) ? 'equal' : 'DIFFERENT';
  });
}

function runExperiment(context: Context, experiment: Experiment, value: unknown, inExperiment: boolean): Verdict {
  const { key, seed, variations, hashVersion = 1, hashAttribute = 'id', coverage, namespace, ranges } = experiment;
  const unit = context.attributes?.[hashAttribute];
  const special = context.qaMode || context.enabled === false || context.forcedVariations !== undefined;
  if (special || experiment.active === false || experiment.force !== undefined || variations.length < 2 || !unit) {
    return 'not offered';
  }
  if (ranges !== undefined) {
    const variation = growthbookVariation(growthbookHash(seed ?? key, unit, hashVersion), ranges);
    return same([variations[Math.max(0, variation)], variation >= 0], [value, inExperiment]);
  }
  const assigner = new Assigner({
    name: key,
    variants: variations.map((_, i) => `${i}`),
    shares: experiment.weights ?? variations.map(() => 1 / variations.length),
    rng: createRng(1),
    hash: `growthbook-v${hashVersion}`,
    ...(seed === undefined ? {} : { salt: seed }),
    ...(coverage === undefined ? {} : { exposure: coverage }),
    ...(namespace === undefined ? {} : { namespace: { id: namespace[0], range: [namespace[1], namespace[2]] } }),
  });
  const assignment = assigner.assign(unit);
  const index = assignment.status === 'assigned' ? assignment.index : 0;
  return same([variations[index], assignment.status === 'assigned'], [value, inExperiment]);
}

function main(folder: string | undefined): void {
  const path = folder === undefined ? undefined : resolve(folder, 'growthbook-hash.json');
  if (path === undefined || !existsSync(path)) {
    console.error(`NOTHING WAS CHECKED: give the folder that holds growthbook-hash.json (got ${folder ?? 'none'})`);
    process.exitCode = 1;
    return;
  }
  const cases = JSON.parse(readFileSync(path, 'utf8')) as Cases;
  const hashOf = (seed: string, value: string, version: number): number =>
    growthbookHash(seed, value, version as GrowthbookHashVersion);
  const verdicts: Record<string, [name: string, verdict: Verdict][]> = {
    hash: cases.hash.map(([seed, value, version, expected]) => [
      `${seed}/${value}/${version}`,
      refusing(expected === null, () => same(hashOf(seed, value, version), expected)),
    ]),
    'hash beyond ASCII': cases.generatedHash.cases.map(([seed, value, version, expected]) => [
      `${seed}/${value}/${version}`,
      same(hashOf(seed, value, version), expected),
    ]),
    getBucketRange: cases.getBucketRange.map(([name, input, expected]) => [name, bucketRange(input, expected)]),
    chooseVariation: cases.chooseVariation.map(([name, hash, ranges, want]) => [
      name,
      same(growthbookVariation(hash, ranges), want),
    ]),
    inNamespace: cases.inNamespace.map(([name, value, [id, from, to], want]) => [
      name,
      same(growthbookInNamespace(value, id, [from, to]), want),
    ]),
    run: cases.run.map(([name, context, experiment, value, inside]) => [
      name,
      runExperiment(context, experiment, value, inside),
    ]),
  };
  for (const [topic, rows] of Object.entries(verdicts)) {
    const count = (wanted: Verdict): number => rows.filter(([, verdict]) => verdict === wanted).length;
    console.log(
      `${topic}: ${count('equal')} of ${rows.length} equal, ${count('refused')} refused as they should be, ${count('not offered')} about features not offered, ${count('DIFFERENT')} different`,
    );
    for (const [name, verdict] of rows) if (verdict === 'DIFFERENT') console.error(`  DIFFERENT: ${topic}: ${name}`);
    if (count('DIFFERENT') > 0 || count('equal') === 0) process.exitCode = 1;
  }
}

main(process.argv[2]);
