import type { LogHead } from '../../core/Sink.ts';
import { CompactSign, compactVerify } from './jose.ts';
import type { LogKey, NamedKey } from './keys.ts';

const TYPE = 'coronate-checkpoint';
const ALGORITHM = 'EdDSA';

/** A signed statement: at that time the log's newest batch was this one. */
export interface Checkpoint extends LogHead {
  readonly stream: string;
  /** When it was signed, milliseconds since the epoch, by the writer's clock. */
  readonly at: number;
}

/** A checkpoint as one line of text: a compact JWS (RFC 7515) signed with Ed25519 (RFC 8037). */
export async function signCheckpoint(checkpoint: Checkpoint, { key, kid }: NamedKey): Promise<string> {
  return new CompactSign(new TextEncoder().encode(JSON.stringify(checkpoint)))
    .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid })
    .sign(key);
}

/** A checkpoint whose signature holds and that is of this log; a text that says why not. */
export async function readCheckpoint(
  text: string,
  stream: string,
  signers: ReadonlyMap<string, LogKey>,
): Promise<Checkpoint | string> {
  let unknown: string | undefined;
  try {
    const resolve = ({ kid }: { kid?: string }): LogKey => {
      const key = signers.get(kid ?? '');
      if (key === undefined) {
        unknown = `nobody knows the signer ${JSON.stringify(kid ?? '')}`;
        throw new Error(unknown);
      }
      return key;
    };
    const { payload, protectedHeader } = await compactVerify(text, resolve, { algorithms: [ALGORITHM] });
    if (protectedHeader.typ !== TYPE) return 'it is no checkpoint';
    const checkpoint = JSON.parse(new TextDecoder().decode(payload)) as Checkpoint;
    const { seq, hash, at } = checkpoint;
    if (!Number.isSafeInteger(seq) || typeof hash !== 'string' || Number.isNaN(new Date(at).getTime()))
      return 'it is not complete';
    return checkpoint.stream === stream ? checkpoint : 'it is of another log';
  } catch {
    return unknown ?? 'its signature does not hold';
  }
}
