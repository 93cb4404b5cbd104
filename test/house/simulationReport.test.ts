import { describe, expect, it } from 'vitest';
import { mergeReport, type Run, type TopicSimulation } from '../../scripts/simulationReport.ts';

const entry = (topic: string, name: string): TopicSimulation => ({
  topic,
  simulation: { name, claim: `claim of ${name}`, run: () => ({ measured: {}, passed: true, detail: '' }) },
});
const ran = (of: TopicSimulation, value: number, passed = true): Run => ({
  ...of,
  result: { measured: { size: value }, passed, detail: 'a | b' },
  seconds: 1.25,
});

const one = entry('first', 'one|two');
const two = entry('first', 'three');
const other = entry('second', 'three');
const all = [one, two, other];

describe('the report of the simulations', () => {
  const first = mergeReport('', [ran(one, 0.12345)], all, 'day 1');

  it('names what was run, and what was not', () => {
    expect(first).toContain('| one\\|two | claim of one\\|two | size = 0.1235 | a \\| b | yes | day 1, 1.3 s |');
    expect(first.match(/not run yet/g)).toHaveLength(2);
    expect(first.match(/^## .*$/gm)).toEqual(['## first', '## second']);
  });

  it('replaces the rows of this run alone', () => {
    const second = mergeReport(first, [ran(other, 7, false)], all, 'day 2');
    expect(second).toContain('| size = 0.1235 | a \\| b | yes | day 1, 1.3 s |');
    expect(second).toContain('| three | claim of three | size = 7 | a \\| b | **no** | day 2, 1.3 s |');
    expect(second.match(/not run yet/g)).toHaveLength(1);
    expect(mergeReport(second, [ran(one, 1)], all, 'day 3')).not.toContain('day 1');
  });

  it('keeps a report as it is where nothing ran, and drops simulations that are gone', () => {
    expect(mergeReport(first, [], all, 'day 2')).toBe(first);
    expect(mergeReport(first, [], [two, other], 'day 2')).not.toContain('one\\|two');
  });
});
