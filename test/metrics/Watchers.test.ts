import { describe, expect, it } from 'vitest';
import type { ObservedCall } from '../../src/core/observer.ts';
import { Watchers } from '../../src/metrics/Watchers.ts';

const call: ObservedCall = {
  requestId: 'a',
  variant: 'v',
  unit: undefined,
  status: 'ok',
  error: undefined,
  latencyMs: 1,
  at: 0,
  fallback: false,
};

describe('Watchers', () => {
  it('tell every observer until it is taken off', () => {
    const watchers = new Watchers(() => undefined);
    const heard: string[] = [];
    const off = watchers.observe({ called: ({ variant }) => heard.push(`1 ${variant}`) });
    watchers.observe({
      called: () => heard.push('2'),
      joined: ({ requestId }) => heard.push(`joined ${requestId}`),
      lost: (_, why) => heard.push(why),
      audited: ({ type }) => heard.push(type),
    });
    watchers.called(call);
    off();
    watchers.called(call);
    watchers.joined(call);
    watchers.lost(call, 'expired');
    watchers.audited({ type: 'x', at: 0, strategy: 's', actor: 'system' });
    expect(heard).toEqual(['1 v', '2', '2', 'joined a', 'expired', 'x']);
  });

  it('report an observer that throws, and are not caught in a circle by it', () => {
    const errors: unknown[] = [];
    const watchers: Watchers = new Watchers((error) => {
      errors.push(error);
      // The report is an event itself, of which the observer hears.
      watchers.audited({ type: 'contained-error', at: 0, strategy: 's', actor: 'system' });
    });
    const fault = new Error('no');
    const raise = (): never => {
      throw fault;
    };
    watchers.observe({ called: raise, audited: raise });
    watchers.called(call);
    expect(errors).toEqual([fault]);
    watchers.called(call);
    expect(errors).toHaveLength(2);
  });

  it('know who listens, replicas included', () => {
    const watchers = new Watchers(() => undefined);
    expect([watchers.observed, watchers.any]).toEqual([false, false]);
    const types: string[] = [];
    watchers.tap = { settled: () => undefined, record: (_, join) => join(), audited: (type) => types.push(type) };
    expect([watchers.observed, watchers.any]).toEqual([false, true]);
    watchers.audited({ type: 'x', at: 0, strategy: 's', actor: 'system' });
    expect(types).toEqual(['x']);
    watchers.tap = undefined;
    watchers.observe({});
    expect([watchers.observed, watchers.any]).toEqual([true, true]);
  });
});
