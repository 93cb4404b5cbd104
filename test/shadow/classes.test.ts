import { describe, expect, it } from 'vitest';
import { ManualClock, type Sink, type Snapshot } from '../../src/core/index.ts';
import { createRng } from '../../src/random/index.ts';
import { type ShadowOptions, type ShadowRecord, ShadowRunner } from '../../src/shadow/index.ts';
import { ConfusionMatrix } from '../../src/stats/quality/ConfusionMatrix.ts';
import { multiclassScores } from '../../src/stats/quality/multiclassScores.ts';

const labels = ['good', 'scratch', 'edge'] as const;
type Answer = { readonly kind: string };
interface Case {
  readonly id: string;
  readonly truth: string;
  readonly first: string;
  readonly second: string;
}

const model = (side: 'first' | 'second') => ({
  version: '1',
  predict: (row: Case): Answer => {
    if (row[side] === 'boom') throw new Error('boom');
    return { kind: row[side] };
  },
});

/** Wafers whose defects the primary names rightly six times of ten, the shadow nine times; one in fifty is no class. */
function wafers(n: number): readonly Case[] {
  const rng = createRng('wafers');
  const other = (truth: string): string => labels[(labels.indexOf(truth as never) + 1) % 3]!;
  return Array.from({ length: n }, (_, i) => {
    const truth = labels[Math.floor(rng.next() * 3)]!;
    const first = rng.next() < 0.6 ? truth : other(truth);
    const second = rng.next() < 0.9 ? truth : other(truth);
    return { id: `w${i}`, truth, first, second: i % 50 === 0 ? 'dust' : second };
  });
}

function create(more: object = {}) {
  return new ShadowRunner({
    primary: model('first'),
    shadows: { next: model('second') },
    classes: { labels, label: ({ kind }: Answer) => kind, truthLabel: (truth: string) => truth },
    seed: 1,
    cpuShare: 1,
    clock: new ManualClock(0),
    ...more,
  } as ShadowOptions<ReturnType<typeof model>>);
}

async function run(runner: ReturnType<typeof create>, rows: readonly Case[], clock: ManualClock): Promise<void> {
  for (const row of rows) {
    try {
      runner.serve(row, { id: row.id });
    } catch {
      // The primary's own failure.
    }
    runner.record(row.id, row.truth);
    clock.advance(1);
  }
  clock.advance(1000);
  await Promise.resolve();
}

const rows = wafers(600);
async function served(more: object = {}, of = rows) {
  const clock = new ManualClock(0);
  const runner = create({ clock, ...more });
  await run(runner, of, clock);
  return runner;
}

describe('models of several classes', () => {
  it('are compared by their tables, and by who is right on the same requests', async () => {
    const { classes, labelled, warnings } = (await served()).compare('next');
    expect(warnings).toContain(
      '12 answers were none of the classes: wrong request by request, and left out of the scores of tables',
    );
    const table = (side: 'first' | 'second') =>
      new ConfusionMatrix(labels).pushAll(rows.map((row) => [row[side], row.truth] as const));
    expect(labelled).toBe(600);
    expect(classes!.labels).toEqual(labels);
    expect(classes!.primary).toEqual({
      ...multiclassScores(table('first')),
      counts: table('first').counts,
      foreign: 0,
    });
    expect(classes!.shadow.counts).toEqual(table('second').counts);
    expect(classes!.shadow.foreign).toBe(12);
    expect(classes!.n).toBe(600);
    const right = (side: 'first' | 'second') => rows.filter((row) => row[side] === row.truth).length / 600;
    const { improvement } = classes!;
    if (improvement.status !== 'ok') throw new Error(improvement.reason);
    // What is no class is wrong.
    expect(improvement.estimate).toBeCloseTo(right('second') - right('first'), 12);
    expect(improvement.interval[0]).toBeGreaterThan(0);
    expect(improvement.validity).toBe('anytime');
  });

  it('leave a failed answer out of its own table and of the pairs, and a truth that is no class out of all', async () => {
    const few: Case[] = [
      { id: 'a', truth: 'good', first: 'good', second: 'good' },
      { id: 'b', truth: 'edge', first: 'edge', second: 'boom' },
      { id: 'c', truth: 'dust', first: 'good', second: 'good' },
    ];
    const { classes, labelled } = (await served({}, few)).compare('next');
    expect([classes!.primary.n, classes!.shadow.n, classes!.n, labelled]).toEqual([2, 1, 1, 2]);
  });

  it('stand in the report, table by table', async () => {
    const text = (await served()).toMarkdown();
    expect(text).toContain('### Classes of 600 labelled requests');
    expect(text).toContain('| answers that are no class');
    expect(text).toContain('#### What the shadow called them');
    expect(text).toMatch(/\| actual \\+ predicted +\| good/);
    const { classes } = (await served()).compare('next');
    const [good] = classes!.shadow.counts;
    expect(text).toMatch(new RegExp(`\\| good +\\| +${good![0]} +\\| +${good![1]} +\\| +${good![2]} +\\|`));
    const many = Array.from({ length: 13 }, (_, i) => `class ${i}`);
    const wide = await served({ classes: { labels: many, label: () => 'class 0', truthLabel: () => 'class 1' } });
    expect(wide.toMarkdown()).toContain('#### Class by class');
    expect(wide.toMarkdown()).not.toContain('called them');
  });

  it('take predictions and truths themselves for classes by default, numbers too', () => {
    const clock = new ManualClock(0);
    const runner = new ShadowRunner({
      primary: { predict: (x: number) => x % 2 },
      shadows: { next: { predict: (x: number) => x % 3 } },
      classes: { labels: [0, 1, 2] },
      seed: 1,
      clock,
    });
    for (let i = 0; i < 6; i += 1) runner.record(runner.serve(i).requestId, i % 3);
    clock.advance(1000);
    const { classes } = runner.compare('next');
    expect(classes!.shadow.accuracy).toMatchObject({ estimate: 1 });
    expect(classes!.primary.counts).toEqual([
      [1, 1, 0],
      [1, 1, 0],
      [1, 1, 0],
    ]);
  });
});

describe('the evidence of several classes', () => {
  it('is rebuilt from a log, which names the classes alone', async () => {
    const records: ShadowRecord[] = [];
    const sink: Sink<ShadowRecord> = { name: 'memory', write: async (batch) => void records.push(...batch) };
    const runner = await served({ sinks: [sink] });
    await runner.close();
    const again = await create().replay(JSON.parse(JSON.stringify(records)) as ShadowRecord[]);
    expect(again.compare('next').classes).toEqual(runner.compare('next').classes);
    expect(JSON.stringify(records)).not.toContain('dust');
  });

  it('goes into snapshots, merges and deltas, and refuses other classes', async () => {
    const [half, rest] = [rows.slice(0, 250), rows.slice(250)];
    const whole = (await served()).compare('next').classes!;
    const [a, b] = [await served({ replica: 'a' }, half), await served({ replica: 'b' }, rest)];
    const restored = create({ replica: 'a' });
    const snapshot = JSON.parse(JSON.stringify(a.snapshot())) as Snapshot;
    const back = ShadowRunner.restore(snapshot, {
      primary: model('first'),
      shadows: { next: model('second') },
      classes: { labels, label: ({ kind }: Answer) => kind },
      replica: 'a',
    } as never);
    expect(back.compare('next').classes).toEqual(a.compare('next').classes);
    const delta = b.takeDelta()!;
    a.mergeDelta(JSON.parse(JSON.stringify(delta)));
    const { classes } = a.compare('next');
    expect([classes!.primary.counts, classes!.shadow.counts]).toEqual([whole.primary.counts, whole.shadow.counts]);
    expect([classes!.shadow.foreign, classes!.n]).toEqual([12, 600]);
    restored.merge(b);
    expect(restored.compare('next').classes!.n).toBe(350);
    const others = create({ classes: { labels: ['good', 'edge', 'scratch'] } });
    for (const attempt of [() => others.mergeDelta(delta), () => others.merge(b)]) {
      expect(attempt).toThrow(expect.objectContaining({ code: 'ERR_SNAPSHOT' }));
    }
    expect(others.compare('next').classes!.n).toBe(0);
  });

  it.each([
    [null, 'classes'],
    [{}, 'classes.labels'],
    [{ labels: ['a'] }, 'classes.labels'],
    [{ labels: ['a', 'a'] }, 'classes.labels'],
    [{ labels: ['a', Number.NaN] }, 'classes.labels'],
    [{ labels: ['a', 'b'], label: 1 }, 'classes.label must be'],
    [{ labels: ['a', 'b'], truthLabel: 1 }, 'classes.truthLabel must be'],
    [{ labels: ['a', 'b'], positive: () => true }, 'positive'],
  ])('is refused where the option is %j', (classes, message) => {
    expect(() => create({ classes })).toThrow(expect.objectContaining({ code: 'ERR_INVALID_OPTION' }));
    expect(() => create({ classes })).toThrow(message);
  });
});
