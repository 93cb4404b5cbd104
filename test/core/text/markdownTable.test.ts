import { describe, expect, it } from 'vitest';
import { markdownTable } from '../../../src/core/text/markdownTable.ts';
import type { TableColumn } from '../../../src/core/text/TableColumn.ts';

interface Row {
  readonly name: string;
  readonly n?: number;
}
const columns: readonly TableColumn<Row>[] = [
  { header: 'variant', value: (row) => row.name },
  { header: 'n', value: (row) => row.n },
];

describe('markdownTable', () => {
  it('is padded and aligned', () => {
    expect(markdownTable([{ name: 'champion', n: 5012 }, { name: 'none' }], columns)).toBe(
      ['| variant  |     n |', '| -------- | ----: |', '| champion | 5,012 |', '| none     |       |'].join('\n'),
    );
  });

  it('lets a cell be nothing but text', () => {
    const hostile: [string, string][] = [
      ['a|b', 'a\\|b'],
      ['a\\|b', 'a\\\\\\|b'],
      ['<script>alert(1)</script>', '&lt;script>alert(1)&lt;/script>'],
      ['&lt;', '&amp;lt;'],
      ['[x](http://y)', '[x]\\(http://y)'],
      ['*bold* `code` __init__', '\\*bold\\* \\`code\\` \\_\\_init\\_\\_'],
      ['error_rate', 'error_rate'],
      ['[0.01, 0.02]', '[0.01, 0.02]'],
      ['two\nlines\r', 'two<br>lines'],
    ];
    for (const [cell, text] of hostile) {
      const row = markdownTable([{ name: cell }], columns).split('\n')[2]!;
      expect(row.replace(/^\| (.*?)\s+\| {5}\|$/, '$1'), cell).toBe(text);
    }
  });

  it('stands without rows', () => {
    expect(markdownTable([], columns)).toBe('| variant | n   |\n| ------- | --- |');
  });
});
