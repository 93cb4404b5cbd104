import { readFileSync } from 'node:fs';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { createService, type Service } from '../../examples/service/server.ts';
import { registerMetrics } from '../../src/adapters/prometheus/index.ts';
import { ThompsonSampling } from '../../src/bandits/index.ts';
import { createRng, normal } from '../../src/random/index.ts';
import { MemoryStore } from '../../src/sharing/index.ts';

const rng = createRng(7);
const models = {
  current: { predict: ([x = 0]: readonly number[]) => x + 1 + Math.sin(x * 977) },
  candidate: { predict: ([x = 0]: readonly number[]) => x + 0.1 * Math.sin(x * 977) },
};
const begin = (store: MemoryStore) => createService({ ...models, store, saveEveryMs: 1e6 } as never);

async function post(service: Service, url: string, payload: object) {
  const { statusCode, body } = await service.server.inject({ method: 'POST', url, payload });
  return { statusCode, json: JSON.parse(body) as Record<string, never> };
}

/** Requests with their truths, until the rollout is where it is wanted. */
async function drive(service: Service, until: () => boolean): Promise<void> {
  for (let i = 0; i < 6000 && !until(); i += 1) {
    const row = [1, 2, 3, 4, 5].map(() => normal(rng));
    const { json, statusCode } = await post(service, '/predict', { row, unit: `lot-${i % 50}` });
    expect(statusCode).toBe(200);
    await post(service, '/truth', { id: json.id, truth: row[0] });
  }
  expect(until()).toBe(true);
}

interface Scrape {
  readonly types: ReadonlyMap<string, string>;
  /** Labels that samples of a metric carry. */
  readonly labels: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Reads the exposition format, as Prometheus would. */
function read(text: string, into: Scrape = { types: new Map(), labels: new Map() }): Scrape {
  const types = new Map(into.types);
  const labels = new Map(into.labels);
  for (const line of text.split('\n')) {
    const type = /^# TYPE (\S+) (\S+)$/.exec(line);
    if (type !== null) types.set(type[1]!, type[2]!);
    const sample = /^([a-z_]+)(?:\{(.*)\})? \S+$/.exec(line);
    if (sample === null) continue;
    const names = [...(sample[2] ?? '').matchAll(/([a-z_]+)="/g)].map(([, name]) => name!);
    labels.set(sample[1]!, new Set([...(labels.get(sample[1]!) ?? []), ...names]));
  }
  return { types, labels };
}

interface Dashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly targets?: readonly { readonly expr: string; readonly legendFormat?: string }[];
  }[];
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly query?: unknown; readonly definition?: string }[];
  };
}

describe('the example service', () => {
  it('goes through all steps, across a crash, and emits all that the dashboard asks for', async () => {
    const store = new MemoryStore();
    let service = await begin(store);
    expect((await post(service, '/predict', { row: ['x'] })).statusCode).toBe(400);
    expect((await post(service, '/act', { act: 'approve', actor: 'ada' })).statusCode).toBe(409);
    await drive(service, () => service.rollout.status.step === 'abTest');
    for (let i = 0; i < 30; i += 1) await post(service, '/predict', { row: [1, 2, 3, 4, i] });
    expect(await service.keeper.save()).toBe(true);
    const before = service.rollout.status;
    // No goodbye: the process is gone, and another one takes over.
    service = await begin(store);
    expect(service.keeper.status.restored).toBe(true);
    expect(service.rollout.status).toEqual(before);

    let scrape = read((await service.server.inject('/metrics')).body);
    await drive(service, () => service.rollout.status.phase === 'gated');
    scrape = read((await service.server.inject('/metrics')).body, scrape);
    const { json, statusCode } = await post(service, '/act', { act: 'approve', actor: 'ada', reason: 'good' });
    expect([statusCode, json]).toEqual([200, { phase: { phase: 'promoted' }, saved: true }]);
    scrape = read((await service.server.inject('/metrics')).body, scrape);
    expect(JSON.parse((await service.server.inject('/status')).body)).toMatchObject({
      phase: 'promoted',
      store: { conflict: false },
    });

    // What a rollout has no part of.
    const register = new Registry();
    const bandit = new ThompsonSampling({ name: 'b', seed: 1, arms: models, reward: () => 1 });
    registerMetrics(bandit, { register });
    for (let i = 0; i < 9; i += 1) bandit.serve([i], { truth: 1 });
    scrape = read(await register.metrics(), scrape);

    const dashboard = JSON.parse(
      readFileSync(new URL('../../docs/grafana/coronate.json', import.meta.url), 'utf8'),
    ) as Dashboard;
    const targets = dashboard.panels.flatMap(({ title, targets: of = [] }) =>
      of.map((target) => ({ title, ...target })),
    );
    expect(targets.length).toBeGreaterThan(8);
    for (const { title, expr, legendFormat = '' } of targets) {
      const selectors = [...expr.matchAll(/(coronate_[a-z_]+)(?:\{([^}]*)\})?/g)];
      expect(selectors.length, title).toBeGreaterThan(0);
      const carried = new Set<string>();
      for (const [, metric, matchers = ''] of selectors) {
        const labels = scrape.labels.get(metric!);
        // Nothing has failed or fallen back here: those are declared, without a sample.
        const declared = scrape.types.has(metric!);
        expect([title, metric, labels !== undefined || declared]).toEqual([title, metric, true]);
        for (const [, label] of matchers.matchAll(/([a-z_]+)\s*(?:=~|!~|!=|=)/g)) {
          if (labels !== undefined)
            expect([title, metric, [...labels]]).toEqual([title, metric, expect.arrayContaining([label])]);
        }
        for (const label of labels ?? []) carried.add(label);
      }
      const grouped = [...expr.matchAll(/\bby\s*\(([^)]*)\)/g)].flatMap(([, list]) =>
        list!.split(',').map((name) => name.trim()),
      );
      const shown = [...legendFormat.matchAll(/\{\{\s*([a-z_]+)\s*\}\}/g)].map(([, name]) => name!);
      if (carried.size > 0) {
        expect([title, [...carried]]).toEqual([title, expect.arrayContaining([...grouped, ...shown])]);
        // What was summed away cannot be in the legend.
        if (grouped.length > 0) expect([title, grouped]).toEqual([title, expect.arrayContaining(shown)]);
      }
      // A counter is read by its rate, never as it stands.
      for (const [, metric] of selectors) {
        if (scrape.types.get(metric!) === 'counter')
          expect([title, expr]).toEqual([title, expect.stringMatching(/rate\(|increase\(/)]);
      }
    }
    for (const { name, query, definition } of dashboard.templating.list) {
      const asked = /label_values\(([a-z_]+),\s*([a-z_]+)\)/.exec(`${JSON.stringify(query ?? '')} ${definition ?? ''}`);
      if (asked !== null)
        expect([name, [...(scrape.labels.get(asked[1]!) ?? [])]]).toEqual([name, expect.arrayContaining([asked[2]])]);
    }

    expect(await service.stop()).toEqual({ pending: 0, saved: true });
    await expect(post(service, '/predict', { row: [1, 2, 3, 4, 5] })).rejects.toThrow();
  });
});
