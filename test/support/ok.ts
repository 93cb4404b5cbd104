/** The result itself where it is conclusive; fails the test with the reason where it is not. */
export function ok<T extends { readonly status: string }>(result: T): Extract<T, { readonly status: 'ok' }> {
  if (result.status === 'ok') return result as Extract<T, { readonly status: 'ok' }>;
  throw new Error(`inconclusive: ${(result as { readonly reason?: string }).reason}`);
}
