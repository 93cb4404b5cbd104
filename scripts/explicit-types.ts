// Every export of src states its types: a reader sees them, and a change of an inferred type cannot slip into the public
// face. TypeScript checks it under `isolatedDeclarations`, which the build itself cannot use: the flag refuses members
// named by an imported symbol, and every strategy has one, typed (`[strategyMark]`).
import { resolve } from 'node:path';
import ts from 'typescript';
import { root } from './entries.ts';

const memberNamedBySymbol = 9038;

const config = ts.getParsedCommandLineOfConfigFile(
  resolve(root, 'tsconfig.build.json'),
  // JavaScript has no types to state, and the flag refuses it.
  { isolatedDeclarations: true, allowJs: false, checkJs: false, noEmit: true },
  { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (diagnostic) => console.error(diagnostic.messageText) },
);
if (config === undefined) throw new Error('tsconfig.build.json cannot be read');

const program = ts.createProgram(config.fileNames, config.options);
const found = ts.getPreEmitDiagnostics(program).filter(({ code }) => code !== memberNamedBySymbol);
if (found.length > 0) {
  const host = {
    getCanonicalFileName: (name: string) => name,
    getCurrentDirectory: () => root,
    getNewLine: () => '\n',
  };
  console.error(ts.formatDiagnostics(found, host));
  process.exitCode = 1;
}
