import { totalOf } from '../metrics/inference/contrast.ts';
import { type Calibration, calibration } from '../stats/quality/calibration.ts';
import type { Validity } from '../stats/types.ts';
import type { ABTestSettings } from './ABTestOptions.ts';
import type { EpochLedger } from './EpochLedger.ts';

/** How the probabilities of one variant come true, bin by bin. */
export interface CalibrationReport extends Calibration {
  readonly metric: string;
  readonly variant: string;
  /** Predictions with their truth. */
  readonly n: number;
  /** Probabilities outside [0, 1], and truths that are not 0 or 1. */
  readonly invalid: number;
  /** Where units come more than once: the intervals of the bins take their requests as independent. */
  readonly warnings: readonly string[];
}

const REPEATING = 'units come more than once: the intervals take their requests as independent';

/** The reliability of every variant, for every metric of calibration; valid as the test's inference is. */
export function calibrationReports(
  { metrics, inference, alpha }: Pick<ABTestSettings, 'metrics' | 'inference' | 'alpha'>,
  names: readonly string[],
  ledger: EpochLedger,
): readonly CalibrationReport[] {
  const validity: Validity = inference === 'anytime' ? 'anytime' : 'fixed-n';
  return metrics.flatMap(({ name, kind }, m) =>
    kind !== 'calibration'
      ? []
      : names.map((variant, v) => {
          const summary = totalOf(ledger.ofVariant(m, v));
          const bins = summary.calibration!;
          const warnings = summary.repeating ? [REPEATING] : [];
          const found = calibration(bins, { level: 1 - alpha, validity });
          return { metric: name, variant, n: bins.n, invalid: bins.invalid, warnings, ...found };
        }),
  );
}
