import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { measureEstimation } from '../../scripts/accuracy/measureEstimation.ts';

const page = readFileSync(new URL('../../docs/accuracy.md', import.meta.url), 'utf8');

describe('docs/accuracy.md: estimation, planning and model quality', () => {
  it.each(measureEstimation())(
    '$name over $file: no worse than the page promises, and than 2e-12',
    ({ name, file, values, worst }) => {
      const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\` | ${file} |`));
      expect(row, `${name} is missing: run scripts/accuracy.ts`).toBeDefined();
      const [numbers, promised] = row!.split('|').slice(3, 5).map(Number);
      expect(values).toBe(numbers);
      expect(worst, 'run scripts/accuracy.ts').toBeLessThanOrEqual(promised!);
      expect(worst).toBeLessThanOrEqual(2e-12);
    },
  );
});
