import { describe, expect, it } from 'vitest';
import {
  BlueGreenDeployment,
  type BlueGreenOptions,
  type BlueGreenTransitionEvent,
} from '../../src/bluegreen/index.ts';
import { type AnyStrategy, ManualClock } from '../../src/core/index.ts';
import { createRng, normal } from '../../src/random/index.ts';
import { strategyContract } from '../contracts/strategy.contract.ts';

strategyContract({
  name: 'BlueGreenDeployment',
  create: ([blue, green], options) => new BlueGreenDeployment({ blue, green, ...options }) as unknown as AnyStrategy,
  restore: (snapshot, [blue, green], options) =>
    BlueGreenDeployment.restore(snapshot, { blue, green, ...options }) as unknown as AnyStrategy,
});

function noisy(sd: number, seed: number): { predict(input: number): number } {
  const rng = createRng(seed);
  return { predict: (x) => x + sd * normal(rng) };
}

async function ready(greenSd: number, more: Partial<BlueGreenOptions> = {}) {
  const clock = new ManualClock(0);
  const models = { blue: noisy(1, 1), green: noisy(greenSd, 2) };
  const deployment = new BlueGreenDeployment({ ...models, seed: 1, clock, ...(more as object) });
  await deployment.prepare('ada');
  const serve = (n: number): void => {
    for (let i = 0; i < n; i += 1) {
      clock.advance(10);
      deployment.predict(i, { truth: i });
    }
  };
  return { deployment, clock, serve };
}

describe('a blue-green deployment', () => {
  it('switches between two requests once the judge is sure, and settles when the window is over', async () => {
    const { deployment, clock, serve } = await ready(1, { windowMs: 60_000 });
    expect(() => deployment.switch()).toThrow('force passes over it');
    serve(400);
    expect(deployment.status).toMatchObject({ phase: 'ready', active: 'blue', served: { blue: 400, green: 0 } });
    expect(deployment.checkHealth()).toMatchObject({ verdict: 'pass', stage: 0 });
    deployment.switch({}, 'ada');
    serve(100);
    expect(deployment.status).toMatchObject({ phase: 'green', served: { blue: 400, green: 100 } });
    clock.advance(60_001);
    serve(1);
    expect(deployment.status.phase).toBe('settled');
    expect(() => deployment.back()).toThrow('the window of 60000 ms is over');
    const moves = deployment.history.filter((e): e is BlueGreenTransitionEvent => e.type === 'transition');
    expect(moves.map(({ to, actor }) => `${to} by ${actor}`)).toEqual([
      'ready by ada',
      'green by ada',
      'settled by system',
    ]);
  });

  it('refuses a worse green, and comes back by itself where it was forced', async () => {
    const told: string[] = [];
    const hooks = { returned: ({ reason }: BlueGreenTransitionEvent) => void told.push(reason) };
    const { deployment, serve } = await ready(1.6, { hooks });
    serve(30);
    deployment.switch({ force: true });
    serve(300);
    expect(deployment.status).toMatchObject({ phase: 'returned', active: 'blue' });
    expect(told[0]).toMatch(/^rmse \d+\.\d % worse/);
    const { green } = deployment.status.served;
    serve(50);
    expect(deployment.status.served.green).toBe(green);
    const { deployment: waiting, serve: more } = await ready(1.6);
    more(500);
    expect(() => waiting.switch()).toThrow('% worse');
  });

  it('goes back by one call, and may be prepared again', async () => {
    const { deployment } = await ready(1, { compareEvery: 0 });
    deployment.switch();
    await expect(deployment.prepare()).rejects.toThrow('green answers already');
    deployment.back('second thoughts', 'ada');
    expect(deployment.status).toMatchObject({ phase: 'returned', waitingFor: 'second thoughts' });
    expect(() => deployment.back()).toThrow('blue answers');
    expect(() => deployment.switch()).toThrow('green is not ready');
    await deployment.prepare();
    expect(deployment.status.phase).toBe('ready');
  });

  it('goes back at once when green bursts, and callers have blue’s answers meanwhile', async () => {
    let down = false;
    const green = {
      predict: (x: number): number => {
        if (down) throw new Error('down');
        return x;
      },
    };
    const { deployment } = await ready(1, { green, compareEvery: 0 } as never);
    deployment.switch();
    down = true;
    for (let i = 0; i < 100; i += 1) expect(Number.isFinite(deployment.predict(i))).toBe(true);
    expect(deployment.status.phase).toBe('returned');
    expect(deployment.status.served.green).toBeLessThanOrEqual(8);
  });

  it('is not ready where a smoke test fails, throws or breaks', async () => {
    const smokeTests = [
      { name: 'sane', input: 1, accept: (y: number) => y < 100 },
      { name: 'far', input: 1, accept: (y: number) => y > 100 },
      {
        name: 'broken',
        input: 1,
        accept: () => {
          throw new Error('test');
        },
      },
    ];
    const { deployment } = await ready(1, { smokeTests, warmUp: [1, 2, 3] } as never);
    expect(deployment.status.phase).toBe('blue');
    expect(deployment.status.waitingFor).toBe(
      'smoke test far: the answer was not accepted; smoke test broken: the test broke: Error: test',
    );
    expect(deployment.history[0]).toMatchObject({ type: 'smoke', report: { warmed: 3, passed: ['sane'] } });
  });

  it('switches by itself once green is proven, where that is wanted', async () => {
    const { deployment, serve } = await ready(1, { autoSwitch: true });
    serve(20);
    expect(deployment.status.phase).toBe('ready');
    serve(400);
    expect(deployment.status).toMatchObject({ phase: 'green', active: 'green' });
    const { deployment: bad, serve: more } = await ready(1.6, { autoSwitch: true });
    more(1000);
    expect(bad.status).toMatchObject({ phase: 'ready', served: { green: 0 } });
  });

  it('waits at its gates for approvals, and tells when it does', async () => {
    const { deployment, clock, serve } = await ready(1, {
      autoSwitch: true,
      gates: ['switch', 'settle'],
      windowMs: 60_000,
    });
    const gates: string[] = [];
    deployment.on('gate', ({ gate }) => void gates.push(gate));
    serve(400);
    expect(deployment.status).toMatchObject({ phase: 'ready', waitingFor: 'an approval of the switch' });
    expect(() => deployment.switch()).toThrow('an approval is missing');
    deployment.approve('ada');
    expect(deployment.status.phase).toBe('green');
    clock.advance(60_001);
    serve(10);
    expect(deployment.status).toMatchObject({ phase: 'green', waitingFor: 'an approval, to close the window' });
    deployment.approve('ada');
    expect(deployment.status.phase).toBe('settled');
    expect(gates).toEqual(['switch', 'settle']);
    expect(() => deployment.approve()).toThrow('no gate waits for it');
  });

  it('goes back to blue where a gate is rejected', async () => {
    const { deployment, serve } = await ready(1, { gates: ['switch', 'settle'] });
    deployment.reject('not today', 'ada');
    expect(deployment.status).toMatchObject({ phase: 'blue', waitingFor: 'not today' });
    await deployment.prepare();
    deployment.switch({ force: true });
    deployment.reject('no', 'ada');
    serve(10);
    expect(deployment.status).toMatchObject({ phase: 'returned', active: 'blue', served: { green: 0 } });
  });

  it('asks the gate again after another preparation, and takes no answer to the earlier question', async () => {
    const answers: ((answer: boolean) => void)[] = [];
    const hooks = { gate: () => new Promise((resolve) => answers.push(resolve)) };
    const { deployment, serve } = await ready(1, { autoSwitch: true, gates: ['switch'], hooks });
    serve(400);
    expect(answers).toHaveLength(1);
    deployment.reject('once more');
    await deployment.prepare();
    answers[0]!(true);
    await Promise.resolve();
    serve(100);
    expect(answers).toHaveLength(2);
    expect(deployment.status.phase).toBe('ready');
    answers[1]!(true);
    await deployment.hooksSettled();
    expect(deployment.status.phase).toBe('green');
  });

  it('tells that green is no longer ready when a later smoke test fails', async () => {
    let sane = true;
    const smokeTests = [{ name: 'sane', input: 1, accept: () => sane }];
    const { deployment } = await ready(1, { smokeTests } as never);
    sane = false;
    await deployment.prepare();
    expect(deployment.status.phase).toBe('blue');
    expect(deployment.history.at(-1)).toMatchObject({ type: 'transition', from: 'ready', to: 'blue' });
  });

  it('answers a request that was under way at the switch by the model that it was sent to', async () => {
    const held: (() => void)[] = [];
    const slow = (answer: string) => ({ predict: () => new Promise<string>((go) => held.push(() => go(answer))) });
    const deployment = new BlueGreenDeployment({ blue: slow('blue'), green: slow('green'), compareEvery: 0, seed: 1 });
    await deployment.prepare();
    const before = deployment.predict(undefined as never);
    deployment.switch();
    const after = deployment.predict(undefined as never);
    deployment.back();
    const last = deployment.predict(undefined as never);
    for (const go of held) go();
    expect(await Promise.all([before, after, last])).toEqual(['blue', 'green', 'blue']);
  });

  it.each([
    [{ compareEvery: -1 }, 'compareEvery must be'],
    [{ windowMs: -1 }, 'windowMs must be'],
    [{ greens: 1 }, 'options.greens must be left out'],
  ])('refuses %j', (more, message) => {
    const options = { blue: noisy(1, 1), green: noisy(1, 2), ...more };
    expect(() => new BlueGreenDeployment(options as never)).toThrow(message);
  });
});
