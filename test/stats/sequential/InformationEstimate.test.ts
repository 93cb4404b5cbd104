import { describe, expect, it } from 'vitest';
import { combineInformation, informationSequence } from '../../../src/stats/sequential/index.ts';

describe('combineInformation', () => {
  it('has nothing to say of nothing, and refuses what is no information', () => {
    expect(combineInformation([])).toEqual({ estimate: 0, information: 0 });
    expect(combineInformation([{ estimate: 3, information: 0 }])).toEqual({ estimate: 0, information: 0 });
    expect(() => combineInformation([{ estimate: 3, information: -1 }])).toThrow('parts[0].information');
    expect(() => combineInformation([{ estimate: Number.NaN, information: 1 }])).toThrow('parts[0].estimate');
    expect(informationSequence({ estimate: 0, information: 0 }, { rho: 1 }).status).toBe('inconclusive');
  });
});
