// Requests over loopback, a few at a time, and their truths some time later.
import type { RegressionModel } from '../lib/models.ts';
import type { WaferTests } from '../lib/wafer.ts';

/** What a client has seen. */
export interface LoadReport {
  readonly requests: number;
  readonly failed: number;
  /** Answers by step and variant. */
  readonly answers: Readonly<Record<string, number>>;
  /** Answers that are not the very number of the model that the service names. */
  readonly wrong: number;
  readonly truths: Readonly<Record<string, number>>;
}

interface Answer {
  readonly id: string;
  readonly variant: 'current' | 'candidate';
  readonly step: string;
  readonly prediction: number;
}

const post = async <T>(url: string, body: object): Promise<T> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return (await response.json()) as T;
};

/** Sends the wafers of a range, eight at once; truths follow when `lag` further ones were served. Ends early when told to. */
export async function sendLoad(
  url: string,
  wafers: WaferTests,
  models: { readonly current: RegressionModel; readonly candidate: RegressionModel },
  { from, to, lag = 24, until }: { from: number; to: number; lag?: number; until?: () => Promise<boolean> },
): Promise<LoadReport> {
  const answers: Record<string, number> = {};
  const truths: Record<string, number> = {};
  const waiting: { id: string; truth: number }[] = [];
  let failed = 0;
  let wrong = 0;
  let requests = 0;
  const tell = async (): Promise<void> => {
    const { id, truth } = waiting.shift()!;
    const { result } = await post<{ result: string }>(`${url}/truth`, { id, truth });
    truths[result] = (truths[result] ?? 0) + 1;
  };
  const ask = async (i: number): Promise<void> => {
    const row = wafers.rows[i]!;
    try {
      const answer = await post<Answer>(`${url}/predict`, { row, unit: `lot-${i % 200}` });
      const key = `${answer.step} ${answer.variant}`;
      answers[key] = (answers[key] ?? 0) + 1;
      if (answer.prediction !== models[answer.variant].predict(row)) wrong += 1;
      waiting.push({ id: answer.id, truth: wafers.yields[i]! });
    } catch {
      failed += 1;
    }
  };
  for (let i = from; i < to; i += 8) {
    const batch = Array.from({ length: Math.min(8, to - i) }, (_, j) => ask(i + j));
    requests += batch.length;
    await Promise.all(batch);
    while (waiting.length > lag) await tell();
    if (i % 96 === 0 && until !== undefined && (await until())) break;
  }
  while (waiting.length > 0) await tell();
  return { requests, failed, answers, wrong, truths };
}
