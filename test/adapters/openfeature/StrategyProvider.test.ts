import { OpenFeature } from '@openfeature/server-sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ABTest } from '../../../src/abtest/index.ts';
import { StrategyProvider } from '../../../src/adapters/openfeature/index.ts';
import { ThompsonSampling } from '../../../src/bandits/index.ts';
import { CanaryDeployment } from '../../../src/canary/index.ts';
import { strategyMark } from '../../../src/core/index.ts';
import { absoluteError } from '../../../src/metrics/index.ts';
import { MemoryHub, share } from '../../../src/sharing/index.ts';

const champion = { predict: ({ x }: { x: number }) => x };
const challenger = { predict: ({ x }: { x: number }) => x + 0.5 };

const test = new ABTest({
  name: 'yield',
  seed: 1,
  champion,
  challenger,
  metrics: [absoluteError({ role: 'goal' })],
  assignment: { forced: new Map([['vip', 'challenger']]), exposure: 0.5 },
});
const canary = new CanaryDeployment({
  name: 'banner',
  seed: 1,
  baseline: { predict: () => 'old' },
  canary: { predict: () => 'new' },
});
const bandit = new ThompsonSampling({
  name: 'colours',
  seed: 1,
  arms: { red: { predict: () => 1 }, blue: { predict: () => 2 } },
  reward: (o: { truth?: unknown }) => Number(o.truth),
});
const broken = {
  predict: (): number => {
    throw new Error('model down');
  },
};
const down = new ABTest({ name: 'down', seed: 1, champion: broken, challenger: broken });

const provider = new StrategyProvider({
  flags: {
    yield: { strategy: test, input: ({ x }) => ({ x }) },
    banner: { strategy: canary },
    colour: { strategy: bandit, values: { red: '#f00', blue: '#00f' } },
    theme: { strategy: bandit, values: { red: { dark: true }, blue: { dark: false } } },
    enabled: { strategy: bandit, values: { red: true, blue: false } },
    down: { strategy: down },
    hostile: {
      strategy: down,
      input: () => {
        throw null;
      },
    },
  },
});

describe('StrategyProvider', () => {
  beforeAll(() => OpenFeature.setProviderAndWait(provider));
  afterAll(() => OpenFeature.close());
  const client = OpenFeature.getClient();

  it('answers with the prediction, the variant, SPLIT, and the id for the truth', async () => {
    const details = await client.getNumberDetails('yield', -1, { targetingKey: 'wafer 2', x: 7 });
    const assigned = test.assign('wafer 2');
    expect(details.errorCode).toBeUndefined();
    const variant = assigned.status === 'assigned' ? assigned.variant : 'champion';
    expect(details).toMatchObject({ variant, value: variant === 'champion' ? 7 : 7.5 });
    const { requestId } = details.flagMetadata;
    client.track('coronate.truth', {}, { requestId: String(requestId), value: 7.1 });
    expect(test.record(String(requestId), 7.1)).toBe('duplicate');
  });

  it('says why: split, forced, or not in the experiment', async () => {
    const reasons = new Set<string | undefined>();
    for (let i = 0; i < 40; i += 1)
      reasons.add((await client.getNumberDetails('yield', 0, { targetingKey: `w${i}`, x: 1 })).reason);
    expect([...reasons].sort()).toEqual(['DEFAULT', 'SPLIT']);
    expect(await client.getNumberDetails('yield', 0, { targetingKey: 'vip', x: 1 })).toMatchObject({
      reason: 'TARGETING_MATCH',
      variant: 'challenger',
      value: 1.5,
    });
  });

  it('gives the same unit the same variant', async () => {
    const seen = new Set<string | undefined>();
    for (let i = 0; i < 20; i += 1)
      seen.add((await client.getNumberDetails('yield', 0, { targetingKey: 'wafer 9', x: i })).variant);
    expect(seen.size).toBe(1);
  });

  it('answers every type of flag, by values of the variants', async () => {
    expect(['old', 'new']).toContain(await client.getStringValue('banner', 'none'));
    expect(['#f00', '#00f']).toContain(await client.getStringValue('colour', 'none'));
    expect(typeof (await client.getBooleanValue('enabled', false))).toBe('boolean');
    expect(await client.getObjectValue('theme', {})).toHaveProperty('dark');
  });

  it('gives the default with the reason where there is no answer', async () => {
    expect(await client.getNumberDetails('nowhere', 5)).toMatchObject({
      value: 5,
      reason: 'ERROR',
      errorCode: 'FLAG_NOT_FOUND',
    });
    expect(await client.getNumberDetails('banner', 5)).toMatchObject({ value: 5, errorCode: 'TYPE_MISMATCH' });
    expect(await client.getNumberDetails('down', 5)).toMatchObject({
      value: 5,
      errorCode: 'GENERAL',
      errorMessage: 'model down',
    });
    expect(await client.getNumberDetails('hostile', 5)).toMatchObject({ value: 5, errorCode: 'GENERAL' });
    expect(await client.getNumberDetails('__proto__', 5)).toMatchObject({ errorCode: 'FLAG_NOT_FOUND' });
  });

  it('takes no notice of events that carry no truth, or one for nobody', async () => {
    const before = test.summary().truths;
    client.track('checkout', {}, { requestId: 'x', value: 1 });
    client.track('coronate.truth');
    client.track('coronate.truth', {}, { value: 1 });
    client.track('coronate.truth', {}, { requestId: 'stranger', value: 1 });
    // It may be another replica's: each is asked.
    expect(test.summary().truths).toEqual({ ...before, unknown: before.unknown + 1 });
    const { flagMetadata } = await client.getStringDetails('colour', '');
    client.track('coronate.truth', {}, { requestId: String(flagMetadata.requestId), truth: 1 });
    expect(bandit.statistics().reduce((sum, { pulls }) => sum + pulls, 0)).toBe(1);
  });

  it('records a truth once where two flags have one strategy, and where another replica has served', async () => {
    const hub = new MemoryHub();
    const make = async (label: string) => {
      const strategy = new ABTest({ name: 'shared', seed: 1, champion, challenger });
      const replica = await share(strategy, hub, { replica: label, everyMs: 1e6 });
      const flags = { one: { strategy }, two: { strategy } };
      return { strategy, replica, provider: new StrategyProvider({ flags }) };
    };
    const [a, b] = [await make('a'), await make('b')];
    const { flagMetadata } = await a.provider.resolveNumberEvaluation('one', 0, { x: 1 });
    const { requestId } = flagMetadata as { requestId: string };
    await a.replica.exchange();
    b.provider.track('coronate.truth', {}, { requestId, value: 1 });
    for (const { replica } of [b, a, b]) await replica.exchange();
    expect(b.replica.status.truths).toMatchObject({ adopted: 1, asked: 0 });
    const own = await b.provider.resolveNumberEvaluation('two', 0, { x: 1 });
    b.provider.track('coronate.truth', {}, { requestId: String(own.flagMetadata!.requestId), value: 1 });
    const counts = b.strategy[strategyMark].truths();
    expect([counts.recorded, counts.duplicates]).toEqual([2, 0]);
    await Promise.all([a.replica.stop(), b.replica.stop()]);
  });

  it('refuses flags without a strategy', () => {
    expect(() => new StrategyProvider({ flags: { a: { strategy: champion as never } } })).toThrow(
      'flags.a.strategy must be',
    );
    expect(() => new StrategyProvider({ flags: { a: { strategy: test, value: 1 } as never } })).toThrow(
      'flags.a.value',
    );
    expect(() => new StrategyProvider({ flags: null as never })).toThrow('flags must be');
  });
});
