import type { Claimed, HeldControl, Hub, Joined, ProposalResult, Round, RoundResult } from '../../core/Hub.ts';
import type { Json } from '../../core/json.ts';
import type { StoreCall } from '../../core/StateStore.ts';
import type { Control, Delta } from '../../core/sharing.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { checkName, checkNumber, checkOptions } from '../support/check.ts';
import { waitUnlessAborted } from '../support/waitUnlessAborted.ts';
import { exchangeScript, joinScript, leaveScript, proposeScript, removeScript } from './hubScripts.ts';
import { checkPrefix, keysOf } from './keys.ts';
import { type RedisClient, type SendCommand, senderOf } from './RedisClient.ts';
import { type RedisSubscriber, subscribe } from './RedisSubscriber.ts';
import { jsonOf, type Script, textOf } from './Script.ts';

/** Options of a `RedisHub`. */
export interface RedisHubOptions {
  /** What the replicas share: the strategy's name, as a rule. */
  readonly name: string;
  /** Begins every key. @defaultValue 'coronate' */
  readonly prefix?: string;
  /**
   * A second connection, on which Redis tells at once what was agreed on: a subscribed connection can do nothing else. It
   * stays the caller's.
   * @defaultValue none: replicas learn of it at their next round
   */
  readonly subscriber?: RedisSubscriber;
  /** At most so many outcomes wait for their truth; beyond that the oldest go. @defaultValue 100_000 */
  readonly waitingCapacity?: number;
  /** An outcome waits so many milliseconds. @defaultValue 2_592_000_000 (30 days) */
  readonly waitingMs?: number;
  /** The log keeps nothing for a replica that was silent for so many milliseconds: it joins anew. @defaultValue 60_000 */
  readonly silenceMs?: number;
}

const AT_ONCE = 64;
const LIVES = 10_000;
/** What a claim begins with: whether its outcome is at the replica that asks. */
const HERE = '1';
const THERE = '0';

/**
 * Where replicas meet on Redis: a log of deltas, the control that all follow, the outcomes that wait for their truth. Every
 * step is one script, so it happens whole or not at all. What is acknowledged is as safe as the server's persistence makes
 * it: `appendonly yes` with `appendfsync always` loses nothing, `everysec` up to a second.
 *
 * @example
 * const client = await createClient({ url }).connect();
 * const subscriber = await client.duplicate().connect();
 * const hub = new RedisHub(client, { name: 'yield-v2', subscriber });
 */
export class RedisHub implements Hub {
  readonly name: string;
  readonly #send: SendCommand;
  readonly #meta: string;
  readonly #channel: string;
  readonly #limits: readonly number[];
  readonly #subscriber: RedisSubscriber | undefined;

  /** @throws InvalidOptionError */
  constructor(client: RedisClient, options: RedisHubOptions) {
    checkOptions('options', options, ['name', 'prefix', 'subscriber', 'waitingCapacity', 'waitingMs', 'silenceMs']);
    const { waitingCapacity = 100_000, waitingMs = 30 * 24 * 3_600_000, silenceMs = 60_000 } = options;
    this.#send = senderOf('client', client);
    const key = keysOf(checkPrefix(options.prefix), checkName('name', options.name));
    this.name = `redis:${options.name}`;
    this.#meta = key('meta');
    this.#channel = key('control');
    this.#limits = [
      AT_ONCE,
      checkNumber('waitingCapacity', waitingCapacity, { ge: 1, le: Number.MAX_SAFE_INTEGER }),
      checkNumber('waitingMs', waitingMs, { ge: 1, le: Number.MAX_SAFE_INTEGER }),
      checkNumber('silenceMs', silenceMs, { ge: 1, le: Number.MAX_SAFE_INTEGER }),
    ];
    this.#subscriber = options.subscriber;
  }

  async join(label: string, _at: number, call: StoreCall = {}): Promise<Joined> {
    const [replica, cursor, base, version, control, born] = (
      await this.#run(joinScript, [checkName('label', label), LIVES], call)
    ).map(textOf);
    return {
      replica: replica!,
      base: base === '' ? undefined : (parse(base) as Snapshot),
      cursor: cursor!,
      born: born!,
      control: heldOf(version, control),
    };
  }

  async exchange(round: Round, call: StoreCall = {}): Promise<RoundResult> {
    const reply = await this.#run(exchangeScript, this.#argumentsOf(round), call);
    const [flush, deltas, cursor, more, behind, length, version, control, claimed, taken] = reply;
    const none = textOf(version) === '0' && round.controlVersion !== 0;
    return {
      flush: textOf(flush) as RoundResult['flush'],
      deltas: (deltas as unknown[]).map((text) => parse(text) as Delta),
      cursor: textOf(cursor),
      more: Number(more) === 1,
      behind: Number(behind) === 1,
      length: Number(length),
      control: none ? undefined : heldOf(version, control),
      claimed: claimsOf(round, claimed as unknown[]),
      taken: (taken as unknown[]).map(textOf),
    };
  }

  async propose(expected: number, control: Control, call: StoreCall = {}): Promise<ProposalResult> {
    const args = [expected, JSON.stringify(control), this.#channel];
    const [ok, version, text] = await this.#run(proposeScript, args, call);
    return { ok: Number(ok) === 1, held: heldOf(version, text) };
  }

  async leave(replica: string, call: StoreCall = {}): Promise<void> {
    await this.#run(leaveScript, [replica], call);
  }

  async watch(listener: () => void): Promise<() => Promise<void>> {
    if (this.#subscriber === undefined) return async () => undefined;
    return subscribe(this.#subscriber, this.#channel, listener);
  }

  /** Forgets all that the replicas share: for when they are gone for good. */
  async remove(call: StoreCall = {}): Promise<void> {
    await this.#run(removeScript, [], call);
  }

  #argumentsOf({
    replica,
    at,
    cursor,
    controlVersion,
    flush,
    claims,
    here,
    released,
    base,
  }: Round): (string | number)[] {
    const { waiting = [], joined = [] } = flush ?? {};
    const args: (string | number)[] = [
      replica,
      at,
      cursor,
      controlVersion,
      flush?.id ?? '',
      flush?.delta === undefined ? '' : JSON.stringify(flush.delta),
      base === undefined ? '' : JSON.stringify(base),
      ...this.#limits,
      ...[waiting.length, joined.length, claims.length, released.length],
    ];
    // One by one: a round carries thousands, and lists of lists are copied as often as they are joined.
    for (const { requestId, at: since, outcome } of waiting) args.push(requestId, since, JSON.stringify(outcome));
    for (const id of joined) args.push(id);
    for (const id of claims) args.push((here?.has(id) === true ? HERE : THERE) + id);
    for (const id of released) args.push(id);
    return args;
  }

  async #run(script: Script, args: readonly (string | number)[], { signal }: StoreCall): Promise<unknown[]> {
    return waitUnlessAborted(script.run(this.#send, [this.#meta], args), signal) as Promise<unknown[]>;
  }
}

function heldOf(version: unknown, control: unknown): HeldControl | undefined {
  const text = textOf(control);
  return text === '' ? undefined : { version: Number(version), control: parse(text) as Control };
}

function claimsOf({ claims, here }: Round, reply: readonly unknown[]): readonly Claimed[] {
  return claims.map((requestId, i) => {
    const said = textOf(reply[2 * i]);
    if (said === 'taken' || said === 'unknown') return { requestId, status: said };
    const outcome = here?.has(requestId) === true ? undefined : (parse(reply[2 * i + 1]) as Json);
    return { requestId, status: 'granted', at: Number(said), outcome };
  });
}

/** What somebody else has put there is null, which fits nowhere: it is refused, and the rest of the answer stands. */
function parse(text: unknown): unknown {
  return jsonOf(text) ?? null;
}
