import { ABTest } from '../abtest/index.ts';
import { CanaryDeployment } from '../canary/index.ts';
import { InvalidOptionError } from '../core/errors.ts';
import type { AnyModel } from '../core/Model.ts';
import type { AnyStrategy } from '../core/strategy.ts';
import type { StrategyOptions } from '../metrics/StrategyOptions.ts';
import { ShadowRunner } from '../shadow/index.ts';
import { judgeABTest, judgeCanary, judgeShadow } from './judgeStep.ts';
import { modelView } from './modelView.ts';
import { type RolloutOptions, strategyOptions } from './RolloutOptions.ts';
import type { StepName } from './RolloutPhase.ts';
import { StepSlot, type StepSlotOwner } from './StepSlot.ts';
import type { StepVerdict } from './StepVerdict.ts';

/** The steps of a rollout with their places, and what each says. */
export interface RolloutSteps {
  readonly shadow: StepSlot<ShadowRunner<AnyModel>>;
  readonly abTest: StepSlot<ABTest<AnyModel, AnyModel>>;
  readonly canary: StepSlot<CanaryDeployment<AnyModel, AnyModel>>;
  /** By its own criteria, or the user's. May throw what these throw. */
  judge(step: StepName): StepVerdict;
}

/** The name of the candidate among a shadow runner's shadows. */
export const CANDIDATE = 'candidate';

/**
 * Makes the places of all steps. The strategies that will be used are made once to check their options.
 * @throws InvalidOptionError
 */
export function createSteps(
  options: RolloutOptions,
  used: readonly StepName[],
  common: (step: StepName) => StrategyOptions,
  owner: (step: StepName) => StepSlotOwner,
): RolloutSteps {
  const { current, candidate, metrics } = options;
  const make = {
    shadow: () => {
      const rest = strategyOptions(options.shadow, metrics);
      const models = { primary: modelView(current), shadows: { [CANDIDATE]: modelView(candidate) } };
      return new ShadowRunner<AnyModel>({ ...rest, ...common('shadow'), ...models });
    },
    abTest: () => {
      const { trafficShare = 0.5, ...rest } = strategyOptions(options.abTest, metrics);
      const challenger = { model: modelView(candidate), trafficShare };
      return new ABTest<AnyModel, AnyModel>({
        ...rest,
        ...common('abTest'),
        champion: modelView(current),
        challenger: challenger as unknown as AnyModel,
      });
    },
    canary: (fresh: boolean) => {
      const rest = strategyOptions(options.canary, metrics);
      const models = { baseline: modelView(current), canary: modelView(candidate) };
      // One that has to be asked first is started by the rollout.
      const autoStart = fresh && rest.hooks?.preRollout === undefined;
      return new CanaryDeployment<AnyModel, AnyModel>({ ...rest, ...common('canary'), ...models, autoStart });
    },
  };
  for (const step of used) make[step](false);
  if (used.includes('abTest')) checkGoal(options);
  const slot = <S extends AnyStrategy>(step: StepName, kind: string, create: (fresh: boolean) => S): StepSlot<S> =>
    new StepSlot(step, { kind, name: common(step).name ?? step }, create, owner(step));
  const slots = {
    shadow: slot('shadow', 'shadow', make.shadow as () => never) as StepSlot<ShadowRunner<AnyModel>>,
    abTest: slot('abTest', 'abtest', make.abTest as () => never) as unknown as RolloutSteps['abTest'],
    canary: slot('canary', 'canary', make.canary as () => never) as unknown as RolloutSteps['canary'],
  };
  const judge = (step: StepName): StepVerdict => {
    const own = options[step] || undefined;
    const strategy = slots[step].strategy;
    if (strategy === undefined) return { verdict: 'hold', reasons: [] };
    if (own?.criteria !== undefined) return own.criteria(strategy as never);
    if (step === 'shadow') return judgeShadow(strategy as never, CANDIDATE);
    return step === 'abTest' ? judgeABTest(strategy as never) : judgeCanary(strategy as never);
  };
  return { ...slots, judge };
}

/** A test that can never say that the candidate is better would hold until its deadline. */
function checkGoal({ abTest, metrics }: RolloutOptions): void {
  const { criteria, decision, metrics: own = metrics ?? [] } = abTest || {};
  if (criteria !== undefined || decision !== undefined || own.some(({ role }) => role === 'goal')) return;
  throw new InvalidOptionError(
    'abTest.metrics',
    own,
    'a list with a goal, or abTest given a decision or criteria of its own, or false',
  );
}
