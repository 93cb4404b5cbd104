import { checkName, checkOptions } from '../support/check.ts';
import { InvalidOptionError } from '../support/errors.ts';
import type { CryptoKey, JWK, KeyObject } from './jose.ts';

/** A key as `jose` takes it: a Web CryptoKey, a Node KeyObject, or a JSON Web Key. */
export type LogKey = CryptoKey | KeyObject | JWK;

/** A key with the id by which batches and checkpoints name it. */
export interface NamedKey {
  /** Its id, never used for another key. A date in it makes it plain which keys are due for destruction: `phi-2026-11`. */
  readonly kid: string;
  readonly key: LogKey;
}

/** How a batch's own random key is wrapped for the recipient: RFC 7518, 4.6 and 4.3. Nothing else is written or accepted. */
export type KeyManagement = 'ECDH-ES+A256KW' | 'RSA-OAEP-256';

/** The algorithms that a reader accepts. */
export const KEY_MANAGEMENT: readonly KeyManagement[] = ['ECDH-ES+A256KW', 'RSA-OAEP-256'];

/** A named public key that batches are encrypted for. */
export interface Recipient extends NamedKey {
  readonly alg: KeyManagement;
}

interface AnyKey {
  readonly type?: unknown;
  readonly algorithm?: { readonly name?: unknown };
  readonly asymmetricKeyType?: unknown;
  readonly kty?: unknown;
  readonly d?: unknown;
}

function kindOf(key: unknown): 'public' | 'private' | undefined {
  if (typeof key !== 'object' || key === null) return undefined;
  const { type, kty, d } = key as AnyKey;
  if (type === 'public' || type === 'private') return type;
  // A JSON Web Key: `d` is the private part of every asymmetric kind (RFC 7517), and a symmetric one is neither.
  if (kty === 'EC' || kty === 'OKP' || kty === 'RSA') return d === undefined ? 'public' : 'private';
  return undefined;
}

const isRsa = (key: LogKey): boolean => {
  const { algorithm, asymmetricKeyType, kty } = key as AnyKey;
  return kty === 'RSA' || asymmetricKeyType === 'rsa' || algorithm?.name === 'RSA-OAEP';
};

/** @throws InvalidOptionError */
export function checkNamedKey(option: string, value: NamedKey, kind: 'public' | 'private'): NamedKey {
  checkOptions(option, value, ['kid', 'key']);
  checkName(`${option}.kid`, value.kid);
  checkKey(`${option}.key`, value.key, kind);
  return value;
}

/** @throws InvalidOptionError */
export function checkKey(option: string, key: LogKey, kind: 'public' | 'private'): LogKey {
  if (kindOf(key) === kind) return key;
  throw new InvalidOptionError(option, key, `a ${kind} key: a CryptoKey, a KeyObject or a JWK`);
}

/** Keys by id. @throws InvalidOptionError */
export function checkKeys(
  option: string,
  keys: Readonly<Record<string, LogKey>>,
  kind: 'public' | 'private',
): ReadonlyMap<string, LogKey> {
  if (typeof keys !== 'object' || keys === null || Array.isArray(keys))
    throw new InvalidOptionError(option, keys, 'an object of keys by their ids');
  return new Map(Object.entries(keys).map(([kid, key]) => [kid, checkKey(`${option}.${kid}`, key, kind)]));
}

/** A recipient: a public key, so that a host that writes cannot read. @throws InvalidOptionError */
export function checkRecipient(option: string, value: NamedKey): Recipient {
  const { kid, key } = checkNamedKey(option, value, 'public');
  return { kid, key, alg: isRsa(key) ? 'RSA-OAEP-256' : 'ECDH-ES+A256KW' };
}
