import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogFindingKind, LogVerification } from '../../../src/adapters/encryption/index.ts';
import { MemorySink } from '../../../src/adapters/memory/index.ts';
import { ManualClock } from '../../../src/core/index.ts';
import {
  codecFor,
  december,
  forReading,
  forSigning,
  forWriting,
  makeLog,
  november,
  otherSigner,
  read,
  signer,
  signers,
  stream,
  verify,
  write,
} from './logFixture.ts';

const { lines, checkpoints } = await makeLog(8);
const last = lines.length - 1;

const flip = (line: string, part: number, at = 5): string => {
  const parts = line.split('.');
  const text = parts[part]!;
  parts[part] = `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
  return parts.join('.');
};

/** The line with a field of its header changed, as somebody would who has no key. */
function edit(line: string, change: object): string {
  const [head, ...rest] = line.split('.');
  const header = JSON.parse(Buffer.from(head!, 'base64url').toString()) as object;
  return [Buffer.from(JSON.stringify({ ...header, ...change })).toString('base64url'), ...rest].join('.');
}

/** What somebody can write who has the public key, after this line. */
async function forge(after: string | null, text: string): Promise<string> {
  const codec = codecFor();
  await codec.resume(after === null ? null : new TextEncoder().encode(after));
  return (await write(codec, [[text]]))[0]!;
}

const without = (...at: readonly number[]): string[] => lines.filter((_, index) => !at.includes(index));
const replaced = (at: number, line: string): string[] => lines.with(at, line);
const kinds = ({ findings }: LogVerification): [LogFindingKind, number | null, number | null][] =>
  findings.map(({ kind, line, seq }) => [kind, line, seq]);

const forged = await forge(lines[2]!, 'forged');
const tail = await forge(lines[last]!, 'forged');
const otherLast = await forge(lines[last - 1]!, 'forged');
const anew = await write(
  codecFor(),
  Array.from({ length: 8 }, () => ['x']),
);
/** What somebody has put in the place of everything after the first four batches, whose files are gone. */
const otherStart = await (async () => {
  const codec = codecFor();
  await codec.resume(new TextEncoder().encode(forged));
  return write(codec, [['x'], ['y']]);
})();

describe('verifyLog', () => {
  it('finds nothing in a sound log, and says what it saw', async () => {
    expect(await verify(lines, { checkpoints, signers, maxUncovered: 0, firstSeq: 0 })).toEqual({
      ok: true,
      findings: [],
      found: 0,
      batches: 8,
      records: 8,
      first: 0,
      head: { seq: 7, hash: expect.stringMatching(/^[\w-]{43}$/) },
      covered: 7,
      uncovered: 0,
      unread: {},
    });
    expect(await verify([])).toMatchObject({ ok: true, batches: 0, first: null, head: null, covered: null });
  });

  it.each([
    ['a byte of content', replaced(3, flip(lines[3]!, 3)), [['altered', 4, 3]]],
    ['a byte of the wrapped key', replaced(3, flip(lines[3]!, 1)), [['altered', 4, 3]]],
    ['a byte of the tag, in the last batch', replaced(last, flip(lines[last]!, 4)), [['altered', 8, 7]]],
    ['the count in a header', replaced(3, edit(lines[3]!, { count: 2 })), [['altered', 4, 3]]],
    [
      'the link in a header',
      replaced(3, edit(lines[3]!, { prev: 'x' })),
      [
        ['altered', 4, 3],
        ['broken-link', 4, 3],
      ],
    ],
    ['the algorithm in a header', replaced(3, edit(lines[3]!, { alg: 'dir' })), [['malformed', 4, null]]],
    ['a byte that leaves no header', replaced(3, flip(lines[3]!, 0, 0)), [['malformed', 4, null]]],
    ['a whole line: it is noise now', replaced(3, 'noise'), [['malformed', 4, null]]],
    ['a batch: it is gone', without(3), [['missing', 4, 3]]],
    ['three batches: they are gone', without(2, 3, 4), [['missing', 3, 2]]],
    [
      'batches here and there: they are gone',
      without(2, 5),
      [
        ['missing', 3, 2],
        ['missing', 5, 5],
      ],
    ],
    ['two neighbours: they are swapped', lines.with(3, lines[4]!).with(4, lines[3]!), [['order', 5, 3]]],
    ['the first two: they are swapped', lines.with(0, lines[1]!).with(1, lines[0]!), [['order', 2, 0]]],
    [
      'two far apart: they are swapped',
      lines.with(2, lines[6]!).with(6, lines[2]!),
      [
        ['order', 4, 3],
        ['order', 5, 4],
        ['order', 6, 5],
        ['order', 7, 2],
      ],
    ],
    ['a batch: it is there twice', lines.toSpliced(4, 0, lines[3]!), [['repeated', 5, 3]]],
    ['an old batch: it is there again', [...lines, lines[2]!], [['repeated', 9, 2]]],
    ['a batch in the place of another', replaced(3, forged), [['broken-link', 5, 4]]],
    ['a batch too many, before the right one', lines.toSpliced(3, 0, forged), [['forged', 4, 3]]],
    ['a batch too many, after the right one', lines.toSpliced(4, 0, forged), [['forged', 5, 3]]],
    [
      'lines in the middle that are none',
      lines.toSpliced(4, 0, 'x', 'y'),
      [
        ['malformed', 5, null],
        ['malformed', 6, null],
      ],
    ],
  ] as const)('names what was changed: %s', async (_what, tampered, expected) => {
    const result = await verify(tampered);
    expect(kinds(result)).toEqual(expected);
    expect(result).toMatchObject({ ok: false, found: expected.length });
    for (const { message } of result.findings) expect(message).toMatch(/^[a-z\d].{10,}[^.]$/);
  });

  it.each([
    ['nothing of an end that was cut off, without checkpoints', lines.slice(0, 5), {}, []],
    ['an end that was cut off, by a checkpoint', lines.slice(0, 5), { checkpoints, signers }, [['truncated', null, 7]]],
    ['a log that is gone', [], { checkpoints, signers }, [['truncated', null, 7]]],
    ['nothing of a forged end, without checkpoints', [...lines, tail], {}, []],
    [
      'a forged end, where nothing may be uncovered',
      [...lines, tail],
      { checkpoints, signers, maxUncovered: 0 },
      [['uncovered', null, 8]],
    ],
    ['a forged batch in place of the last', replaced(last, otherLast), { checkpoints, signers }, [['rewritten', 8, 7]]],
    [
      'a whole log that was written anew',
      anew,
      { checkpoints: [checkpoints[3]!, checkpoints[7]!], signers },
      [
        ['rewritten', 4, 3],
        ['rewritten', 8, 7],
      ],
    ],
    ["which of two last batches is the writer's", [...lines, otherLast], { checkpoints, signers }, [['forged', 9, 7]]],
    ['that it cannot say so without checkpoints', [...lines, otherLast], {}, [['forged', 9, 7]]],
    ['a start that is gone, where it is asked for', without(0, 1), { firstSeq: 0 }, [['missing', 1, 0]]],
    ['nothing of old files that were deleted', without(0, 1), { checkpoints, signers, maxUncovered: 0 }, []],
    [
      'a start that another batch was put before',
      otherStart,
      { checkpoints: [checkpoints[3]!], signers },
      [['broken-link', 1, 4]],
    ],
  ] as const)('finds %s', async (_what, tampered, options, expected) => {
    expect(kinds(await verify(tampered, options))).toEqual(expected);
  });

  it('finds changes without the keys by the links, all but in the last batch', async () => {
    const blind = { keys: {} };
    expect(await verify(lines, blind)).toMatchObject({ ok: true, unread: { '2026-11': 8 } });
    expect(kinds(await verify(replaced(3, flip(lines[3]!, 3)), blind))).toEqual([['broken-link', 5, 4]]);
    expect(kinds(await verify(replaced(last, flip(lines[last]!, 3)), blind))).toEqual([]);
    expect(kinds(await verify(replaced(last, flip(lines[last]!, 3)), { ...blind, checkpoints, signers }))).toEqual([
      ['rewritten', 8, 7],
    ]);
  });

  it('follows the chain over rotated and destroyed keys', async () => {
    const codec = codecFor();
    const mixed = await write(codec, [[1], [2]]);
    codec.rotate(forWriting(december));
    mixed.push(...(await write(codec, [[3], [4]])));
    expect(await verify(mixed, { keys: forReading(november, december) })).toMatchObject({ ok: true, unread: {} });
    expect(await verify(mixed, { keys: forReading(december) })).toMatchObject({ ok: true, unread: { '2026-11': 2 } });
  });

  it('trusts no checkpoint but those of the signers, for this log', async () => {
    const sink = new MemorySink<string>();
    const other = codecFor({ stream: 'other', checkpoints: { sink, key: forSigning(signer), everyBatches: 1 } });
    await write(other, [[1]]);
    await other.close();
    const strangers = new MemorySink<string>();
    const strange = codecFor({ checkpoints: { sink: strangers, key: forSigning(otherSigner), everyBatches: 1 } });
    await write(strange, [[1]]);
    await strange.close();
    const bad = [...sink.records, ...strangers.records, 'noise', flip(checkpoints[0]!, 1), lines[0]!];
    const result = await verify(lines, { checkpoints: [...bad, ...checkpoints], signers });
    expect(kinds(result)).toEqual([1, 2, 3, 4, 5].map((line) => ['bad-checkpoint', line, null]));
    expect(result.findings.map(({ message }) => message)).toEqual([
      'it is of another log',
      'its signature does not hold',
      'its signature does not hold',
      'its signature does not hold',
      'its signature does not hold',
    ]);
    const unknown = await verify(lines, { checkpoints, signers: { someone: signer.publicKey } });
    expect(unknown.findings[0]!.message).toBe('nobody knows the signer "writer-1"');
    expect(unknown).toMatchObject({ covered: null, uncovered: 8 });
  });

  it('says where two signed checkpoints contradict each other', async () => {
    const again = await makeLog(8);
    const result = await verify(lines, { checkpoints: [...checkpoints, again.checkpoints[4]!], signers });
    expect(kinds(result)).toEqual([['rewritten', null, 4]]);
  });

  it('tells of a last line that is not ended', async () => {
    const torn = (async function* () {
      yield* stream(lines);
      yield new TextEncoder().encode(lines[0]!.slice(0, 50));
    })();
    expect(kinds(await verify([], { lines: torn }))).toEqual([['torn', 9, null]]);
  });

  it('keeps so many findings, and counts all', async () => {
    const result = await verify(['a', 'b', 'c', 'd'], { maxFindings: 2 });
    expect(result.findings).toHaveLength(2);
    expect(result).toMatchObject({ ok: false, found: 4 });
  });

  it('finds every single change of a byte, whichever it is', async () => {
    const text = `${lines.slice(0, 3).join('\n')}\n`;
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const bytes = Buffer.from(text);
        bytes[at] = bytes[at]! ^ mask;
        const tampered = (async function* () {
          yield new Uint8Array(bytes);
        })();
        expect((await verify([], { lines: tampered, checkpoints: checkpoints.slice(0, 3), signers })).ok).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('finds every mixing of whole lines', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(last), { maxLength: 10 }), async (order) => {
        const sound = order.length === lines.length && order.every((at, index) => at === index);
        const mixed = order.map((at) => lines[at]!);
        expect((await verify(mixed, { checkpoints, signers, firstSeq: 0 })).ok).toBe(sound);
      }),
      { numRuns: 100 },
    );
  });

  it('lets bytes be read by nobody who has only what the writer has', async () => {
    await expect(read(codecFor({ keys: { [november.kid]: december.privateKey } }), lines)).rejects.toThrow('altered');
  });

  it.each([
    [{ stream: '' }, 'stream must be a non-empty string, got ""'],
    [{ lines: [] }, /^lines must be an async iterable of bytes/],
    [{ checkpoints: [] }, 'signers must be given with checkpoints, got undefined'],
    [{ keys: { a: signer.publicKey } }, /^keys\.a must be a private key/],
    [{ signers: { a: signer.privateKey } }, /^signers\.a must be a public key/],
    [{ maxUncovered: -1 }, 'maxUncovered must be a number at least 0, got -1'],
    [{ firstSeq: 0.5 }, 'firstSeq must be an integer at least 0, got 0.5'],
    [{ maxFindings: 0 }, 'maxFindings must be an integer at least 1, got 0'],
    [{ key: 1 }, /^options\.key must be left out/],
  ])('refuses %j', async (options, message) => {
    await expect(verify(lines, options as never)).rejects.toMatchObject({
      code: 'ERR_INVALID_OPTION',
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });
});

describe('checkpoints', () => {
  /** A codec with a manual clock whose checkpoints go to memory. */
  function watched(options: object = {}, sink = new MemorySink<string>()) {
    const clock = new ManualClock(1_800_000_000_000);
    const codec = codecFor({
      clock,
      checkpoints: { sink, key: forSigning(signer), everyBatches: 4, everyMs: 1000, ...options },
    });
    /** Lets what goes on in the background end. What the test waits for may take a busy machine more turns. */
    const settle = async (done: () => boolean = () => true): Promise<void> => {
      for (let i = 0; i < 50 || !done(); i += 1) await new Promise((resolve) => setImmediate(resolve));
    };
    return { codec, clock, sink, settle };
  }
  const seqs = (sink: MemorySink<string>): number[] =>
    sink.records.map(
      (text) => (JSON.parse(Buffer.from(text.split('.')[1]!, 'base64url').toString()) as { seq: number }).seq,
    );

  it('are signed at once after a start, then every so many batches', async () => {
    const { codec, sink, settle } = watched();
    for (let n = 0; n < 10; n += 1) {
      await write(codec, [[n]]);
      await settle(() => seqs(sink).length > Math.floor(n / 4));
    }
    expect(seqs(sink)).toEqual([0, 4, 8]);
    await codec.close();
    expect(seqs(sink)).toEqual([0, 4, 8, 9]);
    await codec.close();
    expect(codec.counts).toMatchObject({ checkpoints: 4, checkpointFailures: 0 });
  });

  it('are signed after some time where few batches come', async () => {
    const { codec, clock, sink, settle } = watched();
    await write(codec, [[0]]);
    await settle(() => seqs(sink).length > 0);
    await write(codec, [[1]]);
    clock.advance(999);
    await settle();
    expect(seqs(sink)).toEqual([0]);
    clock.advance(1);
    await settle(() => seqs(sink).length > 1);
    expect(seqs(sink)).toEqual([0, 1]);
    clock.advance(10_000);
    await settle();
    expect(seqs(sink)).toEqual([0, 1]); // Nothing new, nothing signed.
  });

  it('never name a batch that was not kept', async () => {
    const { codec, sink, settle } = watched({ everyBatches: 1 });
    await codec.encode([1]);
    await settle();
    await codec.close();
    expect(seqs(sink)).toEqual([]);
  });

  it('that the second place refuses stop no log, and are tried again', async () => {
    const sink = new MemorySink<string>();
    let broken = true;
    const moody = {
      name: 'moody',
      write: async (batch: readonly string[]): Promise<void> => {
        if (broken) throw new Error('no');
        await sink.write(batch);
      },
    };
    const { codec, clock, settle } = watched({ sink: moody });
    await write(codec, [[0]]);
    await settle(() => codec.counts.checkpointFailures > 0);
    expect(codec.counts).toMatchObject({ checkpoints: 0, checkpointFailures: 1 });
    broken = false;
    clock.advance(1000);
    await settle(() => seqs(sink).length > 0);
    expect(seqs(sink)).toEqual([0]);
  });

  it('that the second place never answers are given up', async () => {
    const signals: AbortSignal[] = [];
    const hanging = {
      name: 'hanging',
      write: (_batch: readonly string[], { signal }: { signal: AbortSignal }) => {
        signals.push(signal);
        return new Promise<void>(() => undefined);
      },
    };
    const { codec, clock, settle } = watched({ sink: hanging, timeoutMs: 500 });
    await write(codec, [[0], [1]]);
    await settle(() => signals.length > 0);
    const closing = codec.close();
    await settle();
    clock.advance(500);
    await settle(() => signals.length > 1);
    clock.advance(500);
    await closing;
    expect(codec.counts).toMatchObject({ checkpoints: 0, checkpointFailures: 2 });
    expect(signals.every(({ aborted }) => aborted)).toBe(true);
  });
});
