/** A plain JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const typedArrays = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
} as const;
type TypedName = keyof typeof typedArrays;

/**
 * Turns a value into plain JSON that `decodeJson` turns back: numbers that JSON loses (NaN, infinities, -0), bigints,
 * dates, undefined and typed arrays are tagged. Functions, symbols and class instances have no JSON form and become
 * undefined: state that must survive is plain data.
 */
export function encodeJson(value: unknown): Json {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : { $number: Object.is(value, -0) ? '-0' : String(value) };
    case 'bigint':
      return { $bigint: String(value) };
    case 'object':
      return value === null ? null : encodeObject(value);
    default:
      return { $undefined: true };
  }
}

function encodeObject(value: object): Json {
  if (Array.isArray(value)) return value.map(encodeJson);
  if (value instanceof Date) return { $date: value.getTime() };
  const name = value.constructor?.name as TypedName;
  if (ArrayBuffer.isView(value) && name in typedArrays) {
    return { $typed: name, values: Array.from(value as unknown as ArrayLike<number>, encodeJson) };
  }
  const prototype = Object.getPrototypeOf(value) as unknown;
  if (prototype !== Object.prototype && prototype !== null) return { $undefined: true };
  const entries = Object.entries(value).map(([key, item]) => [key.startsWith('$') ? `$${key}` : key, encodeJson(item)]);
  return Object.fromEntries(entries) as Json;
}

/** Turns what `encodeJson` returned back. Hostile keys stay own properties: no prototype is ever touched. */
export function decodeJson(json: Json): unknown {
  if (json === null || typeof json !== 'object') return json;
  if (Array.isArray(json)) return json.map(decodeJson);
  const record = json as { readonly [key: string]: Json };
  const tagged = decodeTag(record);
  if (tagged !== undefined) return tagged.value;
  const out: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(record)) {
    const name = key.startsWith('$$') ? key.slice(1) : key;
    Object.defineProperty(out, name, { value: decodeJson(item), enumerable: true, writable: true, configurable: true });
  }
  return out;
}

function decodeTag(record: { readonly [key: string]: Json }): { readonly value: unknown } | undefined {
  if ('$undefined' in record) return { value: undefined };
  if ('$number' in record) return { value: Number(record.$number) };
  if ('$bigint' in record) return { value: BigInt(record.$bigint as string) };
  if ('$date' in record) return { value: new Date(record.$date as number) };
  if ('$typed' in record) {
    const make = typedArrays[record.$typed as TypedName];
    if (make === undefined) return { value: undefined };
    return { value: make.from((record.values as Json[]).map((item) => decodeJson(item) as number)) };
  }
  return undefined;
}
