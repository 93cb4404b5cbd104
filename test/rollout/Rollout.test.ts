import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nonInferiorityRule } from '../../src/abtest/index.ts';
import { ThompsonSampling } from '../../src/bandits/index.ts';
import { ManualClock, type Model, type Snapshot, strategyMark } from '../../src/core/index.ts';
import { absoluteError } from '../../src/metrics/index.ts';
import { createRng, normal } from '../../src/random/index.ts';
import { Rollout, type RolloutOptions, type StepVerdict } from '../../src/rollout/index.ts';
import { strategyContract } from '../contracts/strategy.contract.ts';

type Leaf = Model<number, unknown>;

/** One that stays in the A/B step, where both models answer. */
const between = {
  shadow: false,
  canary: false,
  abTest: { criteria: () => ({ verdict: 'hold', reasons: [] }) as StepVerdict },
} as const;

strategyContract({
  name: 'Rollout',
  create: ([current, candidate], options) => new Rollout({ ...options, ...between, current, candidate }) as never,
  restore: (snapshot, [current, candidate], options) =>
    Rollout.restore(snapshot, { ...options, ...between, current, candidate }) as never,
});

/** Errs by noise of a deviation, and by nothing else. */
function noisy(sd: number, seed: number): Model<number, number> {
  const rng = createRng(seed);
  return { predict: (x) => x + sd * normal(rng) };
}

const verdict = (said: StepVerdict['verdict'], message = said): StepVerdict => ({
  verdict: said,
  reasons: [
    { rule: 'test', verdict: said === 'promote' ? 'pass' : said === 'hold' ? 'inconclusive' : 'fail', message },
  ],
});

/** A rollout whose steps say what the test tells them to. */
function told(more: Partial<RolloutOptions<Leaf, Leaf>> = {}) {
  const says: Record<'shadow' | 'abTest', StepVerdict> = { shadow: verdict('hold'), abTest: verdict('hold') };
  const clock = new ManualClock(1_000_000);
  const options: RolloutOptions<Leaf, Leaf> = {
    name: 'told',
    seed: 1,
    clock,
    judgeEvery: 1,
    current: { predict: (x) => `current ${x}` },
    candidate: { predict: (x) => `candidate ${x}` },
    ...more,
    shadow: more.shadow ?? { cpuShare: 1, criteria: () => says.shadow },
    abTest: more.abTest ?? { criteria: () => says.abTest },
    canary: more.canary ?? { stages: [50, 100] },
  };
  return { rollout: new Rollout(options), says, clock, options };
}

describe('Rollout', () => {
  it('takes an equal model through all steps, and lets go of each of them', () => {
    const clock = new ManualClock(0);
    const metrics = [absoluteError({ role: 'guardrail', margin: { relative: 0.3 } })];
    const rollout = new Rollout({
      name: 'equal',
      seed: 42,
      clock,
      metrics,
      current: noisy(1, 1),
      candidate: noisy(1, 2),
      shadow: {
        cpuShare: 1,
        criteria: (shadow) => verdict(shadow.compare('candidate').compared >= 200 ? 'promote' : 'hold'),
      },
      abTest: { decision: nonInferiorityRule(), minSamples: 200 },
      canary: { stages: [25, 100] },
    });
    const steps = new Set<string>();
    for (let i = 0; i < 20_000 && rollout.phase.phase === 'running'; i += 1) {
      clock.advance(100);
      const story = rollout.serve(i, { id: `r${i}` });
      steps.add(`${story.step} ${story.variant}`);
      if (i >= 20) expect(rollout.record(`r${i - 20}`, i - 20)).toBe('recorded');
    }
    expect(rollout.phase).toEqual({ phase: 'promoted' });
    expect([...steps].sort()).toEqual([
      'abTest candidate',
      'abTest current',
      'canary candidate',
      'canary current',
      'shadow current',
    ]);
    const answer = rollout.serve(7, { id: 'last' });
    expect(answer).toMatchObject({ step: 'production', variant: 'candidate', path: ['candidate'] });
    const served = rollout.status.requests;
    for (let i = served - 25; i < served; i += 1) rollout.record(`r${i}`, i);
    rollout.tick();
    expect(rollout.story().steps.map(({ status }) => status)).toEqual(['released', 'released', 'released']);
    expect([rollout.shadow, rollout.abTest, rollout.canary]).toEqual([undefined, undefined, undefined]);
    expect(rollout.toMarkdown()).toContain('# equal: promoted, candidate at 100 %');
  });

  it('rejects a worse model by the decision of the test, and goes back at the next request', () => {
    const clock = new ManualClock(0);
    const metrics = [absoluteError({ role: 'goal', minEffect: { relative: 0.05 } })];
    const models = { current: noisy(1, 1), candidate: noisy(2, 2) };
    const rollout = new Rollout({ name: 'worse', seed: 42, clock, metrics, ...models, shadow: false, canary: false });
    for (let i = 0; i < 5000 && rollout.phase.phase === 'running'; i += 1) {
      clock.advance(100);
      rollout.predict(i, { id: `r${i}` });
      rollout.record(`r${i}`, i);
    }
    expect(rollout.phase).toMatchObject({ phase: 'rejected' });
    for (let i = 0; i < 50; i += 1) expect(rollout.serve(i).variant).toBe('current');
    expect(rollout.status.waitingFor).toContain('absoluteError');
  });

  it('takes a canary that goes back by itself as a rejection, at once, also while it stands still', () => {
    const failing: Leaf = {
      predict: () => {
        throw new Error('broken');
      },
    };
    const { rollout } = told({ shadow: false, abTest: false, judgeEvery: 1000, candidate: failing });
    let answers = 0;
    for (let i = 0; i < 300 && rollout.phase.phase === 'running'; i += 1) {
      if (rollout.predict(i) === `current ${i}`) answers += 1;
    }
    expect(rollout.phase).toMatchObject({ phase: 'rejected' });
    expect(answers).toBe(rollout.status.requests);
    expect(rollout.serve(5)).toMatchObject({ prediction: 'current 5', step: 'production' });
    const again = told({ shadow: false, abTest: false, candidate: failing, canary: { burst: { errors: 50, of: 50 } } });
    for (let i = 0; i < 30; i += 1) again.rollout.predict(i);
    again.rollout.pause({ actor: 'ada' });
    expect(again.rollout.canary?.phase.phase).toBe('paused');
    again.rollout.canary?.rollback('by hand', 'ada');
    again.rollout.predict(1);
    expect(again.rollout.phase).toEqual({ phase: 'rejected', reason: 'by hand' });
  });

  it('tells a fallback in its own words', () => {
    const failing: Leaf = {
      predict: () => {
        throw new Error('broken');
      },
    };
    const { rollout } = told({ shadow: false, abTest: false, candidate: failing, canary: { stages: [99] } });
    const stories = Array.from({ length: 5 }, (_, i) => rollout.serve(i));
    const fallen = stories.find(({ variant }) => variant === 'candidate');
    expect(fallen).toMatchObject({ answeredBy: 'current', path: ['candidate!', 'current'], step: 'canary' });
  });

  it('waits for people: gates, pauses, words with actor and reason, a way back', async () => {
    const asked: string[] = [];
    const { rollout, says } = told({
      production: { requireApproval: true },
      abTest: false,
      hooks: {
        gate: ({ from }) => void asked.push(from.phase),
        promoted: () => Promise.reject(new Error('pager down')),
      },
    });
    expect(() => rollout.approve()).toThrow('no gate waits');
    says.shadow = verdict('promote');
    rollout.pause({ reason: 'holidays', actor: 'ada' });
    rollout.predict(1);
    expect(rollout.status).toMatchObject({ phase: 'paused', step: 'shadow', waitingFor: 'a person: paused by hand' });
    rollout.resume({ actor: 'ada' });
    rollout.predict(1);
    expect(rollout.phase).toEqual({ phase: 'running', step: 1 });
    rollout.canary?.promote({ force: true }, 'bob');
    rollout.predict(1);
    expect(rollout.status).toMatchObject({
      phase: 'gated',
      step: 'canary',
      weight: 100,
      waitingFor: "a person's approval of production",
    });
    rollout.approve({ actor: 'bob', reason: 'looks good' });
    await rollout.hooksSettled();
    expect(rollout.phase).toEqual({ phase: 'promoted' });
    expect(asked).toEqual(['running']);
    rollout.rollback({ actor: 'ada', reason: 'complaints' });
    expect(rollout.serve(1).variant).toBe('current');
    const words = rollout.story().history.filter(({ actor }) => actor === 'ada');
    expect(words.map(({ why }) => why)).toEqual(['holidays', 'resumed', 'complaints']);
    expect(rollout.history.some((event) => event.type === 'contained-error' && event.where === 'hooks.promoted')).toBe(
      true,
    );
  });

  it('asks its gate hook, and takes no late answer for another gate', async () => {
    let answer: (value: boolean) => void = () => undefined;
    const { rollout, says } = told({
      production: { requireApproval: true },
      canary: false,
      abTest: false,
      hooks: {
        gate: () =>
          new Promise<boolean>((resolve) => {
            answer = resolve;
          }),
      },
    });
    says.shadow = verdict('promote');
    rollout.predict(1);
    const first = answer;
    rollout.reject({ actor: 'ada' });
    rollout.retry({ actor: 'ada' });
    rollout.start({ actor: 'ada' });
    rollout.predict(1);
    expect(rollout.phase.phase).toBe('gated');
    first(true);
    await new Promise((resolve) => setImmediate(resolve));
    expect(rollout.phase.phase).toBe('gated');
    answer(true);
    await rollout.hooksSettled();
    expect(rollout.phase.phase).toBe('promoted');
    expect(rollout.status.attempt).toBe(2);
  });

  it('ends a step at its deadline, by its policy, at the first request after it', () => {
    const day = 86_400_000;
    const { rollout, clock } = told({ shadow: { deadlineMs: day, cpuShare: 1, criteria: () => verdict('hold') } });
    expect(rollout.status.deadlineAt).toBe(1_000_000 + day);
    clock.advance(day - 1);
    expect(rollout.serve(1).step).toBe('shadow');
    clock.advance(1);
    expect(rollout.serve(1)).toMatchObject({ step: 'production', variant: 'current' });
    expect(rollout.phase).toEqual({ phase: 'rejected', reason: 'the deadline of shadow has come' });
    const forgotten = told();
    forgotten.clock.advance(30 * day);
    forgotten.rollout.tick();
    expect(forgotten.rollout.phase.phase).toBe('rejected');
  });

  it('records late truths for the step that served, until they all came or its window is over', () => {
    const { rollout, says, clock } = told({ canary: false, truth: { windowMs: 10_000 } });
    const inShadow = rollout.serve(1, { id: 'a' });
    rollout.serve(2, { id: 'b' });
    expect(inShadow.step).toBe('shadow');
    clock.advance(10);
    says.shadow = verdict('promote');
    rollout.predict(3);
    expect(rollout.serve(4, { id: 'c' }).step).toBe('abTest');
    expect(rollout.shadow).toBeDefined();
    expect(rollout.record('a', 1)).toBe('recorded');
    expect(rollout.record('a', 1)).toBe('duplicate');
    expect(rollout.story().steps[0]).toMatchObject({ status: 'over' });
    expect(rollout.record('b', 1)).toBe('recorded');
    clock.advance(10);
    rollout.tick();
    expect(rollout.story().steps[0]).toMatchObject({ status: 'released', report: { truths: { recorded: 2 } } });
    const lost = told({ canary: false, abTest: false, truth: { windowMs: 10_000 } });
    lost.rollout.serve(1, { id: 'x' });
    lost.rollout.skip({ actor: 'ada' });
    lost.clock.advance(10_001);
    lost.rollout.tick();
    expect(lost.rollout.history.at(-1)).toMatchObject({ type: 'released', reason: 'window' });
    expect(lost.rollout.record('x', 1)).toBe('expired');
  });

  it('gives truths once to strategies that are its models, in every step', () => {
    const clock = new ManualClock(0);
    const arms = { a: { predict: () => 1 }, b: { predict: () => 0 } };
    const bandit = new ThompsonSampling({
      name: 'inner',
      arms,
      seed: 3,
      clock,
      reward: (o: { prediction?: unknown }) => Number(o.prediction),
    });
    const criteria = (): StepVerdict => verdict('hold');
    const rollout = new Rollout({
      name: 'outer',
      seed: 4,
      clock,
      current: bandit,
      candidate: { predict: () => 2 },
      shadow: { cpuShare: 1, criteria },
      abTest: { criteria },
      canary: { stages: [50] },
    });
    let reached = 0;
    for (let i = 0; i < 60; i += 1) {
      const { requestId, path, variant } = rollout.serve(0);
      if (variant === 'current') {
        reached += 1;
        expect(path[0]).toBe('current');
        expect(['a', 'b']).toContain(path[1]);
      }
      expect(rollout.record(requestId, 1)).toBe('recorded');
      if (i === 20 || i === 40) rollout.skip();
    }
    expect(bandit.statistics().reduce((sum, { served }) => sum + served, 0)).toBe(reached);
    expect(bandit.statistics().reduce((sum, { pending }) => sum + pending, 0)).toBe(0);
    expect((bandit.snapshot().state as { truths: { counts: object } }).truths.counts).toMatchObject({
      recorded: reached,
      duplicates: 0,
    });
  });

  it('contains criteria that throw, lie or serve, and goes on holding', () => {
    const lies: unknown[] = [
      undefined,
      null,
      5,
      {},
      { verdict: 'yes', reasons: [] },
      { verdict: 'promote' },
      { verdict: 'promote', reasons: [null] },
      // Not to be written as JSON.
      { verdict: 'promote', reasons: [{ rule: 'r', verdict: 1n, message: 'm' }] },
      // One that nobody awaits: unhandled, it would fail this very run.
      Promise.reject(new Error('later')),
    ];
    let i = 0;
    const { rollout } = told({
      canary: false,
      abTest: false,
      shadow: {
        cpuShare: 1,
        criteria: () => {
          i += 1;
          if (i > lies.length) throw new Error('no idea');
          return lies[i - 1] as StepVerdict;
        },
      },
    });
    for (let n = 0; n < 20; n += 1) expect(rollout.predict(n)).toBe(`current ${n}`);
    expect(rollout.phase).toEqual({ phase: 'running', step: 0 });
    expect(rollout.status.verdict).toEqual({ verdict: 'hold', reasons: [] });
    const nested: { rollout?: Rollout<Leaf, Leaf> } = {};
    const serving = told({
      canary: false,
      abTest: false,
      shadow: { cpuShare: 1, criteria: () => verdict(nested.rollout?.predict(1) === undefined ? 'hold' : 'hold') },
    });
    nested.rollout = serving.rollout;
    expect(serving.rollout.predict(2)).toBe('current 2');
    for (const hook of ['transition', 'gate', 'promoted', 'rejected'] as const) {
      const fail = (): never => {
        throw new Error(hook);
      };
      const { rollout: hooked } = told({
        hooks: { [hook]: fail },
        canary: false,
        abTest: false,
        production: { requireApproval: true },
      });
      hooked.skip();
      hooked.approve();
      hooked.rollback();
      expect(hooked.serve(1).variant).toBe('current');
    }
  });

  it('refuses options that break a rule, by name', () => {
    const models = { current: { predict: () => 1 }, candidate: { predict: () => 1 } };
    const bad = (more: object) => () => new Rollout({ ...models, ...between, ...more } as never);
    expect(bad({ shadows: {} })).toThrow('options.shadows');
    expect(bad({ shadow: false, abTest: false, canary: false })).toThrow('at least one step');
    expect(bad({ abTest: { seed: 3 } })).toThrow('abTest.seed must be left out');
    expect(bad({ canary: { stages: [50, 10] } })).toThrow('stages[1]');
    expect(bad({ canary: { onDeadline: 'rollback' } })).toThrow('canary.onDeadline');
    expect(bad({ shadow: { deadlineMs: 0 } })).toThrow('shadow.deadlineMs');
    expect(bad({ shadow: { criteria: 5 } })).toThrow('shadow.criteria');
    expect(bad({ abTest: {} })).toThrow('a list with a goal');
    expect(bad({ hooks: { gates: () => true } })).toThrow('hooks.gates');
    expect(bad({ candidate: {} })).toThrow('a model');
    expect(bad({ judgeEvery: 0 })).toThrow('judgeEvery');
    expect(bad({ production: { approve: true } })).toThrow('production.approve');
  });

  it('refuses a snapshot of other steps, and of a phase that is none', () => {
    const { rollout, options } = told();
    const snapshot = rollout.snapshot();
    expect(() => Rollout.restore(snapshot, { ...options, abTest: false })).toThrow("the snapshot's steps must be");
    type Own = { cycle: { machine: object } };
    const state = snapshot.state as unknown as { own: Own };
    const forge = (cycle: object) => {
      const own = { ...state.own, cycle: { ...state.own.cycle, ...cycle } };
      return () => Rollout.restore({ ...snapshot, state: { ...state, own } } as unknown as Snapshot, options);
    };
    const machine = (fields: object) => forge({ machine: { ...state.own.cycle.machine, ...fields } });
    expect(machine({ phase: { phase: 'running', step: 7 } })).toThrow('names no step');
    for (const phase of [null, { phase: 'dreaming' }, { phase: 'paused', reason: 'manual' }, { phase: 'rejected' }]) {
      expect(machine({ phase })).toThrow('must have its phase');
    }
    for (const time of ['startedAt', 'enteredAt', 'runningSince', 'spent', 'attempt']) {
      expect(machine({ [time]: null }), time).toThrow('must have its phase');
    }
    expect(forge({ requests: { all: 'many', step: 0 } })).toThrow('its revision, counts and times');
    expect(forge({ verdict: { verdict: 'maybe' } })).toThrow('a verdict must be');
    const shadow = snapshot.nested.shadow!;
    const slot = { ...shadow, state: { ...(shadow.state as object), report: { text: 'all is well' } } };
    const nested = { ...snapshot.nested, shadow: slot } as unknown as Snapshot['nested'];
    expect(() => Rollout.restore({ ...snapshot, nested }, options)).toThrow('report of the step shadow');
  });

  it('refuses a snapshot whose steps contradict its phase, and changes nothing', () => {
    const { rollout, options } = told();
    const at: Record<string, Snapshot> = { shadow: rollout.snapshot() };
    rollout.skip();
    at.abTest = rollout.snapshot();
    rollout.skip();
    at.canary = rollout.snapshot();
    rollout.reject();
    at.rejected = rollout.snapshot();
    rollout.retry();
    at.pending = rollout.snapshot();
    // The phase of one moment with the steps of another.
    for (const [phase, { state }] of Object.entries(at)) {
      for (const [steps, { nested }] of Object.entries(at)) {
        const mixed = JSON.parse(JSON.stringify({ ...at.shadow, state, nested })) as Snapshot;
        // Nothing has begun in `pending`; a rejection has every step over or never begun.
        const sound = phase === steps || (phase === 'rejected' && steps === 'pending');
        const restoring = (): unknown => Rollout.restore(mixed, options);
        if (sound) expect(restoring, `${phase} with ${steps}`).not.toThrow();
        else expect(restoring, `${phase} with ${steps}`).toThrow('contradicts itself');
      }
    }
    const other = new Rollout(options);
    const before = JSON.stringify(other.snapshot());
    const mixed = { ...at.canary!, nested: at.shadow!.nested };
    expect(() => other[strategyMark].load(mixed)).toThrow(/contradicts itself: running, while the step shadow is live/);
    expect(JSON.stringify(other.snapshot())).toBe(before);
  });

  it('can be restored from whatever a listener saves, at every event', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 11 }), { minLength: 5, maxLength: 40 }), (acts) => {
        const { rollout, says, options } = told({ production: { requireApproval: true } });
        const saved: string[] = [];
        let restored = 0;
        rollout.on('*', () => {
          const json = JSON.stringify(rollout.snapshot());
          saved.push(json);
          const twin = Rollout.restore(JSON.parse(json) as Snapshot, options);
          restored += 1;
          expect(twin.phase).toEqual(rollout.phase);
          const step = twin.status.step ?? 'production';
          expect(twin.serve(1).step).toBe(step);
        });
        const step = [
          () => rollout.skip(),
          () => rollout.reject(),
          () => rollout.retry(),
          () => rollout.start(),
          () => rollout.pause(),
          () => rollout.resume(),
          () => rollout.approve(),
          () => rollout.rollback(),
        ];
        for (const [i, act] of acts.entries()) {
          if (act === 8) says.shadow = verdict('promote');
          if (act === 9) says.abTest = verdict('reject');
          try {
            step[act]?.();
          } catch {
            // Not in this phase.
          }
          rollout.serve(i, { id: `r${i}` });
          if (act > 9) rollout.record(`r${i}`, i);
        }
        expect(restored).toBe(saved.length);
        expect(rollout.history.filter(({ type }) => type === 'contained-error')).toEqual([]);
      }),
      { seed: 42, numRuns: 25 },
    );
  });

  it('is let go of by who watched it, also in steps that began later', () => {
    const { rollout } = told();
    const called: string[] = [];
    const watch = (name: string) =>
      rollout[strategyMark].children.abTest![strategyMark].observe({ called: () => void called.push(name) });
    const [stop, stopOther] = [watch('one'), watch('other')];
    rollout.skip();
    rollout.predict(1);
    expect(called).toEqual(['one', 'other']);
    stop();
    rollout.predict(1);
    expect(called).toEqual(['one', 'other', 'other']);
    rollout.reject();
    rollout.retry();
    rollout.start();
    rollout.skip();
    rollout.predict(1);
    expect(called).toEqual(['one', 'other', 'other', 'other']);
    stopOther();
    rollout.predict(1);
    expect(called.length).toBe(4);
  });

  it('takes no verdict for another step than the one that said it', () => {
    const { rollout, says } = told();
    says.shadow = verdict('promote');
    says.abTest = verdict('hold');
    let skips = 0;
    rollout.on('verdict', ({ step }) => {
      if (step !== 'shadow') return;
      skips += 1;
      rollout.skip({ actor: 'ada' });
    });
    rollout.predict(1);
    expect(skips).toBe(1);
    expect(rollout.phase).toEqual({ phase: 'running', step: 1 });
  });

  it('goes back where a listener does so as soon as it hears of a move', () => {
    const { rollout } = told();
    rollout.on('transition', ({ to }) => {
      if (to.phase === 'running' && to.step === 1) rollout.reject({ reason: 'not that one' });
    });
    rollout.skip();
    expect(rollout.phase).toEqual({ phase: 'rejected', reason: 'not that one' });
    // The step had begun when the listener heard of it, and ended without a request.
    expect(rollout.abTest?.shares).toBeDefined();
    expect(rollout.history.filter(({ type }) => type === 'transition').length).toBe(3);
    rollout.tick();
    expect(rollout.abTest).toBeUndefined();
    expect(rollout.story().steps[1]).toMatchObject({ status: 'released', report: { requests: 0 } });
    const again = told();
    again.rollout.on('step', ({ event }) => {
      if (event.type === 'stopped' && again.rollout.phase.phase === 'rejected') again.rollout.retry();
    });
    again.rollout.serve(1, { id: 'a' });
    again.rollout.reject();
    for (let i = 0; i < 5; i += 1) expect(again.rollout.predict(i)).toBe(`current ${i}`);
    expect(() => again.rollout.tick()).not.toThrow();
  });

  it('looks less often as outcomes grow, but every minute; at every so many where it was told to', () => {
    const looks = (judgeEvery: number | undefined, pace: number): readonly number[] => {
      const at: number[] = [];
      let served = 0;
      const criteria = (): StepVerdict => {
        at.push(served);
        return verdict('hold');
      };
      const { rollout, clock } = told({ canary: false, shadow: false, abTest: { criteria } });
      const { options } = told({ canary: false, shadow: false, abTest: { criteria } });
      const { judgeEvery: _, ...rest } = options;
      const own = new Rollout({ ...rest, clock, ...(judgeEvery === undefined ? {} : { judgeEvery }) });
      expect(rollout.phase.phase).toBe('running');
      for (served = 1; served <= 5000; served += 1) {
        clock.advance(pace);
        own.predict(served);
      }
      return at;
    };
    const fast = looks(undefined, 1);
    expect(fast.slice(0, 3)).toEqual([50, 100, 150]);
    expect(fast.length).toBeLessThan(45);
    expect(fast.every((n, i) => i === 0 || n - fast[i - 1]! <= Math.max(50, 0.1 * n + 1))).toBe(true);
    expect(looks(undefined, 2000).length).toBe(100);
    expect(looks(200, 1)).toEqual(Array.from({ length: 25 }, (_, i) => 200 * (i + 1)));
  });

  it('goes on bit for bit from a snapshot at any moment, in every step', () => {
    const words = ['pause', 'resume', 'skip', 'approve', 'reject', 'retry', 'start'] as const;
    const action = fc.oneof(
      { weight: 30, arbitrary: fc.constant('serve' as const) },
      { weight: 15, arbitrary: fc.constant('record' as const) },
      { weight: 1, arbitrary: fc.constantFrom(...words) },
    );
    const seen = new Set<string>();
    fc.assert(
      fc.property(
        fc.array(action, { minLength: 40, maxLength: 220, size: 'max' }),
        fc.nat({ max: 200 }),
        (actions, cut) => {
          const clock = new ManualClock(0);
          const metrics = [absoluteError({ role: 'goal', minEffect: { relative: 0.05 } })];
          const build = (at: ManualClock): RolloutOptions<Model<number, number>, Model<number, number>> => ({
            name: 'twin',
            seed: 9,
            clock: at,
            metrics,
            judgeEvery: 5,
            current: { predict: (x) => x },
            candidate: { predict: (x) => x + ((x * 7919) % 13) / 10 },
            shadow: {
              cpuShare: 1,
              criteria: (s) => verdict(s.compare('candidate').compared >= 20 ? 'promote' : 'hold'),
            },
            abTest: { burnIn: 10, criteria: (t) => verdict(t.summary().requests >= 30 ? 'promote' : 'hold') },
            canary: {
              stages: [
                { weight: 50, minSamples: 5 },
                { weight: 100, minSamples: 5 },
              ],
              requireApproval: true,
            },
          });
          const drive = (
            rollout: Rollout<Model<number, number>, Model<number, number>>,
            at: ManualClock,
            from: number,
            to: number,
          ) => {
            for (let i = from; i < to; i += 1) {
              const what = actions[i]!;
              at.advance(7);
              if (what === 'serve') rollout.serve(i, { id: `r${i}`, unit: i % 9 });
              else if (what === 'record') rollout.record(`r${Math.max(0, i - 3)}`, i);
              else {
                try {
                  rollout[what]({ actor: 'ada' });
                } catch {
                  // Not possible in this phase.
                }
              }
            }
          };
          const original = new Rollout(build(clock));
          const middle = Math.min(cut, actions.length);
          drive(original, clock, 0, middle);
          seen.add(JSON.stringify(original.phase.phase));
          const saved = JSON.stringify(original.snapshot());
          const later = new ManualClock(clock.now());
          const twin = Rollout.restore(JSON.parse(saved) as Snapshot, build(later));
          expect(JSON.stringify(twin.snapshot())).toBe(saved);
          // A drain that was due in the dying process is due in the new one as well.
          clock.advance(0);
          later.advance(0);
          drive(original, clock, middle, actions.length);
          drive(twin, later, middle, actions.length);
          expect(JSON.stringify(twin.snapshot())).toBe(JSON.stringify(original.snapshot()));
        },
      ),
      { numRuns: 24, seed: 8 },
    );
    expect(seen.size).toBeGreaterThan(3);
  });
});
