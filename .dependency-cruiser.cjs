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
  // What replicas of any strategy do with one another: it knows them by their protocol alone.
  sharing: ['sharing', 'core', 'random', 'metrics'],
  rollout: ['rollout', 'core', 'random', 'stats', 'metrics', 'assignment', 'sharing', ...strategies],
  report: ['report', 'core', 'stats', 'metrics', ...strategies, 'rollout'],
};
const layerRules = Object.entries(allow).map(([layer, targets]) => ({
  name: `layer-${layer}`,
  severity: 'error',
  from: { path: `^src/${layer}/` },
  to: { path: '^src/', pathNot: targets.map((target) => `^src/${target}/`) },
}));

/** Each third-party package enters through one file. */
const dependencyDoors = {
  jstat: '^src/stats/jstat\\.ts$',
  seedrandom: '^src/random/engine\\.ts$',
};
/** The optional peers, which adapters alone speak to. */
const peerDoors = {
  jose: '^src/adapters/encryption/jose\\.ts$',
  redis: '^src/adapters/redis/nodeRedis\\.ts$',
  ioredis: '^src/adapters/redis/ioRedis\\.ts$',
  'prom-client': '^src/adapters/prometheus/promClient\\.ts$',
  '@opentelemetry/api': '^src/adapters/opentelemetry/openTelemetry\\.ts$',
  '@openfeature/server-sdk': '^src/adapters/openfeature/openFeature\\.ts$',
};
const doors = { ...dependencyDoors, ...peerDoors };
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
      to: { path: 'node_modules/', pathNot: Object.keys(dependencyDoors).map(packagePath) },
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
      name: 'adapters-stand-alone',
      comment: 'Each is a subpath of its own; what two of them need lives in src/adapters/support.',
      severity: 'error',
      from: { path: '^src/adapters/([^/]+)/' },
      to: { path: '^src/adapters/', pathNot: '^src/adapters/($1|support)/' },
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
      // An optional peer is a development dependency as well: its adapter is tested against it.
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'unknown', 'undetermined'], dependencyTypesNot: ['npm-peer'] },
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
