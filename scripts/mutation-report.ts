// Writes docs/mutation.md from what `npm run test:mutation` left behind: the score of each folder and file of src/stats,
// and every mutant that survived, with the reason why it may (scripts/mutation/explained.ts) where there is one.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { root } from './entries.ts';
import { explanationOf } from './mutation/explained.ts';

interface Position {
  readonly line: number;
  readonly column: number;
}

interface Mutant {
  readonly status: string;
  readonly statusReason?: string;
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly location: { readonly start: Position; readonly end: Position };
}

interface MutatedFile {
  readonly source: string;
  readonly mutants: readonly Mutant[];
}

/** What Stryker left of one folder. */
interface Part {
  readonly folder: string;
  readonly day: string;
  readonly files: Readonly<Record<string, MutatedFile>>;
}

const detected = ['Killed', 'Timeout'];
const undetected = ['Survived', 'NoCoverage'];
const raw = resolve(root, 'reports/mutation/raw');

const count = (mutants: readonly Mutant[], statuses: readonly string[]) =>
  mutants.filter(({ status }) => statuses.includes(status)).length;

const endless = ({ status, statusReason = '' }: Mutant) => status === 'Timeout' && statusReason.startsWith('endless');

/** Detected over valid mutants, in percent. Mutants that are ignored or that broke the runner count nowhere. */
function score(mutants: readonly Mutant[]): string {
  const found = count(mutants, detected);
  const valid = found + count(mutants, undetected);
  return valid === 0 ? '' : ((100 * found) / valid).toFixed(1);
}

function row(name: string, mutants: readonly Mutant[], day = ''): string {
  const loops = mutants.filter(endless).length;
  const cells = [
    name,
    score(mutants),
    count(mutants, ['Killed']),
    loops,
    count(mutants, ['Timeout']) - loops,
    count(mutants, undetected),
    count(mutants, ['Ignored', 'RuntimeError', 'CompileError']),
  ];
  return `| ${[...cells, day].join(' | ')} |`;
}

const head = (
  first: string,
  last: string,
) => `| ${first} | score, % | failed a test | endless loop | over time | survived | not counted | ${last} |
|---|---|---|---|---|---|---|---|`;

/** The text that the mutant replaced, on one line. */
function originalOf(source: string, { start, end }: Mutant['location']): string {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  const last = lines.length - 1;
  lines[last] = lines[last]!.slice(0, end.column - 1);
  lines[0] = lines[0]!.slice(start.column - 1);
  return lines.join(' ').replaceAll(/\s+/g, ' ');
}

const short = (text: string) => {
  const line = text.replaceAll(/\s+/g, ' ').replaceAll('`', "'");
  return line.length > 70 ? `${line.slice(0, 67)}...` : line;
};

function survivor(
  path: string,
  source: string,
  mutant: Mutant,
): { readonly text: string; readonly explained: boolean } {
  const { mutatorName, replacement = '', location, status } = mutant;
  const original = originalOf(source, location);
  const why = explanationOf({ path, mutatorName, original, replacement });
  const note = why ?? (status === 'NoCoverage' ? 'no test reaches it' : '');
  const change = `\`${short(original)}\` -> \`${short(replacement)}\``;
  return {
    text: `- ${location.start.line}: ${change}${note === '' ? '' : `: ${note}`}`,
    explained: why !== undefined,
  };
}

function readParts(): readonly Part[] {
  const names = readdirSync(raw).filter((name) => name.endsWith('.json') && !name.endsWith('.config.json'));
  return names.sort().map((name) => {
    const { files } = JSON.parse(readFileSync(resolve(raw, name), 'utf8')) as Pick<Part, 'files'>;
    const day = statSync(resolve(raw, name)).mtime.toISOString().slice(0, 10);
    return { folder: basename(name, '.json'), day, files };
  });
}

/** The parts that have no result: the folders of src/stats, and `root` for the files that lie in none. */
function missing(parts: readonly Part[]): string {
  const entries = readdirSync(resolve(root, 'src/stats'), { withFileTypes: true });
  const known = [...entries.filter((entry) => entry.isDirectory()).map(({ name }) => name), 'root'];
  const names = known.filter((name) => !parts.some(({ folder }) => folder === name));
  return names.length === 0 ? 'none' : names.join(', ');
}

function report(parts: readonly Part[]): string {
  const mutantsOf = (part: Part) => Object.values(part.files).flatMap(({ mutants }) => mutants);
  const everything = parts.flatMap(mutantsOf);
  const files = parts.flatMap((part) => Object.entries(part.files)).sort(([a], [b]) => a.localeCompare(b));
  const survivors = files.map(([path, { source, mutants }]) => ({
    path,
    entries: mutants
      .filter(({ status }) => undetected.includes(status))
      .map((mutant) => survivor(path, source, mutant)),
  }));
  const entries = survivors.flatMap((file) => file.entries);
  const explained = entries.filter((entry) => entry.explained).length;
  const lists = survivors
    .filter((file) => file.entries.length > 0)
    .map((file) => `### ${file.path}\n\n${file.entries.map(({ text }) => text).join('\n')}\n`);
  return `# Mutation testing

Stryker changes the statistics one operator at a time and runs the tests that reach the change, nearest first: a mutant that
no test notices has survived. Written by \`npm run mutation:report\` from what \`npm run test:mutation\` left behind; the day
is that of the run. ${parts.length} parts, ${files.length} files, ${everything.length} mutants. Parts not measured yet: ${missing(parts)}.

The score is what was noticed (a failed test, an endless loop, no end in time) over what could be. A mutant that is reached
ten times as often as the original code ran in an endless loop. For each folder the tests of that folder run, those of
test/stats itself, and for a few those of a neighbour (scripts/mutation.ts); one that they do not notice within 2 processor
seconds counts as a survivor. Both can only lower the score. Not counted: mutants of code that runs at import alone.

${head('folder', 'run')}
${[row('**all**', everything), ...parts.map((part) => row(part.folder, mutantsOf(part), part.day))].join('\n')}

## Files

${head('file', '')}
${files.map(([path, { mutants }]) => row(path.replace('src/stats/', ''), mutants)).join('\n')}

## Survivors

${entries.length} survived; ${explained} of them change nothing that a caller could see, for the reason that stands behind them.

${lists.join('\n')}`;
}

writeFileSync(resolve(root, 'docs/mutation.md'), report(readParts()));
console.log('docs/mutation.md written');
