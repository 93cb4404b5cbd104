/** How long a simulation may take: `full` is minutes and feeds the committed report, otherwise a few seconds. */
export interface SimulationScale {
  readonly full: boolean;
}

/** What a simulation found. `passed` already allows for the Monte Carlo standard error. */
export interface SimulationResult {
  readonly measured: Record<string, number>;
  readonly passed: boolean;
  /** One line: sizes, standard error and the rule that decided. */
  readonly detail: string;
}

/** One operating characteristic, claimed and measured. A `*.sim.ts` file exports a list named `simulations`. */
export interface Simulation {
  readonly name: string;
  /** What the library promises, as a reader would check it: "at most 5 % false alarms when watched at every request". */
  readonly claim: string;
  run(scale: SimulationScale): SimulationResult | Promise<SimulationResult>;
}
