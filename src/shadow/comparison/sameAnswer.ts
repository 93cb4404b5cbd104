/**
 * Whether two answers are the same: identical (NaN equals NaN), or plain data with the same contents. Anything that
 * is not plain data equals only itself.
 */
export function sameAnswer(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (ArrayBuffer.isView(a) && ArrayBuffer.isView(b) && 'length' in a && 'length' in b)
    return sameList(a as unknown as ArrayLike<unknown>, b as unknown as ArrayLike<unknown>);
  if (Array.isArray(a) && Array.isArray(b)) return sameList(a, b);
  return isPlain(a) && isPlain(b) && sameRecord(a as Record<string, unknown>, b as Record<string, unknown>);
}

function sameList(a: ArrayLike<unknown>, b: ArrayLike<unknown>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (!sameAnswer(a[i], b[i])) return false;
  return true;
}

function sameRecord(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameAnswer(a[key], b[key]))
  );
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as unknown;
  return prototype === Object.prototype || prototype === null;
}
