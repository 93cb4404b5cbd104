import { createHash } from 'node:crypto';
import type { Json } from '../../core/json.ts';
import type { SendCommand } from './RedisClient.ts';

/** A Lua script that Redis runs as one step. Its first key says where. */
export class Script {
  readonly #source: string;
  readonly #sha: string;

  constructor(source: string) {
    this.#source = source;
    this.#sha = createHash('sha1').update(source).digest('hex');
  }

  /** Runs it; a server that does not know it yet (a new one, a restarted one) is told its text. */
  async run(send: SendCommand, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    const rest = [String(keys.length), ...keys, ...args.map(String)];
    try {
      return await send(keys[0]!, ['EVALSHA', this.#sha, ...rest]);
    } catch (error) {
      if (!String((error as Error | undefined)?.message).includes('NOSCRIPT')) throw error;
      return send(keys[0]!, ['EVAL', this.#source, ...rest]);
    }
  }
}

/** A text of a reply; whether the connection gives strings or bytes. */
export function textOf(reply: unknown): string {
  return typeof reply === 'string' ? reply : String(reply);
}

/** The JSON of a reply; undefined for what is none: somebody else has put it there. */
export function jsonOf(reply: unknown): Json | undefined {
  try {
    return JSON.parse(textOf(reply)) as Json;
  } catch {
    return undefined;
  }
}
