/**
 * About how many bytes a queued input keeps alive, without walking through it: exact for buffers and typed arrays, two a
 * character for strings, a rough figure for the first level of objects and lists.
 */
export function inputBytes(input: unknown): number {
  if (typeof input === 'object' && input !== null) {
    if (ArrayBuffer.isView(input)) return input.byteLength;
    if (input instanceof ArrayBuffer) return input.byteLength;
    if (Array.isArray(input)) return 16 + 8 * input.length + inner(input[0]) * input.length;
    if (input instanceof Map || input instanceof Set) return 64 + 32 * input.size;
    return Object.values(input).reduce((sum: number, value) => sum + 16 + inner(value), 32);
  }
  return 16 + inner(input);
}

function inner(value: unknown): number {
  if (typeof value === 'string') return 2 * value.length;
  if (ArrayBuffer.isView(value)) return value.byteLength;
  return Array.isArray(value) ? 8 * value.length : 0;
}
