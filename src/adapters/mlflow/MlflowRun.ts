/** A number at a moment. */
export interface MlflowMetric {
  readonly key: string;
  readonly value: number;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly step: number;
}

/** A parameter or a tag. */
export interface MlflowEntry {
  readonly key: string;
  readonly value: string;
}

/** The body of `runs/create`. */
export interface MlflowCreate {
  readonly experiment_id: string;
  readonly run_name: string;
  readonly start_time: number;
  readonly tags: readonly MlflowEntry[];
}

/** The body of `runs/log-batch`, but for the `run_id` that `runs/create` answers with. */
export interface MlflowBatch {
  readonly metrics: readonly MlflowMetric[];
  readonly params: readonly MlflowEntry[];
  readonly tags: readonly MlflowEntry[];
}

/** The body of `runs/update`, but for the `run_id`. */
export interface MlflowUpdate {
  readonly status: 'RUNNING' | 'FINISHED' | 'FAILED';
  /** Left out while the run goes on. */
  readonly end_time?: number;
}

/** A run of an experiment as the bodies of MLflow's REST API (2.0), in the order of their requests. */
export interface MlflowRun {
  readonly create: MlflowCreate;
  readonly batches: readonly MlflowBatch[];
  readonly update: MlflowUpdate;
}

/** What one `log-batch` may hold, by MLflow's documentation: 1,000 metrics, 100 params, 100 tags, 1,000 in all. */
export const MLFLOW_LIMITS = { metrics: 1000, params: 100, tags: 100, total: 1000 } as const;

/** Keys of at most 250 characters: letters, digits, `_`, `-`, `.`, blanks, colons and slashes; others become `_`. */
export function mlflowKey(name: string): string {
  // A path that begins with a slash, or climbs with dots, is refused as well.
  const safe = name
    .replaceAll(/[^\w\-. :/]/g, '_')
    .replaceAll(/\/+/g, '/')
    .replaceAll(/(^|\/)\.{1,2}(?=\/|$)/g, '$1_');
  const trimmed = safe.replace(/^\//, '').replace(/\/$/, '').slice(0, 250);
  return trimmed === '' ? '_' : trimmed;
}

const HALVES = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Values of params and tags within what every backend takes; half a character is none. */
function mlflowValue(value: string, most: number): string {
  const text = value.length <= most ? value : `${value.slice(0, most - 1)}…`;
  return text.replaceAll(HALVES, '\ufffd');
}

/** Entries with keys that MLflow takes, each key once: the last one stands. */
export function mlflowEntries(values: Readonly<Record<string, unknown>>, most: number): readonly MlflowEntry[] {
  const entries = new Map<string, string>();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== null) entries.set(mlflowKey(name), mlflowValue(String(value), most));
  }
  return [...entries].map(([key, value]) => ({ key, value }));
}

/** Batches within the limits: params and tags first, metrics in their order. */
export function toBatches(parts: MlflowBatch): readonly MlflowBatch[] {
  const batches: MlflowBatch[] = [];
  const { params, tags, metrics } = parts;
  const most = Math.max(
    1,
    Math.ceil(params.length / MLFLOW_LIMITS.params),
    Math.ceil(tags.length / MLFLOW_LIMITS.tags),
  );
  let taken = 0;
  for (let i = 0; i < most || taken < metrics.length; i += 1) {
    const some = params.slice(i * MLFLOW_LIMITS.params, (i + 1) * MLFLOW_LIMITS.params);
    const labels = tags.slice(i * MLFLOW_LIMITS.tags, (i + 1) * MLFLOW_LIMITS.tags);
    const room = Math.min(MLFLOW_LIMITS.metrics, MLFLOW_LIMITS.total - some.length - labels.length);
    batches.push({ params: some, tags: labels, metrics: metrics.slice(taken, taken + room) });
    taken += room;
  }
  return batches.filter((batch) => batch.params.length + batch.tags.length + batch.metrics.length > 0);
}
