import { checkOptions, checkProbability } from '../core/check.ts';
import { InvalidOptionError, SnapshotError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { Amount } from '../metrics/Metric.ts';
import { type EventEpoch, eventExcessLogEValue } from '../stats/sequential/eventExcess.ts';
import type { EpochLedger } from './EpochLedger.ts';
import type { Variants } from './variants.ts';

/** Options of the kill switch. */
export interface KillSwitchOptions {
  /**
   * The budget of false kills: the probability that a test, over all of its requests and challengers, ever kills one that
   * fails no more often than the champion. @defaultValue 0.001
   */
  readonly alpha?: number;
  /**
   * Whether a killed challenger gets no more traffic: its share goes to the champion at once, as by `ramp`. Of several
   * replicas each does so by itself. @defaultValue false
   */
  readonly serveChampion?: boolean;
}

/** A challenger that fails so much more often than the champion that no look is waited for. */
export interface KillReport {
  readonly variant: string;
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /**
   * What failed, champion and challenger: units, each once, and requests without one; in paired mode requests on which only
   * one of them failed.
   */
  readonly failures: readonly [champion: number, challenger: number];
  /** Requests that were served, cancelled ones apart. */
  readonly requests: readonly [champion: number, challenger: number];
  readonly pValue: number;
  /** Its part of the budget. */
  readonly alpha: number;
}

/** What a kill switch watches. */
export interface KillSwitchParts {
  readonly options: Required<KillSwitchOptions>;
  /** How much worse the failures may be: the margin of the guardrail. */
  readonly margin: Amount;
  readonly variants: Variants;
  readonly ledger: EpochLedger;
  readonly paired: boolean;
  readonly now: () => number;
}

/** Checks the option. @throws InvalidOptionError */
export function checkKillSwitch(given: false | KillSwitchOptions | undefined): Required<KillSwitchOptions> | undefined {
  if (given === false) return undefined;
  const options = given === undefined ? {} : given;
  checkOptions('killSwitch', options, ['alpha', 'serveChampion']);
  const { alpha = 0.001, serveChampion = false } = options;
  if (typeof serveChampion !== 'boolean') {
    throw new InvalidOptionError('killSwitch.serveChampion', serveChampion, 'true or false');
  }
  return { alpha: checkProbability('killSwitch.alpha', alpha), serveChampion };
}

/**
 * Watches the failures of every challenger from the first request on, whatever looks are planned, by an e-process against
 * "it fails no more often than the champion, but for the margin". Failures of one unit depend on each other, so that a unit
 * counts once: which units fail does not depend on the variant that they get, if the variants fail alike.
 */
export class KillSwitch {
  readonly #parts: KillSwitchParts;
  #killed: KillReport[] = [];

  constructor(parts: KillSwitchParts) {
    this.#parts = parts;
  }

  /** Those that were killed, of the versions that are being served. */
  get killed(): readonly KillReport[] {
    const { variants, ledger } = this.#parts;
    const { versions } = ledger;
    return this.#killed.filter(({ variant, version }) => versions[variants.names.indexOf(variant)] === version);
  }

  /** Whether a challenger is to be killed now. @returns what it is killed for; undefined where it is not, or was before */
  check(variant: number): KillReport | undefined {
    const { options, margin, variants, ledger, now } = this.#parts;
    const name = variants.names[variant]!;
    if (variant === 0 || this.killed.some((known) => known.variant === name)) return undefined;
    const alpha = options.alpha / (variants.names.length - 1);
    const epochs = this.#epochs(variant);
    // Whatever fails is allowed to.
    if ('absolute' in margin && margin.absolute >= 1) return undefined;
    const limits = 'relative' in margin ? { nullValue: 1 + margin.relative } : { allowance: margin.absolute };
    const logEValue = eventExcessLogEValue(epochs, limits);
    if (logEValue < -Math.log(alpha)) return undefined;
    const requests = ledger.epochs.reduce<readonly [number, number]>(
      ([a, b], { served }) => [a + served[0]!, b + served[variant]!],
      [0, 0],
    );
    const sum = (what: 'first' | 'second'): number => epochs.reduce((total, epoch) => total + epoch[what], 0);
    const report: KillReport = {
      variant: name,
      version: ledger.versions[variant]!,
      at: now(),
      failures: [sum('second'), sum('first')],
      requests,
      pValue: Math.exp(-logEValue),
      alpha,
    };
    this.#killed.push(report);
    return report;
  }

  toJSON(): Json {
    return this.#killed as unknown as Json;
  }

  /** Takes over what `toJSON` returned. @throws SnapshotError */
  load(json: Json): void {
    const saved = json as unknown as readonly KillReport[];
    const sound =
      Array.isArray(saved) &&
      saved.every((report) => {
        const { variant, version, at, failures, requests, pValue, alpha } = report ?? {};
        const named = typeof variant === 'string' && typeof version === 'string';
        return named && [at, pValue, alpha].every(Number.isFinite) && [failures, requests].every(isPair);
      });
    if (!sound) throw new SnapshotError('killed challengers must have a name, a version, a time and what they did');
    this.#killed = [...saved];
  }

  /** What failed in the epochs of the versions that are being served. */
  #epochs(variant: number): readonly EventEpoch[] {
    const { ledger, paired } = this.#parts;
    const among = ledger.serving(0, variant);
    return ledger.epochs.flatMap(({ stratum, shares, served, failures, spared }) => {
      if (!among.includes(stratum)) return [];
      const [first, second] = [failures[variant]!, paired ? spared[variant]! : failures[0]!];
      const tried = paired ? served[variant]! - first : served[0]!;
      const quiet = Math.max(0, tried - second);
      const share = paired ? 0.5 : shares[variant]! / (shares[0]! + shares[variant]!);
      return share > 0 && share < 1 ? [{ first, second, quiet, share }] : [];
    });
  }
}

function isPair(counts: unknown): boolean {
  return (
    Array.isArray(counts) && counts.length === 2 && counts.every((count) => Number.isSafeInteger(count) && count >= 0)
  );
}
