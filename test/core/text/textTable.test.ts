import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayWidth } from '../../../src/core/text/displayWidth.ts';
import type { TableColumn } from '../../../src/core/text/TableColumn.ts';
import { textTable } from '../../../src/core/text/textTable.ts';

interface Row {
  readonly name: string;
  readonly n?: number;
  readonly note?: string;
}
const name: TableColumn<Row> = { header: 'variant', value: (row) => row.name };
const n: TableColumn<Row> = { header: 'n', value: (row) => row.n };
const note: TableColumn<Row> = { header: 'note', value: (row) => row.note };

describe('textTable', () => {
  it('puts text left, numbers right, and a rule under the header', () => {
    const rows = [{ name: 'champion', n: 5012 }, { name: 'challenger', n: 4988 }, { name: 'none' }];
    expect(textTable(rows, [name, n])).toBe(
      ['variant         n', '----------  -----', 'champion    5,012', 'challenger  4,988', 'none'].join('\n'),
    );
  });

  it('follows alignment, format and indent where they are given', () => {
    const rate: TableColumn<Row> = { header: 'rate', value: (row) => row.n, format: (x) => `${x}%`, align: 'left' };
    const right: TableColumn<Row> = { header: 'who', value: (row) => row.name, align: 'right' };
    expect(textTable([{ name: 'a', n: 5 }], [right, rate], { indent: '  ' })).toBe(
      ['  who  rate', '  ---  ----', '    a  5%'].join('\n'),
    );
  });

  it('counts wide characters as two columns', () => {
    const lines = textTable(
      [
        { name: '日本', n: 1 },
        { name: 'x', n: 22 },
      ],
      [name, n],
    ).split('\n');
    expect(lines[2]).toBe('日本      1');
    expect(new Set(lines.map(displayWidth))).toEqual(new Set([11]));
  });

  it('wraps the widest text until it fits', () => {
    const long = 'the challenger has a lower error on every segment but one, where it has too few requests to tell';
    const table = textTable([{ name: 'challenger', n: 10_000, note: long }], [name, n, note], { width: 50 });
    const lines = table.split('\n');
    expect(lines.length).toBeGreaterThan(4);
    expect(lines.every((line) => displayWidth(line) <= 50)).toBe(true);
    expect(lines[2]).toMatch(/^challenger {2}10,000 {2}the challenger has a/);
    const words = lines.slice(2).map((line) => line.slice(20).trim());
    expect(words.join(' ')).toBe(long);
  });

  it('fits any text into its width, as long as the columns can be as narrow as that', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', ' ', '日', 'wordword', '\n') });
    fc.assert(
      fc.property(
        fc.array(fc.record({ name: cell, note: cell }), { minLength: 1 }),
        fc.integer({ min: 16, max: 60 }),
        (rows, width) => {
          const lines = textTable(rows, [name, note], { width }).split('\n');
          expect(lines.every((line) => displayWidth(line) <= width)).toBe(true);
        },
      ),
      { seed: 42, numRuns: 200 },
    );
  });

  it('rather runs over than breaks a number', () => {
    const table = textTable([{ name: 'a-very-long-name', n: 123_456_789 }], [name, n], { width: 12 });
    expect(table.split('\n')[3]).toBe('a-very  123,456,789');
  });

  it('lets no control character through', () => {
    const table = textTable([{ name: '\u001b[31mred\u001b[0m\ttab\r' }, { name: 'a\u202eb' }], [name]);
    expect(['\u001b', '\r', '\t', '\u202e'].filter((character) => table.includes(character))).toEqual([]);
    expect(table).toContain('\ufffd[31mred\ufffd[0m tab\ufffd');
  });

  it('stands without rows', () => {
    expect(textTable([], [name, n])).toBe('variant  n\n-------  -');
  });

  it('breaks lines between words before it breaks a word', () => {
    const rows = [{ name: 'falsePositives', why: 'within its limit' }];
    const columns = [
      { header: 'metric', value: (row: (typeof rows)[number]) => row.name },
      { header: 'why', value: (row: (typeof rows)[number]) => row.why },
    ];
    const text = textTable(rows, columns, { width: 23 });
    expect(text.split('\n')).toEqual([
      'metric          why',
      '--------------  -------',
      'falsePositives  within',
      '                its',
      '                limit',
    ]);
    expect(
      textTable(rows, columns, { width: 14 })
        .split('\n')
        .every((line) => line.length <= 14),
    ).toBe(true);
  });
});
