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

/** Deeper values have no JSON form: `JSON.stringify` and its readers recurse, and would run out of stack. */
const DEEPEST = 256;
const NOTHING: Json = { $undefined: true };
const DOLLAR = 0x24;
const OWN = { enumerable: true, writable: true, configurable: true } as const;

/**
 * Turns a value into plain JSON that `decodeJson` turns back: numbers that JSON loses (NaN, infinities, -0), bigints,
 * dates, undefined, maps, sets and typed arrays are tagged. It never throws, whatever it is given: functions, symbols,
 * class instances, objects that cannot be read, circular references and what lies deeper than 256 levels have no JSON
 * form and become undefined. State that must survive is plain data.
 */
export function encodeJson(value: unknown): Json {
  return encode(value, []);
}

/** @param within the objects that this value lies in, outermost first */
function encode(value: unknown, within: object[]): Json {
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
      return value === null ? null : encodeWithin(value, within);
    default:
      return NOTHING;
  }
}

function encodeWithin(value: object, within: object[]): Json {
  if (within.length >= DEEPEST || within.includes(value)) return NOTHING;
  within.push(value);
  try {
    return encodeObject(value, (item) => encode(item, within));
  } catch {
    // A getter or proxy of the user's that throws.
    return NOTHING;
  } finally {
    within.pop();
  }
}

function encodeObject(value: object, inner: (item: unknown) => Json): Json {
  if (Array.isArray(value)) return Array.from(value, inner);
  const prototype = Object.getPrototypeOf(value) as unknown;
  if (prototype === Object.prototype) return encodePlain(value as Record<string, unknown>, inner);
  if (value instanceof Date) return { $date: inner(value.getTime()) };
  if (value instanceof Map) return { $map: Array.from(value, ([key, item]) => [inner(key), inner(item)]) };
  if (value instanceof Set) return { $set: Array.from(value, inner) };
  // The tag, not the constructor: a Buffer of Node's is a Uint8Array.
  const name = (value as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag] as TypedName;
  if (ArrayBuffer.isView(value) && name in typedArrays) {
    return { $typed: name, values: Array.from(value as unknown as ArrayLike<number>, inner) };
  }
  if (prototype !== null) return NOTHING;
  return encodePlain(value as Record<string, unknown>, inner);
}

/** Key by key: outcomes on their way to other replicas come through here by the thousand. */
function encodePlain(value: Record<string, unknown>, inner: (item: unknown) => Json): Json {
  const out: Record<string, Json> = {};
  for (const key of Object.keys(value)) {
    const item = inner(value[key]);
    if (key.charCodeAt(0) === DOLLAR) out[`$${key}`] = item;
    // Assigned, it would be the prototype.
    else if (key === '__proto__') Object.defineProperty(out, key, { ...OWN, value: item });
    else out[key] = item;
  }
  return out;
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
  if ('$date' in record) return { value: new Date(decodeJson(record.$date!) as number) };
  if ('$map' in record) return { value: new Map((record.$map as Json[]).map(decodePair)) };
  if ('$set' in record) return { value: new Set((record.$set as Json[]).map(decodeJson)) };
  if ('$typed' in record) {
    const make = typedArrays[record.$typed as TypedName];
    if (make === undefined) return { value: undefined };
    return { value: make.from((record.values as Json[]).map((item) => decodeJson(item) as number)) };
  }
  return undefined;
}

function decodePair(pair: Json): [unknown, unknown] {
  const [key, item] = pair as readonly [Json, Json];
  return [decodeJson(key), decodeJson(item)];
}
