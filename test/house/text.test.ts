import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const self = 'test/house/text.test.ts';

interface TextFile {
  readonly path: string;
  readonly lines: readonly string[];
}

/** Every text file that is or would be committed, but this one, which has to name what it forbids. */
const files: readonly TextFile[] = execFileSync(
  'git',
  ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
  {
    cwd: root,
    encoding: 'utf8',
  },
)
  .split('\0')
  .filter((path) => path !== '' && path !== self && existsSync(resolve(root, path)))
  .map((path) => ({ path, text: readFileSync(resolve(root, path), 'utf8') }))
  .filter(({ text }) => !text.includes('\0'))
  .map(({ path, text }) => ({ path, lines: text.split('\n') }));

/** Blanks comments, so that a rule about code may be talked about. Line numbers stay. */
function withoutComments(lines: readonly string[]): readonly string[] {
  const text = lines.join('\n').replaceAll(/\/\*[\s\S]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, ' '));
  return text.split('\n').map((line) => line.replace(/(^|[^:])\/\/.*$/, '$1'));
}

interface Rule {
  readonly name: string;
  readonly pattern: RegExp;
  /** The files that the rule is about. */
  readonly about: RegExp;
  /** The files that may. */
  readonly allowed?: RegExp;
  readonly codeOnly?: boolean;
}

const code = /\.(ts|cjs|mjs|js)$/;

const rules: readonly Rule[] = [
  { name: 'no paths of one machine', pattern: /(^|[\s"'`(=:])\/(work|root|tmp|home|Users)\//, about: /./ },
  {
    name: 'no package registry addresses',
    pattern:
      /\/\/[^/\s"']*(registry\.|npmjs\.org|yarnpkg|npmmirror|pypi\.org|debian\.org)|\/\/(localhost|127\.0\.0\.1|10\.\d+)[^"'\s]*\/(npm|registry)/,
    about: /./,
  },
  { name: 'nothing left to do', pattern: /\b(TODO|FIXME)\b/, about: /./ },
  { name: 'no debugger', pattern: /\bdebugger;/, about: code },
  {
    name: 'randomness comes through an Rng',
    pattern: /\bMath\.random\b|\bcrypto\b[^\n]*\b(getRandomValues|randomUUID|randomBytes)\b/,
    about: /^(src|test|test-d|examples)\//,
    allowed: /^src\/(random\/|adapters\/)/,
    codeOnly: true,
  },
  {
    name: 'time comes through a Clock',
    pattern: /\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b|\bset(Timeout|Interval|Immediate)\b/,
    about: /^src\//,
    allowed: /^src\/(core\/clock\.ts|adapters\/support\/systemClock\.ts|adapters\/worker\/workerMain\.js)$/,
    codeOnly: true,
  },
  {
    name: 'every test runs',
    pattern: /\b(describe|it|test|suite)\.(only|skip|todo|fails)\b|\bx(it|describe)\(/,
    about: /^test(-d)?\//,
  },
  {
    name: 'no console in the library',
    pattern: /\bconsole\./,
    about: /^src\//,
    allowed: /^src\/adapters\//,
    codeOnly: true,
  },
  {
    name: 'tests of the statistics use of vitest what the mutation runner has',
    pattern: /\b(describe|it)\.(?!each\b)\w+|\{[^}]*\b(?!(?:describe|expect|it)\b)\w+\b[^}]*\} from 'vitest'/,
    about: /^test\/stats\//,
    codeOnly: true,
  },
];

/** The lines that break a rule, as `path:line  text`. */
function violations({ pattern, about, allowed, codeOnly }: Rule, among: readonly TextFile[]): readonly string[] {
  return among
    .filter(({ path }) => about.test(path) && !(allowed?.test(path) ?? false))
    .flatMap(({ path, lines }) =>
      (codeOnly === true ? withoutComments(lines) : lines).flatMap((line, index) =>
        pattern.test(line) ? [`${path}:${index + 1}  ${line.trim().slice(0, 100)}`] : [],
      ),
    );
}

/** For every rule a file that breaks it, so that no pattern is dead. */
const offenders: Readonly<Record<string, TextFile>> = {
  'no paths of one machine': { path: 'docs/a.md', lines: ['see /home/someone/notes'] },
  'no package registry addresses': { path: 'package-lock.json', lines: ['"resolved": "https://registry.npmjs.org/x"'] },
  'nothing left to do': { path: 'README.md', lines: ['// TODO: write'] },
  'no debugger': { path: 'bench/a.ts', lines: ['debugger;'] },
  'randomness comes through an Rng': {
    path: 'src/core/a.ts',
    lines: ['/* Math.random is bad */ const x = Math.random();'],
  },
  'time comes through a Clock': { path: 'src/shadow/a.ts', lines: ['// ok', 'setTimeout(f, 1); // waits'] },
  'every test runs': { path: 'test/a.test.ts', lines: ["it.only('x', () => {});"] },
  'no console in the library': { path: 'src/core/a.ts', lines: ["console.log('x');"] },
  'tests of the statistics use of vitest what the mutation runner has': {
    path: 'test/stats/a.test.ts',
    lines: ["import { describe, expect, it } from 'vitest';", "import { beforeEach, expect } from 'vitest';"],
  },
};

describe.each(rules)('$name', (rule) => {
  it('holds in every file', () => {
    expect(violations(rule, files)).toEqual([]);
  });

  it('would be noticed', () => {
    expect(violations(rule, [offenders[rule.name]!])).toHaveLength(1);
  });
});

describe('the files', () => {
  it('are found', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(files.map(({ path }) => path)).toContain('src/index.ts');
  });
});
