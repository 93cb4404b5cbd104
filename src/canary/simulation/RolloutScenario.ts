import { checkFinite, checkInteger, checkOptions } from '../../core/check.ts';
import type { Rng } from '../../random/Rng.ts';

/** The world in which a rollout is tried out: what both models' errors look like, and how much worse the canary's are. */
export interface RolloutScenario {
  /** The canary's errors in units of the baseline's: 1 is an equal model, 1.5 one whose RMSE is 50 % higher. @defaultValue 1 */
  readonly worse?: number;
  /** The canary's service time in units of the baseline's. @defaultValue 1 */
  readonly slower?: number;
  /** The share of requests on which the canary fails. @defaultValue 0 */
  readonly failing?: number;
  /** One error with a typical size of 1. @defaultValue a standard normal draw */
  readonly error?: (rng: Rng) => number;
  /** What both models' errors have in common on the same request, as a correlation of normal errors. @defaultValue 0 */
  readonly correlation?: number;
  /** The correlation of the errors of successive requests, the same for both models. @defaultValue 0 */
  readonly autocorrelation?: number;
  /** How much the world grows harder over the rollout: 1 doubles all errors. @defaultValue 0 */
  readonly drift?: number;
  /** So many units ask, each with errors of its own size (lognormal, 0.5 on the log scale). @defaultValue every request its own */
  readonly units?: number;
  /** Truths come after 0 to so many requests, uniformly. @defaultValue 0 */
  readonly truthDelay?: number;
  /** The rollout is given up after so many requests. @defaultValue 20_000 */
  readonly requests?: number;
  /** Goes to the next stage after so many requests whatever the judge says, unless it rolls back. @defaultValue the judge decides */
  readonly requestsPerStage?: number;
}

/** The names of `RolloutScenario`, for `checkOptions`. */
const scenarioNames: readonly (keyof RolloutScenario)[] = [
  'worse',
  'slower',
  'failing',
  'error',
  'correlation',
  'autocorrelation',
  'drift',
  'units',
  'truthDelay',
  'requests',
  'requestsPerStage',
];

/** @throws InvalidOptionError */
export function checkScenario(scenario: RolloutScenario): void {
  checkOptions('scenario', scenario, scenarioNames);
  const { worse = 1, slower = 1, failing = 0, correlation = 0, autocorrelation = 0, drift = 0 } = scenario;
  checkFinite('scenario.worse', worse, { gt: 0 });
  checkFinite('scenario.slower', slower, { gt: 0 });
  checkFinite('scenario.failing', failing, { ge: 0, le: 1 });
  checkFinite('scenario.correlation', correlation, { ge: 0, le: 1 });
  checkFinite('scenario.autocorrelation', autocorrelation, { ge: 0, lt: 1 });
  checkFinite('scenario.drift', drift, { gt: -1 });
  checkInteger('scenario.truthDelay', scenario.truthDelay ?? 0, { ge: 0 });
  checkInteger('scenario.requests', scenario.requests ?? 1, { ge: 1 });
  checkInteger('scenario.requestsPerStage', scenario.requestsPerStage ?? 1, { ge: 1 });
  checkInteger('scenario.units', scenario.units ?? 1, { ge: 1 });
}
