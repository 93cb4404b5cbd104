// A service around one rollout: /predict, /truth, /metrics, /status, a person's /act, and an end that loses nothing. What a
// crash loses is what came within the last second.

import type { Tracer } from '@opentelemetry/api';
import { StrategyProvider } from 'coronate/adapters/openfeature';
import { withTracing } from 'coronate/adapters/opentelemetry';
import { registerMetrics } from 'coronate/adapters/prometheus';
import type { StateStore } from 'coronate/core';
import { absoluteError } from 'coronate/metrics';
import { Rollout, type RolloutOptions } from 'coronate/rollout';
import { type Keeper, persist } from 'coronate/sharing';
import Fastify, { type FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import type { RegressionModel, Row } from '../lib/models.ts';

/** What the service is made of. */
export interface ServiceOptions {
  readonly current: RegressionModel;
  readonly candidate: RegressionModel;
  /** Where the rollout lives on when the process does not. */
  readonly store: StateStore;
  /** How often the rollout is saved, milliseconds: what a crash loses. @defaultValue 1000 */
  readonly saveEveryMs?: number;
  /** @defaultValue the globally registered one */
  readonly tracer?: Tracer;
}

/** A service that is up. */
export interface Service {
  readonly server: FastifyInstance;
  readonly rollout: Rollout<RegressionModel, RegressionModel>;
  readonly provider: StrategyProvider;
  /** What keeps the rollout in the store. */
  readonly keeper: Keeper;
  /** Takes no more requests, lets shadows finish, and keeps the state. */
  stop(): Promise<{ readonly pending: number; readonly saved: boolean }>;
}

const KEY = 'yield-model';

const predictBody = {
  type: 'object',
  required: ['row'],
  properties: {
    row: { type: 'array', items: { type: 'number' }, minItems: 5, maxItems: 5 },
    id: { type: 'string', minLength: 1, maxLength: 200 },
    unit: { type: 'string', minLength: 1, maxLength: 200 },
  },
} as const;

const truthBody = {
  type: 'object',
  required: ['id', 'truth'],
  properties: { id: { type: 'string', minLength: 1 }, truth: { type: 'number' } },
} as const;

const actBody = {
  type: 'object',
  required: ['act', 'actor'],
  properties: {
    act: { enum: ['approve', 'reject', 'pause', 'resume', 'skip', 'rollback'] },
    actor: { type: 'string', minLength: 1 },
    reason: { type: 'string', minLength: 1 },
  },
} as const;

type Act = 'approve' | 'reject' | 'pause' | 'resume' | 'skip' | 'rollback';

function optionsFor({ current, candidate }: ServiceOptions): RolloutOptions<RegressionModel, RegressionModel> {
  return {
    name: KEY,
    seed: 42,
    current,
    candidate,
    shadow: {
      // A demonstration of seconds: a real service leaves the default share of 1 %, and days instead of minutes.
      cpuShare: 0.5,
      metrics: [absoluteError()],
      promotion: { minSamples: 400, minDurationMs: 0, minLabelled: 400, nonInferiority: { absoluteError: 0.12 } },
    },
    abTest: {
      trafficShare: 0.5,
      metrics: [absoluteError({ role: 'goal', minEffect: { relative: 0.2 } })],
    },
    canary: { metrics: [absoluteError({ limit: { relative: 0.3 } })], stages: [10, 50, 100] },
    production: { requireApproval: true },
  };
}

/** Goes on from the store where it holds a rollout, and begins one where it does not. */
export async function createService(options: ServiceOptions): Promise<Service> {
  const rollout = new Rollout(optionsFor(options));
  const keeper = await persist(rollout, options.store, { everyMs: options.saveEveryMs ?? 1000 });

  const register = new Registry();
  registerMetrics(rollout, { register });
  const model = withTracing(rollout, options.tracer === undefined ? {} : { tracer: options.tracer });
  const provider = new StrategyProvider({
    flags: { [KEY]: { strategy: rollout, input: ({ row }) => row } },
  });

  const server = Fastify({ logger: false });
  server.post<{ Body: { row: Row; id?: string; unit?: string } }>(
    '/predict',
    { schema: { body: predictBody } },
    ({ body: { row, id, unit } }) => {
      const asked = { ...(id === undefined ? {} : { id }), ...(unit === undefined ? {} : { unit }) };
      const { requestId, variant, step, prediction } = model.serve(row, asked);
      return { id: requestId, variant, step, prediction };
    },
  );
  server.post<{ Body: { id: string; truth: number } }>('/truth', { schema: { body: truthBody } }, ({ body }) => ({
    result: model.record(body.id, body.truth),
  }));
  server.post<{ Body: { act: Act; actor: string; reason?: string } }>(
    '/act',
    { schema: { body: actBody } },
    async ({ body: { act, actor, reason } }, reply) => {
      try {
        rollout[act]({ actor, ...(reason === undefined ? {} : { reason }) });
        // A person's word is in the store before she is told that it holds.
        return { phase: rollout.phase, saved: await keeper.save() };
      } catch (error) {
        return reply.status(409).send({ error: (error as Error).message });
      }
    },
  );
  server.get('/status', () => ({ ...rollout.status, store: keeper.status }));
  server.get('/story', (_, reply) => reply.type('text/markdown; charset=utf-8').send(rollout.toMarkdown()));
  server.get('/metrics', async (_, reply) => reply.type(register.contentType).send(await register.metrics()));

  const stop = async (): Promise<{ pending: number; saved: boolean }> => {
    await server.close();
    const { pending } = await rollout.drain({ deadlineMs: 2000 });
    const saved = await keeper.stop();
    await rollout.close();
    return { pending, saved };
  };
  return { server, rollout, provider, keeper, stop };
}
