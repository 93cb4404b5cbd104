/** The mean of the values, `undefined` where there are none; infinite where one of them is. */
export function meanOf(values: Float64Array): number | undefined {
  if (values.length === 0) return undefined;
  let [sum, rest] = [0, 0];
  for (const value of values) {
    // Neumaier's compensation; an infinite sum has nothing left to compensate.
    const next = sum + value;
    if (Number.isFinite(next)) rest += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return (sum + rest) / values.length;
}
