import type { LogHead } from '../../core/Sink.ts';
import { checkInteger, checkMethods, checkName, checkNumber, checkOptions } from '../support/check.ts';
import { InvalidOptionError } from '../support/errors.ts';
import { splitLines } from '../support/splitLines.ts';
import { type BatchHeader, hashLine, readHeader, unseal } from './batch.ts';
import { ChainWalk, type Report } from './ChainWalk.ts';
import { type Checkpoint, readCheckpoint } from './checkpoint.ts';
import type { LogFinding, LogFindingKind } from './findings.ts';
import { checkKeys, type LogKey } from './keys.ts';

/** Options of `verifyLog`. */
export interface VerifyLogOptions {
  /** The log's name. */
  readonly stream: string;
  /** Its bytes: `reader.lines()` of a `LogReader`, or any stream of them. */
  readonly lines: AsyncIterable<Uint8Array>;
  /**
   * The private keys, by their ids. Without a batch's key its seal cannot be tried: that a byte was changed shows by the link of the
   * next batch or a checkpoint then. @defaultValue none
   */
  readonly keys?: Readonly<Record<string, LogKey>>;
  /** The signed checkpoints from the second place, in any order. @defaultValue none */
  readonly checkpoints?: Iterable<string> | AsyncIterable<string>;
  /** The public Ed25519 keys of those who sign, by their ids. Needed with `checkpoints`. */
  readonly signers?: Readonly<Record<string, LogKey>>;
  /**
   * Batches that may come after the last checkpoint: `everyBatches` for a log that is being written, 0 for one that was closed.
   * @defaultValue Infinity
   */
  readonly maxUncovered?: number;
  /** The first batch must be this one. @defaultValue any: old files may have been deleted */
  readonly firstSeq?: number;
  /** Findings that are kept at most; `found` counts all. @defaultValue 1000 */
  readonly maxFindings?: number;
}

/** What verification found. */
export interface LogVerification {
  /** Whether nothing is wrong. */
  readonly ok: boolean;
  /** What is wrong. */
  readonly findings: readonly LogFinding[];
  /** How much is wrong; more than `findings` holds where these are many. */
  readonly found: number;
  /** Batches that are in the log. */
  readonly batches: number;
  /** Records that they hold, by their headers. */
  readonly records: number;
  /** The number of the first batch; null in an empty log. */
  readonly first: number | null;
  /** The newest batch: its hash stands for the whole log. */
  readonly head: LogHead | null;
  /** The newest batch that a checkpoint names; null without one. */
  readonly covered: number | null;
  /** Batches after it. Their content is sealed and chained, but nobody has signed that they are all. */
  readonly uncovered: number;
  /** Batches whose key was not given, by its id: their links were checked, their seals were not. */
  readonly unread: Readonly<Record<string, number>>;
}

const names = ['stream', 'lines', 'keys', 'checkpoints', 'signers', 'maxUncovered', 'firstSeq', 'maxFindings'];

/**
 * Checks an encrypted log from end to end, in constant memory but for the checkpoints, and names what is wrong with it. It never stops
 * at the first fault, and throws only for options that break their rules and where the log cannot be read.
 *
 * What it cannot see: the end that was cut off behind the last checkpoint it is given, and what somebody who had both the
 * writer's signing key and the place of the checkpoints has done.
 *
 * @example
 * const reader = new LogReader({ path: 'logs/fraud.jwe' });
 * const { ok, findings } = await verifyLog({ stream: 'fraud', lines: reader.lines(), checkpoints, signers });
 *
 * @throws InvalidOptionError
 */
export async function verifyLog(options: VerifyLogOptions): Promise<LogVerification> {
  const { stream, lines, keys, firstSeq, maxUncovered, maxFindings, checkpoints, signers } =
    checkVerifyOptions(options);
  const findings: LogFinding[] = [];
  let found = 0;
  const report: Report = (kind: LogFindingKind, line, seq, message) => {
    found += 1;
    if (findings.length < maxFindings) findings.push({ kind, line, seq, message });
  };
  const signed = await readCheckpoints(checkpoints, stream, signers, report);
  const walk = new ChainWalk(new Map([...signed].map(([seq, { hash }]) => [seq, hash])), report);
  const unread: Record<string, number> = {};
  let line = 0;
  let batches = 0;
  let records = 0;
  for await (const { bytes, ended } of splitLines(lines)) {
    line += 1;
    const header = ended ? readHeader(bytes, stream) : undefined;
    if (typeof header !== 'object') {
      if (header === undefined) report('torn', line, null, 'it is not ended');
      else report('malformed', line, null, header);
      walk.skip();
      continue;
    }
    const key = keys.get(header.kid);
    if (key === undefined) unread[header.kid] = (unread[header.kid] ?? 0) + 1;
    const sound = key === undefined || (await isSound(bytes, header, key));
    if (!sound)
      report(
        'altered',
        line,
        header.seq,
        `the seal of batch ${header.seq} is broken: its header or its content was changed`,
      );
    batches += 1;
    records += header.count;
    walk.step(line, header, hashLine(bytes), sound);
  }
  walk.end();
  const { head } = walk;
  const first = walk.first?.seq ?? null;
  if (walk.first !== null) checkStart(walk.first, firstSeq, signed, report);
  const covered = signed.size === 0 ? null : [...signed.keys()].reduce((a, b) => Math.max(a, b));
  checkEnd(head, signed.get(covered ?? -1), report);
  const uncovered = head === null ? 0 : Math.max(0, head.seq - Math.max(covered ?? -1, (first ?? 0) - 1));
  if (uncovered > maxUncovered)
    report('uncovered', null, head!.seq, `${uncovered} batches come after the last checkpoint, ${maxUncovered} may`);
  return { ok: found === 0, findings, found, batches, records, first, head, covered, uncovered, unread };
}

async function isSound(bytes: Uint8Array, header: BatchHeader, key: LogKey): Promise<boolean> {
  return unseal(bytes, header, key).then(
    () => true,
    () => false,
  );
}

/** The checkpoints whose signatures hold, by the number of their batch. */
async function readCheckpoints(
  texts: Iterable<string> | AsyncIterable<string>,
  stream: string,
  signers: ReadonlyMap<string, LogKey>,
  report: Report,
): Promise<ReadonlyMap<number, Checkpoint>> {
  const signed = new Map<number, Checkpoint>();
  let line = 0;
  for await (const text of texts) {
    line += 1;
    const checkpoint = await readCheckpoint(text, stream, signers);
    if (typeof checkpoint === 'string') {
      report('bad-checkpoint', line, null, checkpoint);
      continue;
    }
    const { seq, hash } = checkpoint;
    const known = signed.get(seq);
    if (known !== undefined && known.hash !== hash)
      report('rewritten', null, seq, `two signed checkpoints name different batches ${seq}`);
    else signed.set(seq, checkpoint);
  }
  return signed;
}

/** Where the log begins: as asked for, and as the checkpoint of the batch before it says, where there is one. */
function checkStart(
  { seq: first, prev }: { readonly seq: number; readonly prev: string },
  firstSeq: number | undefined,
  signed: ReadonlyMap<number, Checkpoint>,
  report: Report,
): void {
  if (firstSeq !== undefined && first > firstSeq)
    report('missing', 1, firstSeq, `the log begins with batch ${first}, not with batch ${firstSeq}`);
  const before = signed.get(first - 1);
  if ((before !== undefined && before.hash !== prev) || (first === 0 && prev !== ''))
    report('broken-link', 1, first, `batch ${first} does not name what came before it`);
}

function checkEnd(head: LogHead | null, newest: Checkpoint | undefined, report: Report): void {
  const seq = head?.seq ?? -1;
  if (newest === undefined || newest.seq <= seq) return;
  const when = new Date(newest.at).toISOString();
  const end = head === null ? 'the log is empty' : `the log ends with batch ${seq}`;
  report('truncated', null, newest.seq, `${end}, but batch ${newest.seq} was signed at ${when}`);
}

interface VerifySettings {
  readonly stream: string;
  readonly lines: AsyncIterable<Uint8Array>;
  readonly keys: ReadonlyMap<string, LogKey>;
  readonly checkpoints: Iterable<string> | AsyncIterable<string>;
  readonly signers: ReadonlyMap<string, LogKey>;
  readonly maxUncovered: number;
  readonly firstSeq: number | undefined;
  readonly maxFindings: number;
}

function checkVerifyOptions(options: VerifyLogOptions): VerifySettings {
  checkOptions('options', options, names);
  const { checkpoints = [], firstSeq, signers } = options;
  if (options.checkpoints !== undefined && signers === undefined)
    throw new InvalidOptionError('signers', undefined, 'given with checkpoints');
  return {
    stream: checkName('stream', options.stream),
    lines: checkMethods('lines', options.lines, 'an async iterable of bytes', [Symbol.asyncIterator]),
    keys: checkKeys('keys', options.keys ?? {}, 'private'),
    checkpoints,
    signers: checkKeys('signers', signers ?? {}, 'public'),
    maxUncovered: checkNumber('maxUncovered', options.maxUncovered ?? Number.POSITIVE_INFINITY, { ge: 0 }),
    firstSeq: firstSeq === undefined ? undefined : checkInteger('firstSeq', firstSeq, { ge: 0 }),
    maxFindings: checkInteger('maxFindings', options.maxFindings ?? 1000, { ge: 1 }),
  };
}
