import { describe, expect, it } from 'vitest';
import { ABTest } from '../../src/abtest/index.ts';
import { ManualClock } from '../../src/core/index.ts';
import { accuracy } from '../../src/metrics/index.ts';

describe('the report of a test', () => {
  const clock = new ManualClock(Date.UTC(2026, 0, 5));
  const right = { predict: (x: number) => x % 2 === 0 };
  const wrong = { predict: (x: number) => x % 4 === 0 };
  const build = (more: object = {}) => {
    const test = new ABTest({
      name: 'parity',
      champion: wrong,
      challenger: right,
      seed: 7,
      clock,
      metrics: [accuracy({ role: 'goal' })],
      ...more,
    });
    for (let i = 0; i < 1200; i += 1) test.record(test.serve(i, { unit: i }).requestId, i % 2 === 0);
    return test;
  };

  it('reads as text of 80 columns', () => {
    const text = build().toText();
    expect(text).toContain('A/B test parity: PROMOTE challenger');
    expect(text).toContain('+ goal (challenger): accuracy: better');
    for (const line of text.split('\n').filter((row) => /^[a-z-]+ {2}/i.test(row)))
      expect(line.length).toBeLessThanOrEqual(80);
    expect(text).not.toMatch(/undefined|NaN|\[object/);
  });

  it('reads as Markdown, and goes through JSON', () => {
    const test = build({ mode: 'paired' });
    const markdown = test.toMarkdown();
    expect(markdown.startsWith('# A/B test parity: PROMOTE challenger')).toBe(true);
    expect(markdown).toContain('| variant');
    expect(markdown).toContain('## Disagreement');
    expect(JSON.parse(JSON.stringify(test.summary()))).toMatchObject({
      name: 'parity',
      decision: { decision: 'PROMOTE' },
    });
  });

  it('says little, and nothing false, of an empty test', () => {
    const test = new ABTest({ champion: right, challenger: wrong, clock, metrics: [accuracy({ role: 'goal' })] });
    expect(test.toText()).not.toMatch(/undefined|NaN/);
    expect(test.toText()).toContain('CONTINUE');
  });
});
