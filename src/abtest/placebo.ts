import type { AnyModel } from '../core/Model.ts';
import type { ABTestOptions } from './ABTestOptions.ts';
import { resolveVariants, type VariantInput, type VariantInputs } from './variants.ts';

type AnyOptions = ABTestOptions<VariantInput, VariantInput, VariantInputs>;

/** The same test with the champion's model in every challenger's place. */
export function placebo(options: AnyOptions): AnyOptions {
  const { challenger, challengers } = options;
  const { names, models } = resolveVariants(options);
  const model = models[names[0]!] as AnyModel;
  const swap = (input: VariantInput): VariantInput => ('model' in input ? { ...input, model } : model);
  const swapAll = (inputs: VariantInputs): VariantInputs =>
    Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, swap(input)]));
  return {
    ...options,
    ...(challenger === undefined ? {} : { challenger: swap(challenger) }),
    ...(challengers === undefined ? {} : { challengers: swapAll(challengers) }),
  };
}
