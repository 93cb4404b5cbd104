import { describe, expect, it } from 'vitest';
import { VariantSlots } from '../../src/metrics/VariantSlots.ts';
import { Tally } from '../support/Tally.ts';

const leaf = { predict: (x: unknown) => x };

describe('VariantSlots', () => {
  it('knows which models are strategies, as they come and go', () => {
    const slots = new VariantSlots('outer:o', { leaf });
    expect([slots.leaves, Object.keys(slots.all)]).toEqual([true, ['leaf']]);
    const inner = new Tally({ name: 'inner', seed: 1 });
    slots.add('outer:o', 'nested', inner);
    expect([slots.leaves, slots.children.nested]).toEqual([false, inner]);
    expect(slots.all.nested).toMatchObject({ name: 'nested', form: 'strategy' });
    slots.remove('nested');
    expect([slots.leaves, Object.keys(slots.all)]).toEqual([true, ['leaf']]);
  });

  it('refuses what is no model, a name that is taken, and one strategy twice', () => {
    const inner = new Tally({ name: 'inner', seed: 1 });
    const slots = new VariantSlots('outer:o', { leaf, inner });
    expect(() => slots.add('outer:o', 'leaf', leaf)).toThrow('a name that no other variant has');
    expect(() => slots.add('outer:o', 'x', {})).toThrow('a model');
    expect(() => slots.add('outer:o', 'again', inner)).toThrow('twice');
    expect(Object.keys(slots.all)).toEqual(['leaf', 'inner']);
    expect(() => new VariantSlots('outer:o', { a: inner, b: inner })).toThrow('twice');
  });
});
