import { AdapterError } from '../support/errors.ts';

/**
 * What can be wrong with an encrypted log.
 *
 * - `malformed`: a line is no batch of this log.
 * - `altered`: a batch's seal is broken: a byte of its header or its content was changed.
 * - `missing`: batches between two others are gone.
 * - `order`: a batch stands in another's place.
 * - `repeated`: a batch is there twice.
 * - `forged`: a batch that the chain does not go on from: somebody who has the public key can make one.
 * - `broken-link`: a batch does not name the line before it: one of the two was replaced.
 * - `rewritten`: a signed checkpoint names another batch of this number.
 * - `truncated`: a signed checkpoint names a batch beyond the end.
 * - `uncovered`: more batches than allowed come after the last checkpoint.
 * - `bad-checkpoint`: a checkpoint whose signature does not hold, or that is of another log.
 * - `unreadable`: nobody has the key of a batch (any more).
 * - `torn`: the last line is not ended.
 */
export type LogFindingKind =
  | 'malformed'
  | 'altered'
  | 'missing'
  | 'order'
  | 'repeated'
  | 'forged'
  | 'broken-link'
  | 'rewritten'
  | 'truncated'
  | 'uncovered'
  | 'bad-checkpoint'
  | 'unreadable'
  | 'torn';

/** One thing that is wrong. */
export interface LogFinding {
  readonly kind: LogFindingKind;
  /** The line of the log that it was found at, from 1; of the checkpoints for `bad-checkpoint`; null for the whole log. */
  readonly line: number | null;
  /** The number of the batch that it is about, where that is known. */
  readonly seq: number | null;
  /** What a person should know. */
  readonly message: string;
}

/** Reading stopped, because something is wrong with the log. */
export class LogIntegrityError extends AdapterError {
  readonly finding: LogFinding;
  constructor(finding: LogFinding, options?: ErrorOptions) {
    const where = finding.line === null ? '' : `line ${finding.line}: `;
    super('ERR_LOG_INTEGRITY', `${where}${finding.kind}: ${finding.message}`, options);
    this.finding = finding;
  }
}
