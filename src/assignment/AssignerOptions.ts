import {
  checkDistinct,
  checkList,
  checkName,
  checkOneOf,
  checkOptions,
  checkShare,
  checkShares,
} from '../core/check.ts';
import { InvalidOptionError, UnknownVariantError } from '../core/errors.ts';
import { type Unit, unitText } from '../core/Unit.ts';
import type { Rng } from '../random/Rng.ts';
import type { GrowthbookHashVersion } from './growthbookHash.ts';

/**
 * How units are hashed. `murmur3-v1`: the scheme of `hashUnit` and `hashSeed`. `growthbook-v1`, `growthbook-v2`:
 * buckets, namespaces and coverage as GrowthBook has them, for experiments that come from there.
 */
export type AssignmentHash = 'murmur3-v1' | 'growthbook-v1' | 'growthbook-v2';

/** An experiment's place in a namespace: experiments of one namespace with disjoint ranges never share a unit. */
export interface NamespaceRange {
  readonly id: string;
  /** Half open, within [0, 1]: `[0, 0.4]` and `[0.4, 1]` are disjoint. */
  readonly range: readonly [from: number, to: number];
}

/** Units kept out of every experiment that names the same holdout, so that their joint effect can be seen. */
export interface Holdout {
  /** @defaultValue `'global'` */
  readonly id?: string;
  /** Fraction of units held out; a larger holdout contains the smaller. */
  readonly share: number;
}

/** What an {@link Assigner} needs to know. */
export interface AssignerOptions<K extends string = string> {
  /** The experiment's name: it salts the hash, so another name is another, independent assignment. */
  readonly name: string;
  /** Names of the variants, the champion first. */
  readonly variants: readonly K[];
  /** The share of each variant, in the same order; they sum to 1. */
  readonly shares: readonly number[];
  /** Draws for what has no unit. The assigner's own from now on: hand in a fork. */
  readonly rng: Rng;
  /** Another salt is another, independent assignment under the same name; refused where every request is drawn. @defaultValue `''` */
  readonly salt?: string;
  /**
   * `unit`: sticky wherever there is a unit, drawn where there is none. `request`: always drawn, also where there is a
   * unit; namespace and holdout still go by unit. @defaultValue `'unit'`
   */
  readonly by?: 'unit' | 'request';
  /** Units whose variant is fixed, for tests and demonstrations: before everything else, eligibility included. */
  readonly forced?: ReadonlyMap<Unit, K>;
  readonly namespace?: NamespaceRange;
  readonly holdout?: Holdout;
  /** Fraction of the traffic that the experiment is open to; who is in stays in as it grows. @defaultValue 1 */
  readonly exposure?: number;
  /** Refused where every request is drawn, without a namespace. @defaultValue `'murmur3-v1'` */
  readonly hash?: AssignmentHash;
}

const known = ['name', 'variants', 'shares', 'rng', 'salt', 'by', 'forced', 'namespace', 'holdout', 'exposure', 'hash'];

/** Checks every rule of the options. @throws InvalidOptionError, UnknownVariantError */
export function checkAssignerOptions(options: AssignerOptions): void {
  checkOptions('assigner', options, known);
  const { name, variants, shares, rng, salt, by, forced, namespace, holdout, exposure, hash } = options;
  checkName('name', name);
  checkDistinct('variants', variants);
  for (const variant of variants) checkName('variants', variant);
  checkSharesOf(variants, shares);
  if (typeof rng?.next !== 'function') throw new InvalidOptionError('rng', rng, 'a random number generator');
  if (salt !== undefined && typeof salt !== 'string') throw new InvalidOptionError('salt', salt, 'a string');
  if (by !== undefined) checkOneOf('by', by, ['unit', 'request']);
  if (hash !== undefined) checkOneOf('hash', hash, ['murmur3-v1', 'growthbook-v1', 'growthbook-v2']);
  if (exposure !== undefined) checkShare('exposure', exposure);
  if (namespace !== undefined) checkNamespace(namespace);
  if (holdout !== undefined) {
    checkOptions('holdout', holdout, ['id', 'share']);
    if (holdout.id !== undefined) checkName('holdout.id', holdout.id);
    checkShare('holdout.share', holdout.share);
  }
  if (forced !== undefined) checkForced(forced, variants);
  if (by === 'request') checkDrawn(options);
}

/** Where every request is drawn nothing is hashed for the variant. */
function checkDrawn({ salt = '', hash = 'murmur3-v1', namespace }: AssignerOptions): void {
  const rule = "left out where every request is drawn (by: 'request')";
  if (salt !== '') throw new InvalidOptionError('salt', salt, rule);
  if (hash !== 'murmur3-v1' && namespace === undefined) throw new InvalidOptionError('hash', hash, rule);
}

function checkForced(forced: ReadonlyMap<Unit, string>, variants: readonly string[]): void {
  if (!(forced instanceof Map)) throw new InvalidOptionError('forced', forced, 'a Map of units to variants');
  for (const variant of forced.values()) {
    if (!variants.includes(variant)) throw new UnknownVariantError('forced', variant, variants);
  }
  checkDistinct('forced', [...forced.keys()].map(unitText));
}

/** One share for each variant. @throws InvalidOptionError */
export function checkSharesOf(variants: readonly string[], shares: readonly number[]): void {
  if (!Array.isArray(shares) || shares.length !== variants.length) {
    throw new InvalidOptionError('shares', shares, `one share for each of the ${variants.length} variants`);
  }
  checkShares('shares', shares);
}

function checkNamespace(namespace: NamespaceRange): void {
  checkOptions('namespace', namespace, ['id', 'range']);
  const { id, range } = namespace;
  checkName('namespace.id', id);
  checkList('namespace.range', range, 'a range [from, to)');
  const [from, to] = range;
  checkShare('namespace.range[0]', from);
  checkShare('namespace.range[1]', to);
  if (from >= to) throw new InvalidOptionError('namespace.range', range, 'a range [from, to) with from below to');
}

/** The version of GrowthBook's hash that a hash name asks for, or undefined. */
export function growthbookVersion(hash: AssignmentHash | undefined): GrowthbookHashVersion | undefined {
  if (hash === 'growthbook-v1') return 1;
  return hash === 'growthbook-v2' ? 2 : undefined;
}
