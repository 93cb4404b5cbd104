import type { LogHead } from '../../core/Sink.ts';
import type { BatchHeader } from './batch.ts';
import type { LogFindingKind } from './findings.ts';

/** Batches that have been passed over so far, and may yet turn up in the wrong place. */
interface Gap {
  from: number;
  to: number;
  /** The line behind it. */
  readonly line: number;
  /** The hash that this line names, where it is of the batch behind `to`. */
  readonly prev: string | undefined;
}

/** Several batches that have the same number. */
interface Fork {
  readonly seq: number;
  readonly candidates: { readonly line: number; readonly hash: string }[];
}

/** Tells of something that is wrong. */
export type Report = (kind: LogFindingKind, line: number | null, seq: number | null, message: string) => void;

/**
 * Follows the chain of a log from line to line, and says where it does not hold: one finding for each thing that was done to
 * it, not one for each line that suffers.
 */
export class ChainWalk {
  readonly #report: Report;
  /** The hash that a signed checkpoint names for a batch. */
  readonly #signed: ReadonlyMap<number, string>;
  #first: { readonly seq: number; readonly prev: string } | null = null;
  #last: (LogHead & { readonly line: number; readonly sound: boolean }) | undefined;
  #gaps: Gap[] = [];
  #fork: Fork | undefined;
  /** Lines since the last batch that are none. */
  #unknown = 0;

  constructor(signed: ReadonlyMap<number, string>, report: Report) {
    this.#signed = signed;
    this.#report = report;
  }

  /** The batch with the lowest number, and the hash that it names; null before any. */
  get first(): { readonly seq: number; readonly prev: string } | null {
    return this.#first;
  }

  /** The batch with the highest number. */
  get head(): LogHead | null {
    return this.#last === undefined ? null : { seq: this.#last.seq, hash: this.#last.hash };
  }

  /** A line that is no batch: it stands for the one that is missing in its place. */
  skip(): void {
    this.#unknown += 1;
  }

  /**
   * The next batch.
   * @param sound whether its seal holds, as far as anybody looked
   */
  step(line: number, { seq, prev }: BatchHeader, hash: string, sound: boolean): void {
    const last = this.#last;
    if (last === undefined) this.#first = { seq, prev };
    const unknown = this.#unknown;
    this.#unknown = 0;
    if (last !== undefined && seq < last.seq) {
      this.#late(line, seq, prev, hash);
      return;
    }
    if (last !== undefined && seq === last.seq) {
      this.#again(line, hash);
      return;
    }
    const parent = this.#settleFork(prev);
    if (last !== undefined) {
      const missing = seq - last.seq - 1;
      if (missing > unknown) this.#gaps.push({ from: last.seq + 1 + unknown, to: seq - 1, line, prev });
      else if (missing === 0 && last.sound && prev !== parent)
        this.#report(
          'broken-link',
          line,
          seq,
          `batch ${seq} names another line before it: batch ${last.seq} or this one was replaced`,
        );
    }
    this.#last = { seq, hash, line, sound };
    this.#checkSigned(line, seq, hash, sound);
  }

  /** The end of the log: what is open is told. */
  end(): void {
    this.#settleFork(undefined);
    for (const { from, to, line } of this.#gaps) {
      const what = from === to ? `batch ${from} is` : `${to - from + 1} batches (${from} to ${to}) are`;
      this.#report('missing', line, from, `${what} missing before this line`);
    }
  }

  #checkSigned(line: number, seq: number, hash: string, sound: boolean): void {
    const signed = this.#signed.get(seq);
    if (signed !== undefined && signed !== hash && sound)
      this.#report('rewritten', line, seq, `a signed checkpoint names another batch ${seq}`);
  }

  /** A batch whose number has been passed: one that was missed, or one too many. */
  #late(line: number, seq: number, prev: string, hash: string): void {
    if (seq < this.#first!.seq) {
      this.#first = { seq, prev };
      this.#report('order', line, seq, `batch ${seq} stands after batch ${this.#last!.seq}`);
      return;
    }
    const at = this.#gaps.findIndex(({ from, to }) => seq >= from && seq <= to);
    const gap = this.#gaps[at];
    if (gap === undefined) {
      this.#report('repeated', line, seq, `batch ${seq} has been there already`);
      return;
    }
    if (seq === gap.to && gap.prev !== undefined && gap.prev !== hash)
      this.#report(
        'broken-link',
        gap.line,
        seq + 1,
        `batch ${seq + 1} names another batch ${seq} than the one in the log`,
      );
    else this.#report('order', line, seq, `batch ${seq} stands after batch ${this.#last!.seq}`);
    const rest = [
      { ...gap, to: seq - 1, prev: undefined },
      { ...gap, from: seq + 1 },
    ].filter(({ from, to }) => from <= to);
    this.#gaps.splice(at, 1, ...rest);
  }

  #again(line: number, hash: string): void {
    const { seq, hash: known, line: before } = this.#last!;
    this.#fork ??= { seq, candidates: [{ line: before, hash: known }] };
    if (this.#fork.candidates.some((candidate) => candidate.hash === hash))
      this.#report('repeated', line, seq, `batch ${seq} has been there already`);
    else this.#fork.candidates.push({ line, hash });
  }

  /** Of several batches of one number the checkpoint names the writer's, or else the batch after them does. Returns its hash. */
  #settleFork(next: string | undefined): string | undefined {
    const fork = this.#fork;
    this.#fork = undefined;
    if (fork === undefined) return this.#last?.hash;
    const signed = this.#signed.get(fork.seq);
    const chosen =
      fork.candidates.find(({ hash }) => hash === signed) ?? fork.candidates.find(({ hash }) => hash === next);
    if (chosen === undefined && fork.candidates.length > 1) {
      const lines = fork.candidates.map(({ line }) => line).join(', ');
      this.#report(
        'forged',
        fork.candidates.at(-1)!.line,
        fork.seq,
        `lines ${lines} all are batch ${fork.seq}, and nothing tells which is the writer's`,
      );
    } else {
      for (const { line } of fork.candidates.filter((candidate) => candidate !== chosen))
        this.#report(
          'forged',
          line,
          fork.seq,
          `the log goes on from another batch ${fork.seq}, on line ${chosen!.line}`,
        );
    }
    if (chosen !== undefined) this.#last = { ...this.#last!, ...chosen };
    return this.#last?.hash;
  }
}
