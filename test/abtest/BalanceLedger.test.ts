import { describe, expect, it } from 'vitest';
import { BalanceLedger } from '../../src/abtest/BalanceLedger.ts';

const HOUR = 3_600_000;
type Saved = readonly (readonly [string, readonly (readonly [string, readonly (readonly number[])[]])[]])[];
const counts = (ledger: BalanceLedger): Record<string, unknown> =>
  Object.fromEntries(
    (ledger.toJSON() as unknown as Saved).map(([dimension, cells]) => [dimension, Object.fromEntries(cells)]),
  );

describe('BalanceLedger', () => {
  it('counts every assignment in its hour, weekday and epoch, one after the other and back', () => {
    const ledger = new BalanceLedger(2);
    ledger.count(0, 0, 0, {});
    ledger.count(0, 1, HOUR - 1, {});
    ledger.count(0, 1, HOUR, { customer: 'c' });
    ledger.count(1, 1, HOUR, {});
    ledger.count(0, 0, 0, {});
    ledger.count(0, 0, 24 * HOUR, {});
    expect(counts(ledger)).toEqual({
      hour: {
        '0:00': [[3, 1]],
        '1:00': [
          [0, 1],
          [0, 1],
        ],
      },
      weekday: {
        Thursday: [
          [2, 2],
          [0, 1],
        ],
        Friday: [[1, 0]],
      },
      customer: { c: [[0, 1]] },
    });
  });

  it('goes on counting after a restart and a merge', () => {
    const [here, there] = [new BalanceLedger(2), new BalanceLedger(2)];
    here.count(0, 0, 0, {});
    there.count(0, 1, 0, {});
    here.load(JSON.parse(JSON.stringify(there.toJSON())));
    here.count(0, 0, 0, {});
    here.merge(there);
    here.count(0, 1, 0, {});
    expect(counts(here)).toEqual({ hour: { '0:00': [[1, 3]] }, weekday: { Thursday: [[1, 3]] } });
  });
});
