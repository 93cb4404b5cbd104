import { afterEach, describe, expect, it, vi } from 'vitest';
import { dollars, fields, heading, paragraph, percent, table, target } from '../../examples/lib/print.ts';
import { progressBar } from '../../examples/lib/progress.ts';

function record(isTTY: boolean): { isTTY: boolean; text: string; write(text: string): void } {
  return {
    isTTY,
    text: '',
    write(text) {
      this.text += text;
    },
  };
}

describe('progressBar', () => {
  it('appends one clean line where there is no terminal', () => {
    const log = record(false);
    const bar = progressBar('Forest (100 trees)', log);
    for (let done = 5; done <= 100; done += 5) bar(done, 100);
    expect(log.text).toBe(`${'Forest (100 trees)'.padEnd(27)}[${'#'.repeat(40)}] 100/100\n`);
    expect(log.text.length).toBeLessThanOrEqual(81);
  });

  it('redraws itself on a terminal, the truth at every step', () => {
    const terminal = record(true);
    const bar = progressBar('A label that is far too long for its place', terminal);
    bar(1, 2);
    bar(2, 2);
    const frames = terminal.text.split('\r').slice(1);
    expect(frames).toHaveLength(2);
    expect(frames[0]).toContain(`[${'#'.repeat(20)}${'.'.repeat(20)}] 1/2`);
    expect(frames[1]).toContain(`[${'#'.repeat(40)}] 2/2\n`);
    for (const frame of frames) expect(frame.trimEnd().length).toBeLessThanOrEqual(80);
  });
});

describe('print', () => {
  const lines: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((text: string) => {
    lines.push(...text.split('\n'));
  });
  afterEach(() => {
    lines.length = 0;
  });

  it('keeps paragraphs within 80 columns and loses no word', () => {
    const text = Array.from({ length: 60 }, (_, i) => `word${i}`).join(' ');
    paragraph(text, '  ');
    expect(lines.every((line) => line.length <= 80 && line.startsWith('  '))).toBe(true);
    expect(lines.map((line) => line.trim()).join(' ')).toBe(text);
  });

  it('aligns numbers to the right and text to the left', () => {
    table(
      ['arm', 'pulls'],
      [
        ['linear', 137],
        ['a', 9],
      ],
    );
    expect(lines).toEqual(['  arm     pulls', '  ------  -----', '  linear    137', '  a           9']);
  });

  it('aligns fields, underlines headings', () => {
    fields({ a: 1, longer: 'x' });
    heading('Title');
    expect(lines).toEqual(['  a       1', '  longer  x', '', 'Title', '=====']);
  });

  it('says whether a target is met and passes it on', () => {
    expect(target('false-positive rate', '<= 0.5 %', '0.3 %', true)).toBe(true);
    expect(target('false-positive rate', '<= 0.5 %', '0.9 %', false)).toBe(false);
    expect(lines[0]).toBe('  met     false-positive rate                  <= 0.5 %        0.3 %');
    expect(lines[1]).toMatch(/^ {2}MISSED/);
  });

  it('writes percentages and dollars', () => {
    expect([percent(0.1234), percent(0.1234, 0), dollars(1234567.4), dollars(-50)]).toEqual([
      '12.3 %',
      '12 %',
      '$1,234,567',
      '-$50',
    ]);
  });
});
