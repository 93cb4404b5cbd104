// Writes docs/mutation.md from the last `npm run test:mutation`: the score of each file, and every mutant that survived.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { root } from './entries.ts';

interface Mutant {
  readonly status: string;
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly location: { readonly start: { readonly line: number } };
}

interface MutationResult {
  readonly files: Readonly<Record<string, { readonly mutants: readonly Mutant[] }>>;
}

const detected = ['Killed', 'Timeout'];
const undetected = ['Survived', 'NoCoverage'];

const count = (mutants: readonly Mutant[], statuses: readonly string[]) =>
  mutants.filter(({ status }) => statuses.includes(status)).length;

/** Detected over valid mutants, in percent. Mutants that do not compile or that are ignored count nowhere. */
function score(mutants: readonly Mutant[]): string {
  const found = count(mutants, detected);
  const valid = found + count(mutants, undetected);
  return valid === 0 ? '' : ((100 * found) / valid).toFixed(1);
}

const row = (name: string, mutants: readonly Mutant[]) =>
  `| ${name} | ${score(mutants)} | ${count(mutants, detected)} | ${count(mutants, undetected)} |`;

function survivor(path: string, { mutatorName, replacement = '', location, status }: Mutant): string {
  const text = replacement.replaceAll(/\s+/g, ' ').slice(0, 60);
  const note = status === 'NoCoverage' ? ', no test reaches it' : '';
  return `- ${path}:${location.start.line} ${mutatorName}${text === '' ? '' : ` -> \`${text}\``}${note}`;
}

function report({ files }: MutationResult): string {
  const entries = Object.entries(files).sort(([a], [b]) => a.localeCompare(b));
  const all = entries.flatMap(([, { mutants }]) => mutants);
  const survivors = entries.flatMap(([path, { mutants }]) =>
    mutants.filter(({ status }) => undetected.includes(status)).map((mutant) => survivor(path, mutant)),
  );
  return `# Mutation testing

Stryker changes the statistics one operator at a time; a change that no test notices has survived. Written by
\`npm run mutation:report\` after \`npm run test:mutation\`.

| file | score, % | noticed | survived |
|---|---|---|---|
${[row('**all**', all), ...entries.map(([path, { mutants }]) => row(path, mutants))].join('\n')}

## Survivors

${survivors.length === 0 ? 'None.' : survivors.join('\n')}
`;
}

const raw = readFileSync(resolve(root, 'reports/mutation/raw/mutation.json'), 'utf8');
writeFileSync(resolve(root, 'docs/mutation.md'), report(JSON.parse(raw) as MutationResult));
console.log('docs/mutation.md written');
