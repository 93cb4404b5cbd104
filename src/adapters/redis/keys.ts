/**
 * The names of the keys that belong to one thing, with a hash tag, so that a cluster keeps them on one node. Braces would
 * end the tag, and a tag must not be empty.
 */
export function keysOf(prefix: string, name: string): (part: string) => string {
  const tag = name.replace(/[%{}]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
  return (part) => `${prefix}:{${tag}}:${part}`;
}
