import { checkName, checkOptions } from '../support/check.ts';
import { AdapterError } from '../support/errors.ts';
import type { MlflowRun } from './MlflowRun.ts';

/** The part of a response that is used. */
export interface MlflowResponse {
  /** Whether the status is one of success. */
  readonly ok: boolean;
  readonly status: number;
  /** The body. */
  text(): Promise<string>;
}

/** What is asked of `fetch`. */
export interface MlflowRequest {
  readonly method: 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
}

/** The part of `fetch` that is used. */
export type MlflowFetch = (url: string, init: MlflowRequest) => Promise<MlflowResponse>;

/** Options of {@link logMlflowRun}. */
export interface LogMlflowOptions {
  /** The tracking server, for example `http://mlflow:5000`. */
  readonly trackingUri: string;
  /** Log into this run in place of a new one. @defaultValue a new run */
  readonly runId?: string;
  /** Further headers, for example an authorization. @defaultValue none */
  readonly headers?: Readonly<Record<string, string>>;
  /** How long each request may take, in milliseconds. @defaultValue 10_000 */
  readonly timeoutMs?: number;
  /** @defaultValue the platform's */
  readonly fetch?: MlflowFetch;
}

/**
 * Sends a run to a tracking server: `runs/create`, `runs/log-batch` for each batch, `runs/update`.
 *
 * @returns the id of the run, to log into it again
 * @throws AdapterError with the server's words where it refuses, or gives no id; whatever `fetch` rejects with
 */
export async function logMlflowRun(run: MlflowRun, options: LogMlflowOptions): Promise<string> {
  checkOptions('options', options, ['trackingUri', 'runId', 'headers', 'timeoutMs', 'fetch']);
  const { headers = {}, timeoutMs = 10_000, fetch: send = fetch as MlflowFetch } = options;
  const base = `${checkName('trackingUri', options.trackingUri).replace(/\/+$/, '')}/api/2.0/mlflow`;
  const post = async (path: string, body: object): Promise<string> => {
    const response = await send(`${base}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.text();
    if (response.ok) return text;
    throw new AdapterError('ERR_REFUSED', `${path} was refused with status ${response.status}: ${text.slice(0, 500)}`);
  };
  const runId = options.runId ?? idOf(await post('runs/create', run.create));
  for (const batch of run.batches) await post('runs/log-batch', { run_id: runId, ...batch });
  await post('runs/update', { run_id: runId, ...run.update });
  return runId;
}

function idOf(text: string): string {
  try {
    const { run } = JSON.parse(text) as { run?: { info?: { run_id?: unknown } } };
    const id = run?.info?.run_id;
    if (typeof id === 'string' && id !== '') return id;
  } catch {
    // No JSON is no id.
  }
  throw new AdapterError('ERR_REFUSED', `runs/create gave no run id: ${text.slice(0, 200)}`);
}
