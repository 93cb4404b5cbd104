import type { AnyModel } from '../../core/Model.ts';
import type { StrategyRuntime } from '../../metrics/StrategyRuntime.ts';
import type { ResolvedOptions } from '../resolveOptions.ts';
import type { ShadowEvent } from '../ShadowEvent.ts';
import type { ShadowOptions } from '../ShadowOptions.ts';
import type { Draft, DropsRecord, RunRecord } from '../ShadowRecord.ts';
import type { ShadowStudy } from '../ShadowStudy.ts';
import { RecordLog } from './RecordLog.ts';

/** What the log of a runner is made of. */
export interface LogParts {
  readonly options: ShadowOptions<AnyModel>;
  readonly resolved: ResolvedOptions;
  readonly runtime: StrategyRuntime<ShadowEvent>;
  readonly study: ShadowStudy;
  readonly sampleRate: () => number;
  /** Whether the runner goes on from a snapshot. */
  readonly restored: () => boolean;
}

/** The log of a runner: it begins with what ran, and says with every batch how much was left out. */
export function createLog({ options, resolved, runtime, study, sampleRate, restored }: LogParts): RecordLog {
  const { clock, name, events } = runtime;
  const { sinks, log, versions, expiresAt } = resolved;
  const { redact } = options;
  const totals = changedTotals(study);
  const begin = (): Draft<RunRecord> => ({
    kind: 'run',
    versions,
    sampleRate: sampleRate(),
    expiresAt: Number.isFinite(expiresAt) ? expiresAt : null,
    restored: restored(),
  });
  return new RecordLog({
    ...log,
    clock,
    sinks,
    runner: name,
    replica: () => runtime.replica,
    begin,
    totals,
    redact: (record) => (redact === undefined ? record : redact(record)),
    redactFailed: (error) => events.contain('redact', error),
    failed: (sink, records, error) => events.emit({ type: 'sink-error', sink, records, error }),
  });
}

/** Running totals of what was left out, where they have changed. */
function changedTotals(study: ShadowStudy): () => readonly Draft<DropsRecord>[] {
  const told = new Map<string, string>();
  return () =>
    study.names.flatMap((shadow) => {
      const draft: Draft<DropsRecord> = { kind: 'drops', shadow, ...study.own(shadow) };
      const text = JSON.stringify(draft);
      if (told.get(shadow) === text) return [];
      told.set(shadow, text);
      return [draft];
    });
}
