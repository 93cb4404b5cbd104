// Project 8: a model reads chest X-rays behind the radiologist's back for six months, with an encrypted log.
// Run: npm run example -- examples/projects/8-radiology-shadow.ts
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EncryptedCodec, verifyLog } from 'coronate/adapters/encryption';
import { FileSink, LogReader } from 'coronate/adapters/file';
import { ManualClock } from 'coronate/core';
import { createRng } from 'coronate/random';
import { type PromotionGate, type ShadowRecord, ShadowRunner } from 'coronate/shadow';
import { generateKeyPair } from 'jose';
import { makeCases, type RadiologyCase, subgroupsOf } from '../lib/data/radiology.ts';
import type { BinaryModel } from '../lib/models.ts';
import { heading, paragraph, percent, table, target } from '../lib/print.ts';
import { trainRadiologyModels } from '../lib/train/radiology.ts';

const DAY = 86_400_000;
const DAYS = 182;
const CASES = 12_000;
/** Follow-up finds the truth after three weeks. */
const DELAY = 21 * DAY;

interface Reading {
  readonly score: number;
  readonly diseased: boolean;
}

const models = trainRadiologyModels(42);
const machine = (model: BinaryModel, version: string) => ({
  version,
  predict: ({ row }: RadiologyCase): Reading => ({ score: model.probability(row), diseased: model.predict(row) === 1 }),
});
/** The human reader is the model in charge: a diagnosis, no score. */
const radiologist = {
  version: 'the reading of the day',
  predict: ({ reader }: RadiologyCase): Reading => ({ score: reader, diseased: reader === 1 }),
};

// Only the auditor has the private key: whoever takes over this host cannot read the log.
const auditor = await generateKeyPair('ECDH-ES+A256KW', { extractable: true });
const stranger = await generateKeyPair('ECDH-ES+A256KW', { extractable: true });
const signer = await generateKeyPair('EdDSA', { extractable: true });
const folder = await mkdtemp(join(tmpdir(), 'coronate-radiology-'));
const stream = 'radiology';
const checkpoints: string[] = [];
const codec = new EncryptedCodec<ShadowRecord>({
  stream,
  recipient: { kid: 'auditor-2026', key: auditor.publicKey },
  checkpoints: {
    key: { kid: 'host-2026', key: signer.privateKey },
    sink: { name: 'second place', write: async (batch) => void checkpoints.push(...batch) },
  },
});
const path = join(folder, 'radiology.jwe');
const sink = new FileSink<ShadowRecord>({ path, codec, fsync: 'none' });

const clock = new ManualClock(Date.UTC(2026, 0, 5));
const runner = new ShadowRunner({
  name: 'chest-x-ray',
  primary: radiologist,
  shadows: {
    network: machine(models.good, 'multilayer perceptron, 6,000 cases'),
    narrow: machine(models.worse, 'logistic regression, 400 young patients'),
  },
  classification: { score: ({ score }: Reading) => score, positive: ({ diseased }: Reading) => diseased },
  compare: (a, b) => a.diseased === b.diseased,
  subgroup: subgroupsOf,
  sinks: [sink],
  // Months pass in seconds here: by this clock every write to the disk takes days.
  log: { writeTimeoutMs: DAYS * DAY },
  // A case number leads to a patient: the log gets none.
  redact: (record) => ('requestId' in record ? { ...record, requestId: null } : record),
  promotion: {
    minSamples: 10_000,
    minDurationMs: DAYS * DAY,
    minLabelled: 10_000,
    nonInferiority: { accuracy: 0 },
    recall: { above: 0.75 },
    specificity: { above: 0.9 },
    rocAuc: { above: 0.9 },
    subgroups: [{ metric: 'accuracy', minEach: 1000, maxGap: 0.1 }],
  },
  expiresAt: clock.now() + DAYS * DAY,
  longRun: 'the protocol asks for six months and 10,000 cases before a submission',
  truth: { windowMs: 60 * DAY },
  cpuShare: 1,
  queue: { capacity: 4096 },
  seed: 42,
  clock,
});

// Six months of readings; somebody looks every week.
const cases = makeCases(createRng(11), CASES);
const step = (DAYS * DAY) / CASES;
let changed = 0;
let known = 0;
for (const [i, patient] of cases.entries()) {
  const { diseased } = runner.predict(patient, { id: patient.id });
  if (diseased !== (patient.reader === 1)) changed += 1;
  clock.advance(step);
  while (known * step + DELAY < (i + 1) * step) {
    runner.record(cases[known]!.id, cases[known]!.diseased);
    known += 1;
  }
  if (i % Math.round(CASES / 26) === 0) {
    await runner.drain();
    runner.promotion('network');
    runner.promotion('narrow');
  }
}
clock.advance(DELAY);
for (; known < CASES; known += 1) runner.record(cases[known]!.id, cases[known]!.diseased);
const network = runner.compare('network');
const narrow = runner.compare('narrow');
const verdicts = { network: runner.promotion('network'), narrow: runner.promotion('narrow') };
const report = runner.toMarkdown();
await runner.close();

const show = (result: { status: string; estimate?: number; interval?: readonly [number, number] }): string => {
  const points = (share: number): string => (100 * share).toFixed(1);
  if (result.status !== 'ok') return 'n/a';
  return `${points(result.estimate!)} [${result.interval!.map(points).join(', ')}]`;
};
heading('Project 8: chest X-rays, six months in the shadow');
table(
  ['95 % intervals', 'radiologist', 'network', 'young lungs only'],
  (
    [
      ['accuracy', 'accuracy'],
      ['sensitivity', 'recall'],
      ['specificity', 'specificity'],
      ['AUC', 'rocAuc'],
    ] as const
  ).map(([name, metric]) => [
    name,
    metric === 'rocAuc' ? 'one point' : show(network.classification!.primary[metric]),
    show(network.classification!.shadow[metric]),
    show(narrow.classification!.shadow[metric]),
  ]),
);
heading('Accuracy by subgroup, and the gap to the rest (corrected)');
table(
  ['group', 'cases', 'human', 'network', 'gap', 'p', 'narrow'],
  network.subgroups.map(({ attribute, group, labelled, gaps }, i) => {
    const [own, other] = [gaps[0]!, narrow.subgroups[i]!.gaps[0]!];
    const gap = own.gap.status === 'ok' ? `${(100 * own.gap.estimate).toFixed(1)} points` : 'n/a';
    const p = own.adjustedPValue === undefined ? 'n/a' : own.adjustedPValue.toPrecision(2);
    return [
      `${attribute}: ${group}`,
      labelled,
      percent(own.primary!),
      percent(own.shadow!),
      gap,
      p,
      percent(other.shadow!),
    ];
  }),
);
heading('Gates');
for (const [name, { decision, gates }] of Object.entries(verdicts)) {
  console.log(`  ${name}: ${decision}`);
  for (const { verdict, message } of gates)
    console.log(`    ${{ pass: '+', fail: 'x', inconclusive: '?' }[verdict]} ${message}`);
}

// The auditor's desk: verify, decrypt, count again. Then what a thief or a forger would find.
const reader = new LogReader<ShadowRecord>({ path });
const keys = { 'auditor-2026': auditor.privateKey };
const signers = { 'host-2026': signer.publicKey };
const sound = await verifyLog({ stream, lines: reader.lines(), keys, checkpoints, signers, maxUncovered: 0 });
const opened = new LogReader<ShadowRecord>({ path, codec: new EncryptedCodec<ShadowRecord>({ stream, keys }) });
const replay = await runner.replay(opened);
const same = JSON.stringify(replay.compare('network').classification) === JSON.stringify(network.classification);
// Five letters stand in random base64url by chance, now and then; quotes never do, nor a whole id.
const plain = /"positive"|"score"|case-\d{4}/;
const files = (await readdir(folder)).filter((name) => name.includes('.jwe') && !name.includes('lock'));
const text = (await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))).join('');
const thief = new EncryptedCodec<ShadowRecord>({ stream, keys: { 'auditor-2026': stranger.privateKey } });
let stolen = 0;
try {
  for await (const _ of new LogReader<ShadowRecord>({ path, codec: thief })) stolen += 1;
} catch {
  // As it should be: the wrong key opens nothing.
}
const first = join(folder, files.sort()[0]!);
const bytes = await readFile(first);
bytes[Math.floor(bytes.length / 2)]! ^= 1;
await writeFile(first, bytes);
const tampered = await verifyLog({ stream, lines: new LogReader({ path }).lines(), keys, checkpoints, signers });
await rm(folder, { recursive: true });

heading('The log');
paragraph(
  `${sound.records.toLocaleString('en-US')} records in ${sound.batches} batches, ${checkpoints.length} signed checkpoints, head ${sound.head?.hash.slice(0, 16)}… The report, ${report.split('\n').length} lines of Markdown, names the same head. Encryption, a chain and access by key are what this library can do; whether a service complies with HIPAA is its operator's to show.`,
);

const gate = (name: string): PromotionGate => verdicts.network.gates.find((one) => one.name === name)!;
const accuracy = gate('nonInferiority accuracy');
heading('Target against measured');
const met = [
  target('cases compared', 'at least 10,000', network.compared.toLocaleString('en-US'), network.compared >= 10_000),
  target(
    'months in the shadow',
    '6',
    ((network.times.last! - network.times.first!) / DAY / 30.4).toFixed(1),
    network.times.last! - network.times.first! > 181 * DAY,
  ),
  target('diagnoses changed', '0', String(changed), changed === 0),
  target(
    'accuracy over the human, bound',
    'at least 0',
    `+${(100 * accuracy.bound!).toFixed(2)} points`,
    accuracy.bound! >= 0,
  ),
  target('the network', 'promoted', verdicts.network.decision, verdicts.network.decision === 'promote'),
  target('young lungs only', 'not promoted', verdicts.narrow.decision, verdicts.narrow.decision !== 'promote'),
  target(
    'log: sound, to its last batch',
    'yes',
    sound.ok && sound.uncovered === 0 ? 'yes' : 'no',
    sound.ok && sound.uncovered === 0,
  ),
  target('log: replay counts the same', 'yes', same ? 'yes' : 'no', same && replay.missing === 0),
  target('log: plain text or ids in it', 'none', plain.test(text) ? 'some' : 'none', !plain.test(text)),
  target('log: records that a thief reads', '0', String(stolen), stolen === 0),
  target('log: one bit changed', 'found', tampered.ok ? 'missed' : 'found', !tampered.ok),
];
if (met.includes(false)) process.exitCode = 1;
