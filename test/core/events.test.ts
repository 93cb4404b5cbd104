import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../src/core/clock.ts';
import { InvalidOptionError } from '../../src/core/errors.ts';
import { describeError, type EventBase, EventSource } from '../../src/core/events.ts';

interface Ramp extends EventBase {
  readonly type: 'ramp';
  readonly share: number;
}
interface Served extends EventBase {
  readonly type: 'served';
}
const source = (auditCapacity = 1000) =>
  new EventSource<Ramp | Served>({
    clock: new ManualClock(5),
    strategy: 's',
    auditCapacity,
    types: { ramp: 'logged', served: 'transient' },
  });

describe('EventSource', () => {
  it('stamps events with time, strategy and actor, and tells listeners of their type', () => {
    const events = source();
    const shares: number[] = [];
    const off = events.on('ramp', (event) => void shares.push(event.share));
    events.emit({ type: 'ramp', share: 0.5 });
    events.emit({ type: 'ramp', share: 0.6, actor: 'ada' });
    off();
    events.emit({ type: 'ramp', share: 0.7 });
    expect(shares).toEqual([0.5, 0.6]);
    expect(events.log[1]).toEqual({ type: 'ramp', share: 0.6, actor: 'ada', at: 5, strategy: 's' });
  });

  it('refuses to listen for what is never told, and names what is', () => {
    const events = source();
    const listen = (type: unknown): void => void events.on(type as 'ramp', () => undefined);
    expect(() => listen('rampe')).toThrow('event must be one of ramp, served, contained-error, *, got "rampe"');
    expect(() => listen('rampe')).toThrow(InvalidOptionError);
    for (const type of ['toString', undefined, null, 3]) expect(() => listen(type)).toThrow(InvalidOptionError);
    for (const type of ['served', 'contained-error', '*']) listen(type);
    expect(events.wants('served')).toBe(true);
  });

  it('isolates listeners that throw or reject, and reports them', async () => {
    const events = source();
    const seen: string[] = [];
    events.on('ramp', () => {
      throw new Error('first');
    });
    events.on('ramp', () => Promise.reject(new Error('second')));
    events.on('ramp', () => void seen.push('third'));
    events.on('contained-error', (event) => {
      seen.push(`${event.where}: ${(event.error as Error).message}`);
      throw new Error('even this one');
    });
    events.emit({ type: 'ramp', share: 1 });
    await new Promise((resolve) => setImmediate(resolve));
    expect(seen).toEqual(['listener: first', 'third', 'listener: second']);
    expect(events.containedErrors).toBe(4);
  });

  it('keeps a bounded log without the events that happen per request, and says what it dropped', () => {
    const events = source(10);
    for (let i = 0; i < 100; i += 1) {
      events.emit({ type: 'ramp', share: i / 100 });
      events.emit({ type: 'served' });
    }
    expect(events.log.length).toBeLessThanOrEqual(10);
    expect(events.log.length + events.dropped).toBe(100);
    expect((events.log.at(-1) as Ramp).share).toBe(0.99);
  });

  it('lets contained errors go first: a function that throws at every request does not push out what happened', () => {
    const events = source(10);
    for (let i = 0; i < 4; i += 1) events.emit({ type: 'ramp', share: i / 4 });
    for (let i = 0; i < 200; i += 1) events.contain('segment:x', new Error(`${i}`));
    const ramps = events.log.filter(({ type }) => type === 'ramp');
    expect(ramps.map((event) => (event as Ramp).share)).toEqual([0, 0.25, 0.5, 0.75]);
    expect(events.log.length).toBeLessThanOrEqual(10);
    expect(events.log.length + events.dropped).toBe(204);
    for (let i = 0; i < 100; i += 1) events.emit({ type: 'ramp', share: 1 });
    expect(events.log.length + events.dropped).toBe(304);
    expect(events.log.every(({ type }) => type === 'ramp')).toBe(true);
  });

  it('goes through JSON', () => {
    const events = source();
    events.emit({ type: 'ramp', share: 1 });
    events.contain('metric:x', new TypeError('bad'));
    const twin = source();
    twin.load(JSON.parse(JSON.stringify(events)) as ReturnType<typeof events.toJSON>);
    expect(twin.log[1]).toMatchObject({ where: 'metric:x', error: { name: 'TypeError', message: 'bad' } });
    expect(twin.containedErrors).toBe(1);
  });
});

describe('describeError', () => {
  it('never throws, whatever was thrown', () => {
    const unreadable = { toString: () => nothing() };
    const nothing = (): string => {
      throw new Error('no');
    };
    const hostile = {
      get message(): string {
        return nothing();
      },
    };
    for (const error of [Object.create(null), unreadable, hostile]) {
      expect(describeError(error)).toEqual({ name: 'object', message: 'an error that cannot be read' });
    }
  });
});
