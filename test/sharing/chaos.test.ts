import { describe, it } from 'vitest';
import { hasRedis } from '../support/redisServer.ts';
import { runChaos } from './chaos.ts';
import { expectSound } from './expectSound.ts';

describe.runIf(hasRedis())('four processes share a bandit, an A/B test and a canary through one Redis', () => {
  it('hold the sum of all acknowledged flushes exactly, whatever is killed, restarted, paused, doubled or late', async () => {
    const events = ['kill', 'pause', 'restart', 'kill', 'calm'] as const;
    // It takes 20 s; a machine that has much else to do starts processes slowly.
    expectSound(await runChaos({ seed: 7, events, everyMs: 100 }));
  }, 240_000);
});
