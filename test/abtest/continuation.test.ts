import { describe, expect, it } from 'vitest';
import { ABTest } from '../../src/abtest/index.ts';
import { ManualClock } from '../../src/core/index.ts';
import { absoluteError, calibrationError } from '../../src/metrics/index.ts';

const copy = (value: unknown) => JSON.parse(JSON.stringify(value));
const killSwitch = { serveChampion: true, alpha: 0.05 };
const looks = { groupSequential: { looks: [100, 200, 400] } };
const outcomeModel = () => [
  { truth: 1, probability: 0.5 },
  { truth: 0, probability: 0.5 },
];
const modes: readonly (readonly [string, object])[] = [
  ['pairs under planned looks with a kill switch', { mode: 'paired', inference: looks, killSwitch }],
  ['pairs as a belief', { mode: 'paired', inference: 'bayesian' }],
  ['matured truths with a kill switch', { analyse: 'matured', killSwitch }],
  ['modelled truths', { labels: { propensity: () => 0.5, floor: 0.1, outcomeModel }, plain: true }],
];

describe('a restart in the middle changes nothing', () => {
  it.each(modes)(
    'of %s, units that come again, and a cap in its pilot or after',
    (_, { plain, ...more }: { plain?: boolean }) => {
      for (const cut of [13, 57, 90, 240]) {
        const clock = new ManualClock(0);
        const options = {
          name: 'continued',
          seed: 1,
          clock,
          truth: { windowMs: 200 },
          champion: { predict: (x: number) => x },
          challenger: {
            predict: (x: number) => {
              if (x > 0.9) throw new Error('too large');
              return x * 0.9;
            },
          },
          fallback: true,
          metrics: [
            absoluteError({ role: 'goal', ...(plain ? {} : { cap: { quantile: 0.9, pilot: 60 } }) }),
            ...(plain ? [] : [calibrationError()]),
          ],
          segments: { half: (x: number) => (x > 0.5 ? 'upper' : 'lower') },
          ...more,
        } as never;
        const whole = new ABTest(options) as ABTest<never, never>;
        let cutUp = new ABTest(options) as ABTest<never, never>;
        for (let i = 0; i < 300; i += 1) {
          clock.advance(1);
          if (i === cut) cutUp = ABTest.restore(copy(cutUp.snapshot()), options);
          const x = ((i * 7919) % 1000) / 1000;
          for (const test of [whole, cutUp]) {
            test.serve(x as never, { id: `r${i}`, unit: `u${i % 90}` });
            if (i >= 20 && i % 3 > 0) test.record(`r${i - 20}`, x > 0.4 ? 1 : 0);
            if (i % 40 === 0) test.decide();
          }
        }
        expect(copy(cutUp.decide())).toEqual(copy(whole.decide()));
        expect(copy(cutUp.snapshot())).toEqual(copy(whole.snapshot()));
      }
    },
  );
});
