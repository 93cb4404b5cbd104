import { checkName } from '../support/check.ts';
import { InvalidOptionError } from '../support/errors.ts';

/** What begins every key. Braces in it would be the hash tag. @throws InvalidOptionError */
export function checkPrefix(prefix = 'coronate'): string {
  if (!/[{}]/.test(checkName('prefix', prefix))) return prefix;
  throw new InvalidOptionError('prefix', prefix, 'text without braces');
}

/**
 * The names of the keys that belong to one thing, with a hash tag, so that a cluster keeps them on one node. Braces would
 * end the tag, and half a character would be sent as another one.
 */
export function keysOf(prefix: string, name: string): (part: string) => string {
  const tag = name.replace(/[%{}]|\p{Surrogate}/gu, (c) => `%${c.charCodeAt(0).toString(16)}`);
  return (part) => `${prefix}:{${tag}}:${part}`;
}
