import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ABTest } from '../../../src/abtest/index.ts';
import { logMlflowRun, MLFLOW_LIMITS, type MlflowRun, toMlflowRun } from '../../../src/adapters/mlflow/index.ts';
import { mlflowKey } from '../../../src/adapters/mlflow/MlflowRun.ts';
import { CanaryDeployment, ManualClock, Rollout, ThompsonSampling } from '../../../src/index.ts';
import { absoluteError } from '../../../src/metrics/index.ts';

const ok = { predict: (x: number) => x };
const off = { predict: (x: number) => x + 0.5 };

/** The documented rules of the REST API; returns what breaks them. */
function broken({ create, batches, update }: MlflowRun): string[] {
  const faults: string[] = [];
  const key = (text: string): void => {
    if (!/^[\w\-. :/]{1,250}$/.test(text) || text.startsWith('/') || /(^|\/)\.{1,2}(\/|$)/.test(text))
      faults.push(`key ${text}`);
  };
  if (typeof create.experiment_id !== 'string' || !Number.isInteger(create.start_time)) faults.push('create');
  if (!['RUNNING', 'FINISHED', 'FAILED'].includes(update.status)) faults.push('update');
  for (const { metrics, params, tags } of batches) {
    if (metrics.length > 1000 || params.length > 100 || tags.length > 100) faults.push('too many');
    if (metrics.length + params.length + tags.length > 1000) faults.push('too many in all');
    for (const metric of metrics) {
      key(metric.key);
      if (!Number.isFinite(metric.value) || !Number.isInteger(metric.timestamp) || !Number.isInteger(metric.step))
        faults.push(`metric ${metric.key}`);
    }
    for (const entry of [...params, ...tags]) {
      key(entry.key);
      if (typeof entry.value !== 'string' || entry.value.length > 6000) faults.push(`value ${entry.key}`);
    }
    if (JSON.stringify({ run_id: 'x'.repeat(32), metrics, params, tags }).length > 1_048_576)
      faults.push('more than 1 MB');
  }
  return faults;
}

describe('toMlflowRun', () => {
  it('tells what a test has measured and decided', () => {
    const clock = new ManualClock(0);
    const test = new ABTest({
      name: 'yield',
      seed: 1,
      clock,
      champion: ok,
      challenger: off,
      metrics: [absoluteError({ role: 'goal', minEffect: { absolute: 0.1 } })],
    });
    for (let i = 0; i < 600; i += 1) test.record(test.serve(i).requestId, i + ((i * 7919) % 11) / 100);
    const run = toMlflowRun(test, { at: 1000, startedAt: 0, params: { alpha: 0.05 }, step: 3 });
    expect(broken(run)).toEqual([]);
    const [batch] = run.batches;
    const value = (name: string) => batch!.metrics.find(({ key }) => key === name);
    expect(value('requests')).toEqual({ key: 'requests', value: 600, timestamp: 1000, step: 3 });
    expect(value('challenger/absoluteError/estimate')!.value).toBeLessThan(0);
    expect(value('weight/champion')!.value).toBe(0.5);
    expect(batch!.params).toEqual([{ key: 'alpha', value: '0.05' }]);
    const tags = Object.fromEntries(batch!.tags.map(({ key, value: text }) => [key, text]));
    expect(tags).toMatchObject({ 'coronate.decision': 'REJECT', 'coronate.kind': 'abtest' });
    expect(run.update).toEqual({ status: 'FINISHED', end_time: 1000 });
    expect(JSON.parse(JSON.stringify(run))).toEqual(run);
  });

  it('tells of canaries, bandits and rollouts, and that they go on', () => {
    const clock = new ManualClock(0);
    const criteria = () => ({ verdict: 'hold', reasons: [] }) as const;
    const strategies = [
      new CanaryDeployment({ seed: 1, clock, baseline: ok, canary: ok }),
      new ThompsonSampling({ seed: 1, clock, arms: { 'a/../b': ok, 'c\u0000d': ok }, reward: () => 1 }),
      new Rollout({ seed: 1, clock, current: ok, candidate: off, shadow: { criteria }, abTest: { criteria } }),
    ];
    for (const strategy of strategies) {
      for (let i = 0; i < 30; i += 1) strategy.predict(i);
      const run = toMlflowRun(strategy, { at: 5 });
      expect(broken(run)).toEqual([]);
      expect(run.update).toEqual({ status: 'RUNNING' });
      expect(run.batches[0]!.metrics.length).toBeGreaterThan(3);
    }
  });

  it('keeps to the limits whatever it is given', () => {
    const test = new ABTest({ name: 'yield', seed: 1, champion: ok, challenger: off });
    const words = fc.dictionary(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ unit: 'binary', maxLength: 20 }),
      { maxKeys: 250 },
    );
    fc.assert(
      fc.property(words, words, (params, tags) => {
        const run = toMlflowRun(test, { at: 5, params, tags });
        expect(broken(run)).toEqual([]);
        const all = run.batches.flatMap((batch) => batch.params.map(({ key }) => key));
        expect(new Set(all).size).toBe(all.length);
      }),
      { numRuns: 60 },
    );
    const params = Object.fromEntries(Array.from({ length: 1234 }, (_, i) => [`p${i}`, i]));
    const run = toMlflowRun(test, { at: 5, params });
    expect(run.batches.length).toBe(Math.ceil(1234 / MLFLOW_LIMITS.params));
    expect(run.batches.flatMap((batch) => batch.params).length).toBe(1234);
  });

  it('makes keys of any text', () => {
    expect(mlflowKey('a b/c.d:e-f_g')).toBe('a b/c.d_e-f_g');
    expect(mlflowKey('/../x')).toBe('_/x');
    expect(mlflowKey('')).toBe('_');
    expect(mlflowKey('Größe €')).toBe('Gr__e _');
  });

  it('keeps apart names that come to one key: arms in other alphabets, and very long ones', () => {
    const arms = { 良: ok, 坏: ok, [`${'x'.repeat(300)}1`]: ok, [`${'x'.repeat(300)}2`]: ok };
    const bandit = new ThompsonSampling({
      name: 'b',
      seed: 1,
      arms: arms as Record<string, typeof ok>,
      reward: () => 1,
    });
    for (let i = 0; i < 40; i += 1) bandit.serve(i, { truth: 1 });
    const run = toMlflowRun(bandit, { at: 5 });
    expect(broken(run)).toEqual([]);
    const pulls = run.batches.flatMap(({ metrics }) => metrics).filter(({ key }) => key.startsWith('armPulls/'));
    expect(new Set(pulls.map(({ key }) => key)).size).toBe(4);
    expect(pulls.reduce((sum, { value }) => sum + value, 0)).toBe(40);
    expect(pulls.map(({ key }) => key).slice(0, 2)).toEqual(['armPulls/_', 'armPulls/__2']);
  });

  it('sends no request of more than a megabyte, and no value of more bytes than a backend takes', () => {
    const test = new ABTest({ name: 'yield', seed: 1, champion: ok, challenger: off });
    const long = (sign: string) =>
      Object.fromEntries(Array.from({ length: 250 }, (_, i) => [`k${i}`, sign.repeat(9000)]));
    for (const sign of ['x', 'ü', '良', '😀', '"', '\u0001']) {
      const run = toMlflowRun(test, { at: 5, params: long(sign), tags: long(sign) });
      expect(broken(run)).toEqual([]);
      const request = (batch: object) => Buffer.byteLength(JSON.stringify({ run_id: 'f'.repeat(256), ...batch }));
      expect(Math.max(...run.batches.map(request))).toBeLessThanOrEqual(1_000_000);
      const [first] = run.batches[0]!.params;
      expect(Buffer.byteLength(first!.value)).toBeLessThanOrEqual(6000);
      expect(first!.value.endsWith(`${sign}…`)).toBe(true);
    }
  });

  it('refuses what breaks a rule', () => {
    expect(() => toMlflowRun(new ABTest({ name: 'y', champion: ok, challenger: ok }), { at: 1, step: 1.5 })).toThrow(
      'step must be',
    );
    expect(() => toMlflowRun(ok as never, { at: 1 })).toThrow('strategy must be');
    const test = new ABTest({ name: 'yield', seed: 1, champion: ok, challenger: off });
    expect(() => toMlflowRun(test, { at: Number.NaN })).toThrow('at must be');
    expect(() => toMlflowRun(test, { at: 1, experiment: '1' } as never)).toThrow('options.experiment');
  });
});

describe('logMlflowRun', () => {
  const asked: { path: string; body: { run_id?: string } }[] = [];
  let answer: (path: string) => readonly [number, string] = () => [200, '{}'];
  let server: Server;
  let trackingUri = '';
  const test = new ABTest({ name: 'yield', seed: 1, champion: ok, challenger: off });
  const run = toMlflowRun(test, {
    at: 5,
    params: Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`p${i}`, i])),
  });

  beforeAll(async () => {
    server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk) => {
        text += String(chunk);
      });
      request.on('end', () => {
        asked.push({ path: request.url!, body: JSON.parse(text) as { run_id?: string } });
        const [status, body] = answer(request.url!);
        if (status > 0) response.writeHead(status, { 'content-type': 'application/json' }).end(body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    trackingUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('creates, logs every batch, and ends, under the id that the server gave', async () => {
    answer = (path) => [200, path.endsWith('create') ? '{"run":{"info":{"run_id":"abc"}}}' : '{}'];
    expect(await logMlflowRun(run, { trackingUri: `${trackingUri}/` })).toBe('abc');
    expect(asked.map(({ path }) => path.replace('/api/2.0/mlflow/', ''))).toEqual([
      'runs/create',
      'runs/log-batch',
      'runs/log-batch',
      'runs/update',
    ]);
    expect(asked.slice(1).map(({ body }) => body.run_id)).toEqual(['abc', 'abc', 'abc']);
    asked.length = 0;
    await logMlflowRun(run, { trackingUri, runId: 'known' });
    expect(asked[0]).toMatchObject({ path: '/api/2.0/mlflow/runs/log-batch', body: { run_id: 'known' } });
  });

  it('says what the server said where it refuses, and waits no longer than told', async () => {
    answer = () => [400, '{"error_code":"INVALID_PARAMETER_VALUE"}'];
    await expect(logMlflowRun(run, { trackingUri })).rejects.toMatchObject({
      code: 'ERR_REFUSED',
      message: /INVALID_PARAMETER_VALUE/,
    });
    answer = () => [200, 'no json'];
    await expect(logMlflowRun(run, { trackingUri })).rejects.toThrow('gave no run id');
    answer = () => [0, ''];
    await expect(logMlflowRun(run, { trackingUri, timeoutMs: 30 })).rejects.toThrow();
  });
});
