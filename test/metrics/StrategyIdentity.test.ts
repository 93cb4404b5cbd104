import { describe, expect, it } from 'vitest';
import { StrategyIdentity } from '../../src/metrics/StrategyIdentity.ts';
import { createRng } from '../../src/random/index.ts';

const draw = (identity: StrategyIdentity): number => identity.rng.next();

describe('StrategyIdentity', () => {
  it('makes ids and a stream from name, seed, path and replica alone', () => {
    const one = new StrategyIdentity('abtest', { name: 't', seed: 7 });
    const same = new StrategyIdentity('abtest', { name: 't', seed: 7 });
    expect(draw(one)).toBe(draw(same));
    expect(one.ids.next()).toBe(same.ids.next());
    expect(one.ids.next()).not.toBe(new StrategyIdentity('abtest', { name: 't', seed: 8 }).ids.next());
    expect(one.path).toBe('abtest:t');
    expect(new StrategyIdentity('abtest', {}).name).toBe('abtest');
  });

  it('has another stream wherever it is taken in, and as another replica', () => {
    const draws = ['', 'a', 'b'].flatMap((replica) => {
      const identity = new StrategyIdentity('abtest', { name: 't', seed: 7 });
      if (replica !== '') identity.relabel(replica);
      const free = draw(identity);
      identity.adopt('canary:c/inner');
      expect(identity.path).toBe('canary:c/inner/abtest:t');
      return [free, draw(identity)];
    });
    expect(new Set(draws).size).toBe(6);
  });

  it('goes on where it was saved; another replica starts a stream of its own from there', () => {
    const source = new StrategyIdentity('abtest', { name: 't', seed: 7, replica: 'a' });
    draw(source);
    source.ids.next();
    const saved = JSON.parse(JSON.stringify(source.save())) as ReturnType<typeof source.save>;
    const [same, other] = ['a', 'b'].map((replica) => new StrategyIdentity('abtest', { name: 't', seed: 1, replica }));
    const before = draw(new StrategyIdentity('abtest', { name: 't', seed: 1, replica: 'a' }));
    const undo = same!.load(saved);
    other!.load(saved);
    const next = draw(source);
    expect(draw(same!)).toBe(next);
    expect(draw(other!)).not.toBe(next);
    expect(same!.ids.next()).toBe(source.ids.next());
    expect(same!.seed).toBe('7');
    undo();
    expect(same!.seed).toBe('1');
    expect(draw(same!)).toBe(before);
  });

  it('gives no id twice, also where a label comes again', () => {
    const identity = new StrategyIdentity('abtest', { name: 't', seed: 7, replica: 'a' });
    const ids = ['a', 'b', 'a', 'a'].flatMap((replica) => {
      identity.relabel(replica);
      return [identity.ids.next(), identity.ids.next()];
    });
    expect(new Set(ids).size).toBe(8);
  });

  it('keeps a generator that was given, whatever happens, and leaves it out of what it saves', () => {
    const rng = createRng('recorded');
    const identity = new StrategyIdentity('abtest', { name: 't', seed: 7, rng });
    identity.adopt('x');
    identity.relabel('b');
    const saved = identity.save();
    expect(saved.rng).toBeNull();
    identity.load({ ...saved, seed: 'other' });
    expect(identity.rng).toBe(rng);
    // Samples come from the seed all the same.
    const seeded = new StrategyIdentity('abtest', { name: 't', seed: 'other', replica: 'b' });
    seeded.adopt('x');
    expect(identity.stream('samples').next()).toBe(seeded.stream('samples').next());
  });

  it.each([
    [{ name: '' }, 'name'],
    [{ rng: {} }, 'rng.next'],
    [{ replica: 3 }, 'replica'],
  ])('refuses %j', (options, message) => {
    expect(() => new StrategyIdentity('abtest', options as never)).toThrow(message);
  });
});
