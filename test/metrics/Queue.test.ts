import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Queue } from '../../src/metrics/Queue.ts';

it('is a queue, whatever is done to it', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('push' as const), n: fc.integer({ min: 1, max: 1500 }) }),
    fc.record({ do: fc.constant('shift' as const), n: fc.integer({ min: 1, max: 1500 }) }),
    fc.record({ do: fc.constant('retain' as const), n: fc.integer({ min: 2, max: 5 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const queue = new Queue<number>();
      let model: number[] = [];
      let next = 0;
      for (const { do: what, n } of steps) {
        if (what === 'retain') {
          queue.retain((item) => item % n !== 0);
          model = model.filter((item) => item % n !== 0);
        } else {
          for (let i = 0; i < n; i += 1) {
            if (what === 'shift') expect(queue.shift()).toBe(model.shift());
            else {
              queue.push(next);
              model.push(next);
              next += 1;
            }
          }
        }
        expect([queue.length, queue.peek()]).toEqual([model.length, model[0]]);
        expect(queue.toArray()).toEqual(model);
      }
    }),
    { seed: 1, numRuns: 60 },
  );
});
