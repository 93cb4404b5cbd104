import { checkOneOf } from '../../core/check.ts';

/**
 * What a shadow gets of an input that belongs to production. `reference`: the very object (immutable inputs, no cost).
 * `shallow`: a copy of plain objects and arrays, a slice of typed arrays. `structured`: a structured clone. Or a
 * function of the user's.
 */
export type InputPolicy = 'reference' | 'shallow' | 'structured' | ((input: never) => unknown);

/** The copier of a policy. @throws InvalidOptionError */
export function inputCopier(policy: InputPolicy): (input: unknown) => unknown {
  if (typeof policy === 'function') return policy as (input: unknown) => unknown;
  checkOneOf('input', policy, ['reference', 'shallow', 'structured']);
  if (policy === 'reference') return (input) => input;
  return policy === 'structured' ? (input) => structuredClone(input) : shallow;
}

const typedSlice = Object.getPrototypeOf(Uint8Array.prototype).slice as (this: unknown) => unknown;

function shallow(input: unknown): unknown {
  if (typeof input !== 'object' || input === null) return input;
  if (Array.isArray(input)) return input.slice();
  if (ArrayBuffer.isView(input)) {
    // The typed arrays' own slice: that of a Node Buffer is a view of the same bytes.
    return 'slice' in input ? (typedSlice.call(input) as unknown) : structuredClone(input);
  }
  if (input instanceof Map) return new Map(input);
  if (input instanceof Set) return new Set(input);
  if (input instanceof Date) return new Date(input);
  if (input instanceof ArrayBuffer) return input.slice(0);
  const prototype = Object.getPrototypeOf(input) as unknown;
  if (prototype === Object.prototype || prototype === null) return { ...input };
  // Class instances keep their methods only by reference; a clone without them would be another thing.
  return Object.assign(Object.create(prototype as object) as object, input);
}
