/** Rooms, lowest first. A room may import itself and the rooms listed; nothing else under lib/. */
const MAY_IMPORT = {
  model: [],
  diagnostics: ['model'],
  shell: ['model'],
  graph: ['model', 'diagnostics'],
  yaml: ['model', 'diagnostics'],
  regex: [],
  jinja: ['model', 'diagnostics', 'regex'],
  inventory: ['model', 'diagnostics', 'yaml', 'regex'],
  questions: ['model', 'regex', 'shell'],
  sls: ['model', 'diagnostics', 'graph', 'yaml', 'regex', 'jinja', 'inventory', 'shell', 'questions'],
  grains: ['model', 'shell'],
  disks: ['model', 'diagnostics', 'shell'],
  confirm: ['model', 'shell'],
  network: ['model', 'yaml'],
  hostname: ['model', 'shell'],
  resources: ['model', 'diagnostics', 'shell', 'regex', 'disks', 'confirm', 'network', 'hostname'],
  plan: ['model', 'diagnostics', 'graph'],
  rollout: ['model', 'diagnostics'],
  s3: [],
  engine: [
    'model',
    'diagnostics',
    'shell',
    'graph',
    'yaml',
    'jinja',
    'inventory',
    'questions',
    'sls',
    'grains',
    'disks',
    'confirm',
    'network',
    'hostname',
    'resources',
    'plan',
    'rollout',
  ],
  secrets: ['model', 'diagnostics'],
  project: ['model', 'diagnostics'],
  transport: ['model', 'shell', 'diagnostics'],
  lab: ['model', 'diagnostics', 'shell'],
  reporters: ['model', 'diagnostics'],
};
MAY_IMPORT.cli = Object.keys(MAY_IMPORT);

const all = Object.keys(MAY_IMPORT).join('|');
const PURE =
  '^lib/(model|diagnostics|shell|graph|yaml|regex|jinja|inventory|questions|sls|grains|disks|confirm|network|hostname|resources|plan|rollout|s3|engine)/';
const rule = (name, from, to, comment) => ({ name, comment, severity: 'error', from, to });
const only = (pkg, where) =>
  rule(
    `${pkg}-only-in-${where}`.replaceAll('|', '-'),
    { path: '^(lib|bin)/', pathNot: `^lib/(${where})/` },
    { path: `(^|node_modules/)(${pkg})(/|$)` },
  );

module.exports = {
  forbidden: [
    ...Object.entries(MAY_IMPORT).map(([room, below]) =>
      rule(
        `room-${room}`,
        { path: `^lib/${room}/` },
        { path: '^lib/', pathNot: `^lib/(${[room, ...below].join('|')})/` },
        `lib/${room} may import: ${below.join(', ') || 'nothing'}.`,
      ),
    ),
    rule(
      'no-unlisted-room',
      { path: '^lib/', pathNot: `^lib/(${all})/` },
      {},
      'A new room needs a line in the table first.',
    ),
    rule('no-circular', {}, { circular: true }),
    rule('no-orphans', { orphan: true, path: '^lib/' }, {}),
    rule('not-to-unresolvable', {}, { couldNotResolve: true }),
    rule(
      'not-to-dev-dep',
      { path: '^(lib|bin)/', pathNot: '^bin/build[.]ts$' },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    ),
    rule('lib-never-imports-test', { path: '^(lib|bin)/', pathNot: '^bin/build[.]ts$' }, { path: '^test/' }),
    rule(
      'bin-only-starts-cli',
      { path: '^bin/', pathNot: '^bin/build[.]ts$' },
      { path: '^lib/', pathNot: '^lib/cli/main[.]ts$' },
    ),
    rule(
      'pure-core',
      { path: PURE, pathNot: '^lib/shell/script-file[.]ts$' },
      { dependencyTypes: ['core'], pathNot: '^(node:)?(util|path|path/posix|crypto|assert)$' },
      'The core computes. It does not read, write, wait or print.',
    ),
    rule(
      'kinds-do-not-know-each-other',
      { path: '^lib/resources/([^/]+)/' },
      {
        path: '^lib/resources/',
        pathNot: '^lib/resources/($1/|(define-kind|conditional|marked-lines)[.]ts$)',
      },
    ),
    rule(
      'kinds-are-reached-through-the-registry',
      { path: '^lib/', pathNot: '^lib/resources/' },
      { path: '^lib/resources/', pathNot: '^lib/resources/index[.]ts$' },
    ),
    rule(
      'tls-only-for-gates',
      { path: '^(lib|bin)/', pathNot: '^lib/cli/(gates|ask-s3)[.]ts$' },
      { dependencyTypes: ['core'], path: '^(node:)?(https|http2|tls)$' },
      'bin/slab keeps NODE_EXTRA_CA_CERTS from Node for all commands but deploy.',
    ),
    rule(
      'gates-only-for-deploy',
      { path: '^lib/', pathNot: '^lib/cli/(gates|run-deploy|commands/deploy)[.]ts$' },
      { path: '^lib/cli/(gates|ask-s3|run-deploy)[.]ts$' },
      'bin/slab keeps NODE_EXTRA_CA_CERTS from Node for all commands but deploy.',
    ),
    only('ssh2', 'transport'),
    only('chalk|listr2', 'reporters'),
    only('commander', 'cli'),
    only('yaml', 'yaml|inventory|sls|cli'),
    only('ajv', 'inventory|sls|resources|diagnostics|plan'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
};
