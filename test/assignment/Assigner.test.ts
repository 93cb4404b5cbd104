import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Assigner } from '../../src/assignment/Assigner.ts';
import type { AssignerOptions } from '../../src/assignment/AssignerOptions.ts';
import type { AssignerState } from '../../src/assignment/AssignerState.ts';
import { growthbookHash } from '../../src/assignment/growthbookHash.ts';
import { growthbookInNamespace, growthbookRanges, growthbookVariation } from '../../src/assignment/growthbookRanges.ts';
import { hashSeed } from '../../src/assignment/hashSeed.ts';
import { hashUnit } from '../../src/assignment/hashUnit.ts';
import { InvalidOptionError, SnapshotError, UnknownVariantError } from '../../src/core/errors.ts';
import type { Unit } from '../../src/core/Unit.ts';
import { createRng } from '../../src/random/createRng.ts';
import { arbitraryRamps } from '../support/arbitraryShares.ts';
import { independenceZ, uniformityZ } from '../support/chiSquaredZ.ts';
import { readGolden } from '../support/golden.ts';

type Variant = 'champion' | 'challenger';
const base = (): AssignerOptions<Variant> => ({
  name: 'yield-v2',
  variants: ['champion', 'challenger'],
  shares: [0.5, 0.5],
  rng: createRng(42),
});
const make = (options: Partial<AssignerOptions<Variant>> = {}): Assigner<Variant> =>
  new Assigner({ ...base(), ...options });
const users = Array.from({ length: 20_000 }, (_, i) => `user-${i}`);
/** The variant's index, or why there is none. */
function answer(assigner: Assigner, unit?: Unit): number | string {
  const assignment = assigner.assign(unit);
  return assignment.status === 'assigned' ? assignment.index : assignment.reason;
}
const fraction = (assigner: Assigner, wanted: number | string): number =>
  users.filter((user) => answer(assigner, user) === wanted).length / users.length;
/** Five standard errors of a fraction over the users. */
const near = (p: number): number => 5 * Math.sqrt((p * (1 - p)) / users.length);

describe('Assigner by unit', () => {
  interface Experiment
    extends Pick<AssignerOptions, 'name' | 'salt' | 'shares' | 'namespace' | 'holdout' | 'exposure'> {
    assignments: [unit: string, answer: string][];
  }
  const golden = readGolden<{ experiments: Experiment[] }>('assignment.json');

  it.each(golden.experiments.map((experiment) => [experiment.name, experiment.salt ?? '', experiment] as const))(
    'gives the frozen assignments of %s/%s',
    (_name, _salt, { assignments, ...options }) => {
      const variants = options.shares.map((_, i) => `v${i}`);
      const assigner = new Assigner({ ...options, variants, rng: createRng(1) });
      for (const [unit, want] of assignments) expect(String(answer(assigner, unit)), JSON.stringify(unit)).toBe(want);
    },
  );

  it('says the variant, its index and how it came to it, in one shared frozen object', () => {
    const assigner = make();
    const first = assigner.assign('wafer-17');
    expect(first).toEqual({ status: 'assigned', variant: 'challenger', index: 1, by: 'unit' });
    expect(assigner.assign('wafer-17')).toBe(first);
    expect(Object.isFrozen(first)).toBe(true);
  });

  it('depends neither on the order of units, nor on the seed, nor on how often it was asked', () => {
    const unit = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.integer(),
      fc.bigInt(),
      fc.string({ unit: 'binary', minLength: 1 }),
    );
    fc.assert(
      fc.property(fc.array(unit, { minLength: 1, maxLength: 30 }), fc.nat(), (units, seed) => {
        const one = make();
        const other = make({ rng: createRng(seed) });
        const forward = new Map(units.map((u) => [u, answer(one, u)]));
        for (const u of units.toReversed()) {
          answer(other);
          if (answer(other, u) !== forward.get(u)) return false;
        }
        return true;
      }),
      { seed: 42, numRuns: 150 },
    );
  });

  it('takes 0 for a unit, and 1, 1n and "1" for the same one', () => {
    const assigner = make();
    expect(new Set([0, -0, 0n, '0'].map((unit) => assigner.assign(unit))).size).toBe(1);
    expect(assigner.assign(0)).toMatchObject({ by: 'unit' });
    expect(new Set([1, 1n, '1'].map((unit) => assigner.assign(unit))).size).toBe(1);
  });

  it.each([[''], [Number.NaN], [Number.POSITIVE_INFINITY], [null], [{}]])('refuses %j as a unit', (unit) => {
    expect(() => make().assign(unit as Unit)).toThrow(InvalidOptionError);
  });

  it('meets the shares, and is independent of experiments under other names or salts', () => {
    const shares = [0.5, 0.3, 0.2];
    const variants = ['a', 'b', 'c'];
    const all = [{ name: 'exp-1' }, { name: 'exp-2' }, { name: 'exp-1', salt: 'again' }].map(
      (id) => new Assigner({ ...id, variants, shares, rng: createRng(1) }),
    );
    for (const assigner of all) {
      shares.forEach((share, arm) => {
        expect(Math.abs(fraction(assigner, arm) - share)).toBeLessThan(near(share));
      });
    }
    for (const [i, j] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      const table = [0, 1, 2].map(() => [0, 0, 0]);
      for (const user of users) table[answer(all[i]!, user) as number]![answer(all[j]!, user) as number]! += 1;
      expect(Math.abs(independenceZ(table))).toBeLessThan(4);
    }
  });
});

describe('Assigner gates', () => {
  it('asks in order: forced, eligible, namespace, holdout, exposure', () => {
    const closed = { namespace: { id: 'n', range: [0, 1e-9] }, holdout: { share: 1 }, exposure: 0 } as const;
    expect(answer(make({ ...closed }), 'u')).toBe('not-in-namespace');
    expect(answer(make({ ...closed, namespace: { id: 'n', range: [0, 1] } }), 'u')).toBe('holdout');
    expect(answer(make({ exposure: 0 }), 'u')).toBe('not-exposed');
    expect(make(closed).assign('u', false)).toEqual({ status: 'excluded', reason: 'not-eligible' });
    const forced = make({
      ...closed,
      forced: new Map<Unit, Variant>([
        ['u', 'challenger'],
        [0, 'champion'],
      ]),
    });
    expect(forced.assign('u', false)).toEqual({ status: 'assigned', variant: 'challenger', index: 1, by: 'forced' });
    expect(forced.assign('0')).toMatchObject({ variant: 'champion', by: 'forced' });
    expect(answer(forced, 'other')).toBe('not-in-namespace');
  });

  it('gives each unit to exactly one of the experiments that share out a namespace', () => {
    const cut = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(cut, { maxLength: 5 }),
        fc.array(fc.string({ minLength: 1 }), { minLength: 20 }),
        (inner, units) => {
          const cuts = [...new Set([0, ...inner, 1])].sort((a, b) => a - b);
          const experiments = cuts.slice(1).map((to, i) => {
            return make({ name: `exp-${i}`, namespace: { id: 'shared', range: [cuts[i]!, to] } });
          });
          for (const unit of units) {
            expect(experiments.filter((assigner) => assigner.assign(unit).status === 'assigned')).toHaveLength(1);
          }
        },
      ),
      { seed: 42, numRuns: 100 },
    );
  });

  it('has the low end of a namespace range and not its high end, to the position', () => {
    const at = hashUnit('u', hashSeed('namespace', 'n')) / 2 ** 32;
    expect(answer(make({ namespace: { id: 'n', range: [at, 1] } }), 'u')).not.toBe('not-in-namespace');
    expect(answer(make({ namespace: { id: 'n', range: [0, at] } }), 'u')).toBe('not-in-namespace');
  });

  it('never overlaps where ranges meet at a boundary that floating point cannot write', () => {
    const low = make({ name: 'low', namespace: { id: 'shared', range: [0, 0.1 + 0.2] } });
    const high = make({ name: 'high', namespace: { id: 'shared', range: [0.3, 1] } });
    const both = users.filter((user) => low.assign(user).status === high.assign(user).status);
    expect(both).toEqual([]);
  });

  it('holds out the same units everywhere, more of them by a larger share', () => {
    const small = make({ name: 'a', holdout: { share: 0.1 } });
    const large = make({ name: 'b', holdout: { share: 0.3 } });
    const elsewhere = make({ name: 'a', holdout: { id: 'q3', share: 0.3 } });
    const [few, many, others] = [small, large, elsewhere].map(
      (assigner) => new Set(users.filter((user) => answer(assigner, user) === 'holdout')),
    );
    expect(few!.size).toBeGreaterThan(0);
    expect([...few!].every((user) => many!.has(user))).toBe(true);
    expect(Math.abs(many!.size / users.length - 0.3)).toBeLessThan(near(0.3));
    const common = [...others!].filter((user) => many!.has(user)).length / users.length;
    expect(Math.abs(common - 0.09)).toBeLessThan(near(0.09));
  });

  it('lets nobody out as exposure grows, and leaves variants alone and evenly split', () => {
    const assigner = make({ exposure: 0.1, shares: [0.7, 0.3] });
    const before = users.map((user) => answer(assigner, user));
    const inside = before.filter((a) => a !== 'not-exposed');
    expect(Math.abs(inside.length / users.length - 0.1)).toBeLessThan(near(0.1));
    const challenger = inside.filter((a) => a === 1).length / inside.length;
    expect(Math.abs(challenger - 0.3)).toBeLessThan(5 * Math.sqrt(0.21 / inside.length));
    assigner.expose(0.6);
    expect([assigner.exposure, assigner.epoch]).toEqual([0.6, 0]);
    const changed = users.filter((user, i) => before[i] !== 'not-exposed' && answer(assigner, user) !== before[i]);
    expect(changed).toEqual([]);
    assigner.expose(1);
    expect(fraction(assigner, 'not-exposed')).toBe(0);
    expect(() => assigner.expose(1.1)).toThrow(InvalidOptionError);
  });
});

describe('Assigner ramps', () => {
  it('moves the fraction of units that it says, and only to arms that grow', () => {
    fc.assert(
      fc.property(arbitraryRamps({ min: 2, max: 5 }, 5), ([first, ...rest]) => {
        const variants = first!.map((_, i) => `v${i}`);
        const assigner = new Assigner({ name: 'ramped', variants, shares: first!, rng: createRng(1) });
        const some = users.slice(0, 4000);
        for (const shares of rest) {
          const { shares: from } = assigner;
          const before = some.map((user) => answer(assigner, user) as number);
          const moved = assigner.ramp(shares);
          let astray = 0;
          const changed = some.filter((user, i) => {
            const now = answer(assigner, user) as number;
            if (now !== before[i] && !(shares[now]! > from[now]!)) astray += 1;
            return now !== before[i];
          });
          expect(astray).toBe(0);
          const error = 5 * Math.sqrt(Math.max(moved * (1 - moved), 1e-4) / some.length);
          expect(Math.abs(changed.length / some.length - moved)).toBeLessThan(error);
        }
        expect(assigner.epoch).toBe(rest.length);
      }),
      { seed: 42, numRuns: 40 },
    );
  });

  it('refuses shares that are not one for each variant, or do not sum to 1, and changes nothing then', () => {
    const assigner = make();
    for (const shares of [[1], [0.5, 0.3, 0.2], [0.6, 0.5]])
      expect(() => assigner.ramp(shares)).toThrow(InvalidOptionError);
    expect([assigner.epoch, assigner.shares]).toEqual([0, [0.5, 0.5]]);
    expect(assigner.ledger.epoch).toBe(0);
  });
});

describe('Assigner by request', () => {
  it('draws what has no unit, in the shares, the champion at the low end', () => {
    const assigner = make({ shares: [0.8, 0.2] });
    const draws = createRng(42);
    let challengers = 0;
    let wrong = 0;
    for (let i = 0; i < 20_000; i += 1) {
      const assignment = assigner.assign();
      const index = draws.next() < 0.8 ? 0 : 1;
      if (assignment.status !== 'assigned' || assignment.index !== index || assignment.by !== 'request') wrong += 1;
      challengers += index;
    }
    expect(wrong).toBe(0);
    expect(Math.abs(challengers / 20_000 - 0.2)).toBeLessThan(near(0.2));
    expect(assigner.assign(undefined, false)).toEqual({ status: 'excluded', reason: 'not-eligible' });
  });

  it('draws units as well when asked to, and exposure with them', () => {
    const assigner = make({ by: 'request', exposure: 0.4 });
    const counts = [0, 0];
    let out = 0;
    for (let i = 0; i < 20_000; i += 1) {
      const assignment = assigner.assign('always the same');
      if (assignment.status === 'assigned') counts[assignment.index]! += 1;
      else if (assignment.reason === 'not-exposed') out += 1;
    }
    expect(Math.abs(uniformityZ(counts))).toBeLessThan(4);
    expect(Math.abs(out / 20_000 - 0.6)).toBeLessThan(near(0.6));
    expect(counts[0]! + counts[1]! + out).toBe(20_000);
  });

  it('draws the same variants whatever the exposure does', () => {
    const open = make({ by: 'request' });
    const half = make({ by: 'request', exposure: 0.5 });
    const drawn = (assigner: Assigner): number[] => {
      const all = Array.from({ length: 400 }, () => answer(assigner));
      return all.filter((a) => typeof a === 'number').slice(0, 100);
    };
    expect(drawn(half)).toEqual(drawn(open));
  });

  it('keeps out what has no unit where only a unit could be let in', () => {
    expect(answer(make({ holdout: { share: 0.1 } }))).toBe('no-unit');
    expect(answer(make({ namespace: { id: 'n', range: [0, 1] } }))).toBe('no-unit');
  });
});

describe('Assigner with a GrowthBook hash', () => {
  it.each([
    ['growthbook-v1', 1],
    ['growthbook-v2', 2],
  ] as const)('%s keeps variation, coverage, namespace and seed', (hash, version) => {
    const shares = [0.2, 0.5, 0.3];
    const variants = ['a', 'b', 'c'];
    const namespace = { id: 'ns', range: [0.1, 0.8] } as const;
    const options = { name: 'key', variants, shares, rng: createRng(1), hash };
    const keyed = new Assigner({ ...options, namespace, exposure: 0.6 });
    const seeded = new Assigner({ ...options, salt: 'seed' });
    for (const user of users.slice(0, 5000)) {
      const variation = growthbookVariation(growthbookHash('key', user, version), growthbookRanges(shares, 0.6));
      const want = variation < 0 ? 'not-exposed' : variation;
      expect(answer(keyed, user)).toBe(growthbookInNamespace(user, 'ns', [0.1, 0.8]) ? want : 'not-in-namespace');
      expect(answer(seeded, user)).toBe(
        growthbookVariation(growthbookHash('seed', user, version), growthbookRanges(shares)),
      );
    }
  });

  it('ramps by the minimum from there, once everybody is exposed', () => {
    const options = { ...base(), hash: 'growthbook-v2', shares: [0.9, 0.1], exposure: 0.5 } as const;
    const assigner = new Assigner(options);
    expect(() => assigner.ramp([0.5, 0.5])).toThrow(InvalidOptionError);
    assigner.expose(1);
    const before = users.map((user) => answer(assigner, user));
    expect(assigner.ramp([0.5, 0.5])).toBeCloseTo(0.4, 12);
    expect(users.filter((user, i) => before[i] === 1 && answer(assigner, user) !== 1)).toEqual([]);
    expect(() => assigner.expose(0.5)).toThrow(InvalidOptionError);
    assigner.expose(1);
  });
});

describe('Assigner snapshots', () => {
  it('goes on bit for bit, by unit and by request', () => {
    for (const hash of ['murmur3-v1', 'growthbook-v2'] as const) {
      const options = { ...base(), hash, exposure: 1 };
      const assigner = new Assigner(options);
      assigner.ramp([0.2, 0.8]);
      assigner.ramp([0.6, 0.4]);
      if (hash === 'murmur3-v1') assigner.expose(0.7);
      for (let i = 0; i < 17; i += 1) assigner.assign();
      const state = JSON.parse(JSON.stringify(assigner)) as AssignerState;
      const restored = Assigner.restore({ ...base(), hash, rng: createRng(99) }, state);
      expect(restored.toJSON()).toEqual(state);
      for (const user of users.slice(0, 300)) {
        expect(restored.assign(user)).toEqual(assigner.assign(user));
        expect(restored.assign()).toEqual(assigner.assign());
      }
      expect([restored.epoch, restored.exposure, restored.shares]).toEqual([
        assigner.epoch,
        assigner.exposure,
        assigner.shares,
      ]);
    }
  });

  it('refuses the state of another assignment', () => {
    const state = make({ salt: 's' }).toJSON();
    const restore =
      (options: Partial<AssignerOptions<Variant>>, from: unknown = state) =>
      () =>
        Assigner.restore({ ...base(), salt: 's', ...options }, from as AssignerState);
    expect(restore({})).not.toThrow();
    const others: Partial<AssignerOptions<Variant>>[] = [
      { name: 'other' },
      { salt: 't' },
      { hash: 'growthbook-v1' },
      { variants: ['challenger', 'champion'] },
    ];
    for (const other of others) expect(restore(other)).toThrow(SnapshotError);
    for (const broken of [null, {}, { ...state, version: 2 }, { ...state, ledger: undefined }]) {
      expect(restore({}, broken)).toThrow(SnapshotError);
    }
    expect(restore({}, { ...state, ledger: { ...state.ledger, shares: [1] } })).toThrow(SnapshotError);
  });
});

describe('Assigner options', () => {
  const bad: [string, object][] = [
    ['name', { name: '' }],
    ['variants', { variants: ['a', 'a'] }],
    ['variants', { variants: ['', 'a'] }],
    ['shares', { shares: [1] }],
    ['shares', { shares: [0.5, 0.45] }],
    ['rng', { rng: undefined }],
    ['salt', { salt: 7 }],
    ['by', { by: 'user' }],
    ['hash', { hash: 'md5' }],
    ['exposure', { exposure: 1.01 }],
    ['namespace.range', { namespace: { id: 'n', range: [0.5, 0.5] } }],
    ['namespace.range[1]', { namespace: { id: 'n', range: [0.5, 1.5] } }],
    ['namespace.id', { namespace: { id: '', range: [0, 1] } }],
    ['namespace.rnage', { namespace: { id: 'n', range: [0, 1], rnage: 1 } }],
    ['holdout.share', { holdout: { share: -0.1 } }],
    ['holdout.id', { holdout: { id: '', share: 0.1 } }],
    ['forced', { forced: { u: 'champion' } }],
    [
      'forced',
      {
        forced: new Map<Unit, Variant>([
          [1, 'champion'],
          ['1', 'challenger'],
        ]),
      },
    ],
    ['unit', { forced: new Map([['', 'champion']]) }],
    ['assigner.exposrue', { exposrue: 1 }],
  ];
  it.each(bad)('names %s', (option, options) => {
    try {
      make(options as Partial<AssignerOptions<Variant>>);
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidOptionError);
      expect((error as InvalidOptionError).option).toBe(option);
      return;
    }
    expect.unreachable('nothing was thrown');
  });

  it('names a variant that there is not', () => {
    expect(() => make({ forced: new Map([['u', 'chalenger' as Variant]]) })).toThrow(UnknownVariantError);
  });
});
