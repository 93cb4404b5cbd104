/** The layers of the house, checked on every run. A folder may import what its row allows, and nothing else. */
const strategies = ['abtest', 'canary', 'bluegreen', 'bandits', 'shadow'];
const allow = {
  core: ['core'],
  random: ['random', 'core'],
  stats: ['stats', 'core', 'random'],
  metrics: ['metrics', 'core', 'random', 'stats'],
  assignment: ['assignment', 'core', 'random', 'stats'],
  // Strategies never import each other: what two of them need lives in a layer below.
  ...Object.fromEntries(strategies.map((s) => [s, [s, 'core', 'random', 'stats', 'metrics', 'assignment']])),
  rollout: ['rollout', 'core', 'random', 'stats', 'metrics', 'assignment', ...strategies],
  report: ['report', 'core', 'stats', 'metrics', ...strategies, 'rollout'],
};
const layerRules = Object.entries(allow).map(([layer, targets]) => ({
  name: `layer-${layer}`,
  severity: 'error',
  from: { path: `^src/${layer}/` },
  to: { path: '^src/', pathNot: targets.map((target) => `^src/${target}/`) },
}));

/** Each third-party package enters through one file. Adapters may have optional peers of their own. */
const doors = {
  jstat: '^src/stats/jstat\\.ts$',
  seedrandom: '^src/random/engine\\.ts$',
};
const packagePath = (name) => `node_modules/(@types/)?${name}/`;
const doorRules = Object.entries(doors).map(([name, file]) => ({
  name: `door-${name}`,
  severity: 'error',
  from: { path: '^src/', pathNot: file },
  to: { path: packagePath(name) },
}));

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    ...layerRules,
    ...doorRules,
    {
      name: 'no-other-packages',
      comment: 'Outside adapters, src depends on the packages that have a door.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/adapters/' },
      to: { path: 'node_modules/', pathNot: Object.keys(doors).map(packagePath) },
    },
    {
      name: 'known-layers',
      comment: 'A new folder of src gets its row above.',
      severity: 'error',
      from: {},
      to: { path: '^src/[^/]+/', pathNot: [...Object.keys(allow), 'adapters'].map((layer) => `^src/${layer}/`) },
    },
    {
      name: 'adapters-import-types-only',
      severity: 'error',
      from: { path: '^src/adapters/' },
      to: { path: '^src/', pathNot: '^src/adapters/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'adapters-stay-subpaths',
      comment: 'They touch the outside, so nobody gets one without asking for it by its subpath.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/adapters/' },
      to: { path: '^src/adapters/' },
    },
    {
      name: 'no-node-builtins-in-the-core',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/adapters/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'src-stays-in-src',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|test-d|examples|bench|scripts|dist)/' },
    },
    {
      name: 'examples-use-the-public-face',
      severity: 'error',
      from: { path: '^examples/' },
      to: { path: '^src/', pathNot: '/index\\.ts$' },
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
