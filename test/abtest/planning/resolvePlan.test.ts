import { describe, expect, it } from 'vitest';
import { ABTest } from '../../../src/abtest/index.ts';
import { resolvePlan } from '../../../src/abtest/planning/resolvePlan.ts';
import { expectClose } from '../../support/golden.ts';

const accuracyOf = { baseline: { rate: 0.9 }, effect: { absolute: 0.01 }, power: 0.8 } as const;

describe('resolvePlan', () => {
  it('takes the deviation from the rate, the disagreement or what is told', () => {
    const { sd, effectSize, shares, inference, mode } = resolvePlan(accuracyOf);
    expectClose(sd, Math.sqrt((0.09 + 0.91 * 0.09) / 2));
    expectClose(effectSize, 0.01 / sd);
    expect({ shares, inference, mode }).toEqual({ shares: [0.5, 0.5], inference: 'anytime', mode: 'split' });
    expectClose(resolvePlan({ ...accuracyOf, mode: 'paired', disagreement: 0.05 }).sd, Math.sqrt(0.05 - 1e-4));
    const means = { baseline: { mean: -10, sd: 3 }, effect: { relative: 0.1 }, explained: 0.75 };
    expectClose(resolvePlan(means).sd, 1.5);
    expectClose(resolvePlan(means).effect, 1);
  });

  it.each([
    [{ ...accuracyOf, effect: { absolute: 0 } }, 'effect'],
    [{ ...accuracyOf, effect: { absolute: 0.2 } }, 'effect'],
    [{ ...accuracyOf, mode: 'paired' as const }, 'disagreement'],
    [{ ...accuracyOf, mode: 'paired' as const, disagreement: 0.001 }, 'disagreement'],
    [{ ...accuracyOf, trafficShare: 0 }, 'trafficShare'],
    [{ ...accuracyOf, sides: 2 }, 'plan.sides'],
  ])('refuses %o', (options, option) => {
    expect(() => ABTest.plan(options)).toThrow(option);
  });
});
