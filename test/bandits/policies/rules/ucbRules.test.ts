import { describe, expect, it } from 'vitest';
import { ArmTable } from '../../../../src/bandits/policies/ArmTable.ts';
import type { ArmRule, ChoiceView } from '../../../../src/bandits/policies/rules/ArmRule.ts';
import {
  bayesUcbRule,
  imedRule,
  klUcbRule,
  mossRule,
  ucbRule,
  ucbTunedRule,
} from '../../../../src/bandits/policies/rules/ucbRules.ts';
import { createRng } from '../../../../src/random/index.ts';
import { expectClose, readGolden } from '../../../support/golden.ts';

interface IndexCase {
  readonly pulls: number[];
  readonly totalReward: number[];
  readonly c: number;
  readonly expected: Readonly<Record<string, number[]>> & {
    readonly moss_horizon: number;
    readonly imed_choice: number;
  };
}
const cases = readGolden<{ indices_binary: IndexCase[] }>('bandits.json').indices_binary;
const NONE = { weight: 0, sum: 0 };
const rng = createRng(1);

function viewOf({ pulls, totalReward }: IndexCase, prior = NONE): ChoiceView {
  const table = new ArmTable(1);
  pulls.forEach((n, i) => {
    table.insert(prior);
    for (let k = 0; k < n; k += 1) table.add(i, k < totalReward[i]! ? 1 : 0, 1);
  });
  const scores = new Float64Array(pulls.length);
  return { table, ties: 'first', scores, pending: undefined, inFlight: 0, eligible: undefined };
}

function scores(rule: ArmRule, view: ChoiceView): number[] {
  rule.score!(view, rng);
  return Array.from(view.scores);
}

describe.each(cases)('indices of pulls $pulls, rewards $totalReward', (reference) => {
  const view = viewOf(reference);
  const rules: Record<string, ArmRule> = {
    ucb_c: ucbRule('ucb', reference.c, NONE),
    ucb1: ucbRule('ucb1', Math.SQRT2, NONE),
    ucb_tuned: ucbTunedRule(NONE),
    moss: mossRule(reference.expected.moss_horizon, NONE),
    klucb_c0: klUcbRule(false, 0, NONE),
    klucb_c3: klUcbRule(false, 3, NONE),
    klucb_plus: klUcbRule(true, 0, NONE),
  };
  it.each(Object.keys(rules))('%s', (name) => {
    scores(rules[name]!, view).forEach((got, i) => {
      expectClose(got, reference.expected[name]![i]!, 1e-11, name);
    });
  });

  it('bayes_ucb', () => {
    const prior = { weight: 2, sum: 1 };
    scores(bayesUcbRule(prior), viewOf(reference, prior)).forEach((got, i) => {
      expectClose(got, reference.expected.bayes_ucb![i]!, 1e-9, 'bayes_ucb');
    });
  });

  it('imed', () => {
    scores(imedRule(NONE), view).forEach((got, i) => {
      expectClose(-got, reference.expected.imed![i]!, 1e-11, 'imed');
    });
    expect(imedRule(NONE).choose(view, rng)).toBe(reference.expected.imed_choice);
  });

  it('choosing without solving for every index chooses the same arm', () => {
    for (const rule of [rules.klucb_c0!, rules.klucb_c3!, rules.klucb_plus!]) {
      const exact = scores(rule, view);
      expect(rule.choose(view, rng)).toBe(exact.indexOf(Math.max(...exact)));
    }
  });
});

describe('pulls in flight', () => {
  it('count as pulls in every deterministic index', () => {
    const reference: IndexCase = { ...cases[0]!, pulls: [40, 40], totalReward: [20, 20] };
    for (const rule of [
      ucbRule('ucb', 2, NONE),
      ucbTunedRule(NONE),
      mossRule(1000, NONE),
      klUcbRule(false, 0, NONE),
      klUcbRule(true, 0, NONE),
      imedRule(NONE),
    ]) {
      const view = viewOf(reference);
      view.pending = [5, 0];
      view.inFlight = 5;
      expect(rule.choose(view, rng), rule.kind).toBe(1);
    }
    const view = viewOf(reference, { weight: 2, sum: 1 });
    view.pending = [5, 0];
    view.inFlight = 5;
    expect(bayesUcbRule({ weight: 2, sum: 1 }).choose(view, rng)).toBe(1);
  });
});
