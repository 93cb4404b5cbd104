import { checkPolicyOptions, rewardScale, TABLE_OPTIONS, type TablePolicyOptions } from './PolicyOptions.ts';
import { countEligible, uniformArm } from './rules/choice.ts';
import { pseudoPulls } from './rules/indexRule.ts';
import { TablePolicy } from './TablePolicy.ts';

/** Every eligible arm with equal probability: the baseline that any other policy must beat. */
export class RandomPolicy extends TablePolicy {
  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: TablePolicyOptions) {
    checkPolicyOptions('RandomPolicy options', options, TABLE_OPTIONS);
    const scale = rewardScale(options.rewardRange ?? [0, 1], false);
    super(
      {
        kind: 'random',
        leastPulls: 0,
        choose: uniformArm,
        law: (view, out) => {
          const share = 1 / countEligible(view);
          for (let i = 0; i < out.length; i += 1) out[i] = view.eligible === undefined || view.eligible[i] ? share : 0;
        },
        prior: (option) => pseudoPulls(option, { weight: 0, sum: 0 }),
      },
      scale,
      options,
    );
  }
}
