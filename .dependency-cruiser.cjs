/** The layers of DESIGN.md §4, checked on every run. A path may import what its row allows, and nothing else. */
const strategies = ['abtest', 'canary', 'bluegreen', 'bandits', 'shadow'];
const allow = {
  core: ['core'],
  random: ['random', 'core'],
  stats: ['stats', 'core', 'random'],
  metrics: ['metrics', 'core', 'random', 'stats'],
  assignment: ['assignment', 'core', 'random', 'stats'],
  ...Object.fromEntries(strategies.map((s) => [s, [s, 'core', 'random', 'stats', 'metrics', 'assignment']])),
  // The blue-green deployment is judged by the canary's judges, which live in metrics-level code when shared.
  rollout: ['rollout', 'core', 'random', 'stats', 'metrics', 'assignment', ...strategies],
  report: ['report', 'core', 'stats', 'metrics', ...strategies, 'rollout'],
};
const layerRules = Object.entries(allow).map(([layer, targets]) => ({
  name: `layer-${layer}`,
  severity: 'error',
  from: { path: `^src/${layer}/` },
  to: { path: '^src/', pathNot: targets.map((t) => `^src/${t}/`) },
}));
/** Each third-party package enters through one file. */
const doors = {
  jstat: '^src/stats/jstat\\.ts$',
  seedrandom: '^src/random/engine\\.ts$',
};
const doorRules = Object.entries(doors).map(([pkg, file]) => ({
  name: `door-${pkg}`,
  severity: 'error',
  from: { path: '^src/', pathNot: file },
  to: { path: `node_modules/${pkg}/` },
}));

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    ...layerRules,
    ...doorRules,
    {
      name: 'adapters-import-types-only',
      severity: 'error',
      from: { path: '^src/adapters/' },
      to: { path: '^src/(?!adapters/)', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-node-builtins-in-the-core',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/adapters/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-undeclared-packages',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'unknown', 'undetermined'] },
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      conditionNames: ['@coronate/source', 'import', 'types', 'default'],
      exportsFields: ['exports'],
    },
  },
};
