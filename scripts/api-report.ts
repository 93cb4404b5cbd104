// Compares the public face with the committed etc/<entry>.api.md: `npm run api`. `npm run api -- --update` rewrites them.
// Needs a build: what is reported is what users get, the declarations in dist.
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { CompilerState, Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { parseArguments } from './discover.ts';
import { type Entry, listBuiltEntries, root } from './entries.ts';

const committed = resolve(root, 'etc');
const fresh = resolve(root, 'temp/api');

// Release tags are not used, and typedoc already fails on broken doc comments and on types that are not exported.
const quiet = { default: { logLevel: ExtractorLogLevel.None } };

function configure({ name, types }: Entry): ExtractorConfig {
  return ExtractorConfig.prepare({
    packageJsonFullPath: resolve(root, 'package.json'),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: resolve(root, types),
      newlineKind: 'lf',
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: 'ES2023',
            lib: ['ES2023', 'DOM'],
            types: ['node'],
            module: 'NodeNext',
            strict: true,
          },
          files: listBuiltEntries().map((entry) => resolve(root, entry.types)),
        },
      },
      apiReport: {
        enabled: true,
        reportFolder: committed,
        reportTempFolder: fresh,
        reportFileName: `${name}.api.md`,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        extractorMessageReporting: quiet,
        tsdocMessageReporting: quiet,
      },
    },
  });
}

/** Whether the entry's report stands as committed. With `update` the committed one is rewritten first. */
function isUnchanged(config: ExtractorConfig, compilerState: CompilerState, update: boolean): boolean {
  const { apiReportChanged, errorCount } = Extractor.invoke(config, {
    compilerState,
    localBuild: update,
    messageCallback: (message) => {
      message.handled = message.logLevel !== ExtractorLogLevel.Error;
    },
  });
  if (errorCount > 0) throw new Error(`${config.reportFilePath}: the declarations do not compile`);
  return update || !apiReportChanged;
}

function main(): void {
  const update = parseArguments(process.argv.slice(2), ['--update']).flags.has('--update');
  const entries = listBuiltEntries();
  mkdirSync(committed, { recursive: true });
  mkdirSync(fresh, { recursive: true });
  const configs = entries.map(configure);
  const compilerState = CompilerState.create(configs[0]!);
  const changed = entries.filter((_, index) => !isUnchanged(configs[index]!, compilerState, update));
  const expected = new Set(entries.map(({ name }) => `${name}.api.md`));
  const stale = readdirSync(committed).filter((file) => !expected.has(file));
  if (update) for (const file of stale) rmSync(resolve(committed, file));
  for (const { name } of changed) console.error(`etc/${name}.api.md differs from the build; compare with temp/api/`);
  if (!update) for (const file of stale) console.error(`etc/${file} reports an entry that does not exist`);
  if (changed.length > 0 || (stale.length > 0 && !update)) {
    console.error('The public face changed. If that is meant: npm run api -- --update, and say so in CHANGELOG.md.');
    process.exitCode = 1;
    return;
  }
  console.log(
    `${entries.length} reports ${update ? 'written' : 'stand'}: ${entries.map(({ name }) => name).join(', ')}`,
  );
}

main();
