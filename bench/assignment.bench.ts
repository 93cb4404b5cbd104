import { Assigner } from '../src/assignment/Assigner.ts';
import { growthbookHash } from '../src/assignment/growthbookHash.ts';
import { hashSeed } from '../src/assignment/hashSeed.ts';
import { hashUnit } from '../src/assignment/hashUnit.ts';
import { RangeLedger } from '../src/assignment/RangeLedger.ts';
import { weightedChoice } from '../src/assignment/weightedChoice.ts';
import { createRng } from '../src/random/createRng.ts';
import type { BenchRow } from './BenchRow.ts';
import { bytesPerCall } from './bytesPerCall.ts';
import { loadPeer } from './loadPeer.ts';
import { compare, type Operation } from './measure.ts';

/** As much of @growthbook/growthbook as is measured; its own types are not installed where the peer is not. */
interface GrowthBook {
  readonly GrowthBookClient: new () => {
    runInlineExperiment(experiment: object, context: object): { readonly variationId: number };
  };
}

const rng = createRng(1);
const hex = (digits: number): string =>
  Array.from({ length: digits }, () => Math.floor(rng.next() * 16).toString(16)).join('');
/** 36-character ids, as many as fit the caches of neither side. */
const ids = Array.from({ length: 4096 }, () => [8, 4, 4, 4, 12].map(hex).join('-'));
const beyondAscii = ids.map((id) => `ü${id.slice(1)}`);

/** Calls `each` with one id after the other. */
function over<T>(all: readonly T[], each: (item: T) => unknown): Operation {
  let i = 0;
  return () => {
    i = (i + 1) & 4095;
    return each(all[i]!);
  };
}

function assigner(options: object = {}): Assigner {
  const shares = [0.5, 0.5];
  return new Assigner({
    name: 'model-exp',
    variants: ['champion', 'challenger'],
    shares,
    rng: createRng(2),
    ...options,
  });
}

/** The peer's inline experiment over ready-made contexts: the fastest way that it offers. */
async function growthbook(options: object = {}): Promise<{ name: string; run: Operation } | undefined> {
  const peer = await loadPeer<GrowthBook>('@growthbook/growthbook');
  if (peer === undefined) return undefined;
  const client = new peer.module.GrowthBookClient();
  const experiment = { key: 'model-exp', variations: [0, 1], hashVersion: 2, ...options };
  const contexts = ids.map((id) => ({ attributes: { id } }));
  return { name: peer.label, run: over(contexts, (context) => client.runInlineExperiment(experiment, context)) };
}

/** A row with the bytes that both sides allocate. */
async function row(name: string, ours: Operation, peer?: { name: string; run: Operation }): Promise<BenchRow> {
  const bytes = [ours, peer?.run].map((run) => (run === undefined ? undefined : bytesPerCall(run)));
  const [mine, theirs] = bytes.map((count) => (count === undefined ? undefined : `${count.toFixed(1)} B/op`));
  const note = [mine, theirs === undefined ? undefined : `theirs ${theirs}`].filter((text) => text !== undefined);
  const measured = await compare(name, ours, peer);
  return note.length === 0 ? measured : { ...measured, note: note.join(', ') };
}

/** Assignment beside GrowthBook's inline experiment: who gets which variant, for a string id of 36 characters. */
export async function bench(): Promise<BenchRow[]> {
  const plain = assigner();
  const gated = assigner({ namespace: { id: 'n', range: [0, 0.9] }, holdout: { share: 0.05 }, exposure: 0.5 });
  const migrated = assigner({ hash: 'growthbook-v2' });
  const four = assigner({ variants: ['a', 'b', 'c', 'd'], shares: [0.4, 0.3, 0.2, 0.1] });
  const seed = hashSeed('arm', 'model-exp', '');
  const ledger = RangeLedger.of([0.4, 0.3, 0.2, 0.1]);
  const draws = createRng(3);
  let flip = 0;
  return [
    await row(
      'assign, one experiment',
      over(ids, (id) => plain.assign(id)),
      await growthbook(),
    ),
    await row(
      'assign, namespace, holdout and exposure',
      over(ids, (id) => gated.assign(id)),
      await growthbook({ namespace: ['n', 0, 0.9], coverage: 0.5 }),
    ),
    await row(
      'assign, GrowthBook hash v2',
      over(ids, (id) => migrated.assign(id)),
      await growthbook(),
    ),
    await row(
      'assign, four variants',
      over(ids, (id) => four.assign(id)),
    ),
    await row(
      'assign, id beyond ASCII',
      over(beyondAscii, (id) => plain.assign(id)),
    ),
    await row('assign, drawn by request', () => plain.assign()),
    await row(
      'hashUnit',
      over(ids, (id) => hashUnit(id, seed)),
    ),
    await row(
      'growthbookHash v2',
      over(ids, (id) => growthbookHash('model-exp', id, 2)),
    ),
    await row('weightedChoice of four', () => weightedChoice(draws, ledger.shares)),
    await row('ramp of four arms', () => {
      flip = 1 - flip;
      return ledger.ramp(flip === 0 ? [0.4, 0.3, 0.2, 0.1] : [0.1, 0.2, 0.3, 0.4]);
    }),
  ];
}
