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

/** What one `log-batch` may hold, by MLflow's documentation: 1,000 metrics, 100 params, 100 tags, 1,000 in all, and 1 MB. */
export const MLFLOW_LIMITS = { metrics: 1000, params: 100, tags: 100, total: 1000, bytes: 1_000_000 } as const;

/** Keys of at most 250 bytes: letters, digits, `_`, `-`, `.`, blanks and slashes; others become `_`. */
export function mlflowKey(name: string): string {
  // A path that begins with a slash, or climbs with dots, is refused as well; colons by servers before 2.9.
  const safe = name
    .replaceAll(/[^\w\-. /]/g, '_')
    .replaceAll(/\/+/g, '/')
    .replaceAll(/(^|\/)\.{1,2}(?=\/|$)/g, '$1_');
  const trimmed = safe.replace(/^\//, '').replace(/\/$/, '').slice(0, 250);
  return trimmed === '' ? '_' : trimmed;
}

const HALVES = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const encoder = new TextEncoder();
const bytesOf = (text: string): number => encoder.encode(text).length;

/** Values of params and tags within the bytes that every backend takes; half a character is none. */
function mlflowValue(value: string, most: number): string {
  const text = value.replaceAll(HALVES, '\ufffd');
  if (bytesOf(text) <= most) return text;
  const room = encoder.encode(text).subarray(0, most - bytesOf('…'));
  // What is left of a character that was cut is no character.
  return `${new TextDecoder().decode(room).replace(/\ufffd+$/, '')}…`;
}

/**
 * Keys for names: where another name has the same key already, it gets a number. The order of the names decides, which is that of
 * the configuration.
 */
export class MlflowKeys {
  readonly #taken: Set<string> = new Set();

  /** The key of one more name. */
  keyOf(name: string): string {
    const key = mlflowKey(name);
    let own = key;
    for (let n = 2; this.#taken.has(own); n += 1) own = `${key.slice(0, 250 - String(n).length - 1)}_${n}`;
    this.#taken.add(own);
    return own;
  }
}

/** Entries with keys that MLflow takes, a key each. */
export function mlflowEntries(values: Readonly<Record<string, unknown>>, most: number): readonly MlflowEntry[] {
  const keys = new MlflowKeys();
  return Object.entries(values).flatMap(([name, value]) =>
    value === undefined || value === null ? [] : [{ key: keys.keyOf(name), value: mlflowValue(String(value), most) }],
  );
}

type Kind = keyof MlflowBatch;

/** Room for the id of the run and the frame of a request. */
const FRAME_BYTES = 1000;

/** Batches within the limits: params, then tags, then metrics, each in their order. */
export function toBatches(parts: MlflowBatch): readonly MlflowBatch[] {
  const batches: Record<Kind, (MlflowEntry | MlflowMetric)[]>[] = [];
  let [bytes, total] = [0, 0];
  const add = (kind: Kind, item: MlflowEntry | MlflowMetric): void => {
    const size = bytesOf(JSON.stringify(item)) + 1;
    const last = batches.at(-1);
    const full =
      last === undefined ||
      last[kind].length >= MLFLOW_LIMITS[kind] ||
      total >= MLFLOW_LIMITS.total ||
      bytes + size > MLFLOW_LIMITS.bytes;
    const batch = full ? { params: [], tags: [], metrics: [] } : last;
    if (full) {
      batches.push(batch);
      [bytes, total] = [FRAME_BYTES, 0];
    }
    batch[kind].push(item);
    bytes += size;
    total += 1;
  };
  for (const kind of ['params', 'tags', 'metrics'] as const) for (const item of parts[kind]) add(kind, item);
  return batches as unknown as readonly MlflowBatch[];
}
