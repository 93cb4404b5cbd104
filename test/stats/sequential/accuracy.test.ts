import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { measureSequentialGolden } from '../../../scripts/accuracy/measureSequentialGolden.ts';

const page = readFileSync(new URL('../../../docs/accuracy.md', import.meta.url), 'utf8');

describe('docs/accuracy.md on sequential methods', () => {
  for (const { name, worst, at } of measureSequentialGolden()) {
    it(`${name}: promises no more than is measured`, () => {
      const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\` |`));
      expect(row, `${name} is missing: run scripts/accuracy.ts`).toBeDefined();
      expect(worst, `${at}: run scripts/accuracy.ts`).toBeLessThanOrEqual(Number(row?.split('|')[4]));
      expect(worst, at).toBeLessThanOrEqual(1e-9);
    });
  }
});
