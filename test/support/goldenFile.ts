// Without vitest, so that scripts can read golden files too.
import { readFileSync } from 'node:fs';

/** One case of a golden file: its input and what a reference (mpmath, SciPy, R) says of it. */
export interface GoldenCase<I = Record<string, unknown>, E = Record<string, unknown>> {
  readonly id: string;
  readonly kind?: string;
  readonly description: string;
  readonly input: I;
  readonly expected: E;
  readonly tolerance?: Record<string, number>;
  readonly degenerate?: boolean;
}

/** A golden file: where its numbers come from, its tolerances and its cases. */
export interface GoldenFile<I = Record<string, unknown>, E = Record<string, unknown>> {
  readonly topic: string;
  readonly sources: unknown;
  readonly notes: readonly string[];
  readonly tolerance: Record<string, number>;
  readonly cases: readonly GoldenCase<I, E>[];
}

/** Reads a file of test/golden. The strings "NaN", "Infinity" and "-Infinity" become the numbers they name. */
export function readGolden<T = GoldenFile>(name: string): T {
  const text = readFileSync(new URL(`../golden/${name}`, import.meta.url), 'utf8');
  return JSON.parse(text, (_key, value: unknown) =>
    value === 'NaN' || value === 'Infinity' || value === '-Infinity' ? Number(value) : value,
  ) as T;
}

/** |got - want| / |want|; absolute where want is 0; 0 where both are the same infinity or both NaN. */
export function relativeError(got: number, want: number): number {
  if (Object.is(got, want) || got === want) return 0;
  if (!Number.isFinite(want) || !Number.isFinite(got)) return Number.POSITIVE_INFINITY;
  return want === 0 ? Math.abs(got) : Math.abs(got - want) / Math.abs(want);
}
