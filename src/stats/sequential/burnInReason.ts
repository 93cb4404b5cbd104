/** Why samples are too small for an asymptotic sequence, or undefined where they are not. @internal */
export function burnInReason(n: readonly number[], burnIn: number): string | undefined {
  const short = n.findIndex((count) => count < burnIn);
  if (short < 0) return undefined;
  const where = n.length === 1 ? 'the sample' : `sample ${short + 1}`;
  return `burn-in: ${where} has ${n[short]} of ${burnIn} observations`;
}
