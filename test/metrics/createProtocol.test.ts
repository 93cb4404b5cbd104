import { describe, expect, it } from 'vitest';
import { strategyMark } from '../../src/core/index.ts';
import { Tally } from '../support/Tally.ts';

describe('createProtocol', () => {
  it('passes paths and labels on to nested strategies', () => {
    const inner = new Tally({ name: 'inner', seed: 1 });
    const free = inner.runtime.rng.next();
    const outer = new Tally({ name: 'outer', seed: 1 }, inner);
    expect(outer[strategyMark].children).toEqual({ leaf: inner });
    const nested = inner.runtime.rng.next();
    expect(nested).not.toBe(free);
    outer[strategyMark].relabel('b');
    expect([outer.runtime.replica, inner.runtime.replica]).toEqual(['b', 'b']);
    expect(inner.runtime.rng.next()).not.toBe(nested);
  });

  it('says what it knows of a request and of the truths', () => {
    const strategy = new Tally({ name: 't', seed: 1 });
    const protocol = strategy[strategyMark];
    expect([protocol.kind, protocol.name]).toEqual(['tally', 't']);
    strategy.runtime.serve({ variant: 'leaf' }, 1, { id: 'a' });
    expect([protocol.saw('a'), protocol.saw('b')]).toEqual([true, false]);
    expect(protocol.truths()).toMatchObject({ waiting: 1, recorded: 0 });
  });
});
