/**
 * The architecture as code: which folder may import which. A package is entered by its index.ts only,
 * apps never import apps, and native or external services have exactly one door each.
 */
const packages = {
  contracts: [],
  random: [],
  scaling: ['contracts'],
  networks: ['contracts', 'scaling'],
  grid: ['contracts', 'scaling', 'networks'],
  ranking: ['contracts'],
  allocation: ['contracts', 'ranking'],
  graph: [],
  'cache-folder': [],
  shutdown: [],
  logging: [],
  datasets: ['contracts', 'random', 'cache-folder'],
  training: ['contracts', 'random', 'networks', 'graph', 'datasets'],
  queue: ['contracts'],
  store: ['contracts'],
  downloads: ['contracts'],
  'local-services': ['contracts', 'cache-folder', 'downloads'],
  'native-tensorflow': ['contracts', 'cache-folder', 'downloads'],
  // The life of a search: plan, start, advance, answer. No HTTP, no training.
  search: ['contracts', 'grid', 'networks', 'scaling', 'ranking', 'allocation', 'datasets', 'queue', 'store'],
  sdk: ['contracts'],
};
const apps = {
  api: ['contracts', 'search', 'networks', 'datasets', 'queue', 'store', 'shutdown', 'logging'],
  worker: ['contracts', 'queue', 'store', 'shutdown', 'logging', 'training'],
  // It runs in browsers, and knows what any other client knows.
  dashboard: ['contracts', 'sdk'],
  // The cost of a network is pure arithmetic: `network` and `family` need no service. `latency` runs TensorFlow here.
  cli: ['contracts', 'networks', 'sdk', 'training', 'cache-folder', 'downloads', 'local-services', 'native-tensorflow'],
};

function mayImportOnly(folder, name, allowed) {
  return {
    name: `${name}-imports`,
    severity: 'error',
    from: { path: `^${folder}/${name}/src/` },
    to: {
      path: '^(packages|apps)/',
      pathNot: [`^${folder}/${name}/`, ...allowed.map((other) => `^packages/${other}/`)],
    },
  };
}
/** What the page imports at run time must be there in browsers. */
const pageRunsInBrowsers = {
  name: 'page-runs-in-browsers',
  severity: 'error',
  from: { path: '^(apps/dashboard|packages/sdk|packages/contracts)/src/' },
  to: { dependencyTypes: ['core'] },
};
function onlyFrom(name, module, path) {
  return {
    name,
    severity: 'error',
    from: { path: '^(packages|apps)/[^/]+/src/', pathNot: path },
    to: { path: module },
  };
}

export default {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'package-door-is-index',
      severity: 'error',
      from: { path: '^(packages|apps)/([^/]+)/' },
      to: { path: '^packages/([^/]+)/src/', pathNot: ['^packages/$2/', '^packages/[^/]+/src/index\\.ts$'] },
    },
    ...Object.entries(packages).map(([name, allowed]) => mayImportOnly('packages', name, allowed)),
    ...Object.entries(apps).map(([name, allowed]) => mayImportOnly('apps', name, allowed)),
    pageRunsInBrowsers,
    onlyFrom('only-training-imports-tensorflow', '^node_modules/@tensorflow/', '^packages/training/'),
    onlyFrom('only-store-imports-prisma', '^node_modules/(@prisma|prisma|pg)/', '^packages/store/'),
    onlyFrom('only-datasets-imports-sharp', '^node_modules/sharp/', '^packages/datasets/'),
    onlyFrom('only-queue-imports-bullmq', '^node_modules/(bullmq|ioredis)/', '^packages/queue/'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^packages/store/src/generated/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types', 'default'] },
  },
};
