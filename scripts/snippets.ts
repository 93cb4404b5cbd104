// The code that the README and the guides show, as programs that import from the installed package.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { root } from './entries.ts';

/** A code block of a page, made into a module that can be type-checked. */
interface Snippet {
  /** `abtest-2`: the second block of docs/guides/abtest.md. */
  readonly name: string;
  readonly code: string;
}

const importLine = /^import [\s\S]*?;[^\n]*\n/gm;

/**
 * A page's blocks read one after the other, so that each has the imports of those before it. What a reader brings along
 * (models, rows, keys) stands in the page itself, as declarations in a comment `<!-- given`, which no page shows. Their names
 * may be declared again by a block, hence the function around it. A block of properties alone is an object.
 */
function readSnippets(page: string): readonly Snippet[] {
  const text = readFileSync(resolve(root, page), 'utf8');
  const given = /<!-- given\n([\s\S]*?)-->/.exec(text)?.[1] ?? '';
  const imports = new Set<string>();
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, block], index) => {
    for (const [line] of block!.matchAll(importLine)) imports.add(line);
    const body = block!.replace(importLine, '').trim();
    const statements = /^\w+: /.test(body) ? `const options: Options = { ${body.replace(/^}$/m, '}')}\n};` : body;
    return {
      name: `${basename(page, '.md')}-${index + 1}`,
      code: `${[...imports].join('')}${given}export async function snippet() {\n${statements}\n}\n`,
    };
  });
}

/** Writes every block of the README and the guides into a folder of the project. @returns the files, as paths within the project */
export function writeSnippets(project: string): readonly string[] {
  const guides = readdirSync(resolve(root, 'docs/guides')).map((name) => `docs/guides/${name}`);
  const snippets = ['README.md', ...guides].flatMap(readSnippets);
  mkdirSync(join(project, 'snippets'));
  return snippets.map(({ name, code }) => {
    const file = join('snippets', `${name}.ts`);
    writeFileSync(join(project, file), code);
    return file;
  });
}
