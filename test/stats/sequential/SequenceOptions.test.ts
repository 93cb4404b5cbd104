import { expect, it } from 'vitest';
import * as sequential from '../../../src/stats/sequential/index.ts';

const moments = { n: 200, mean: 1, variance: 1 };
const calls: Readonly<Record<string, (options: never) => unknown>> = {
  asymptoticMeanSequence: (options) => sequential.asymptoticMeanSequence(moments, options),
  averageEValues: (options) => sequential.averageEValues([1], options),
  AssignedDifferenceSequence: (options) => new sequential.AssignedDifferenceSequence(options),
  HedgedCapital: (options) => new sequential.HedgedCapital(options),
  exceedanceLogEValue: (options) => sequential.exceedanceLogEValue({ successes: 1, trials: 2 }, options),
  groupSequentialBoundaries: (options) => sequential.groupSequentialBoundaries(options),
  classicalBoundaries: (options) => sequential.classicalBoundaries(options),
  logRatioInformation: (options) => sequential.logRatioInformation(moments, moments, options),
  normalMixtureBoundary: (options) => sequential.normalMixtureBoundary(1, options),
  normalMixtureLogEValue: (options) => sequential.normalMixtureLogEValue(1, 1, options),
  normalMixtureRho: (options) => sequential.normalMixtureRho(options),
  normalMixtureTest: (options) => sequential.normalMixtureTest(options),
  stitchedBoundary: (options) => sequential.stitchedBoundary(1, options),
};

it.each(Object.entries(calls))('%s names an option that it does not know', (_name, call) => {
  expect(() => call({ unheard: 1 } as never)).toThrow('options.unheard must be left out');
});

it('names a null value that is none', () => {
  expect(() => sequential.asymptoticMeanSequence(moments, { nullValue: Number.NaN })).toThrow('nullValue must be');
});
