// Writes test/golden/stats-answers.json: the answers of everything in coronate/stats to the calls of test/stats/calls.ts.
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { answers } from '../test/stats/answers.ts';
import { root } from './entries.ts';

/** Twelve digits: the last ones differ between machines. */
const digits = (_key: string, value: unknown) =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(12)) : value;

const lines = Object.entries(answers)
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(
    ([name, of]) =>
      `  ${JSON.stringify(name)}: [\n${of()
        .map((one) => `    ${JSON.stringify(one, digits)}`)
        .join(',\n')}\n  ]`,
  );
writeFileSync(resolve(root, 'test/golden/stats-answers.json'), `{\n${lines.join(',\n')}\n}\n`);
