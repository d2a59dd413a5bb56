// Room rules: an arrow may only point down the list of docs/ and DESIGN. Type-only imports count, because a type is a dependency too.
const OURS = 'domain|ports|config|workflows|activities|adapters|api|cli|console|workers|bench|examples|actions|scripts|test';

/** A rule that the files of `room` may import only the rooms in `may` (regular expressions of paths) of ours. */
function room(name, may, comment) {
  const allowed = [`^${name}/`, ...may];
  return { name: `${name}-imports`, severity: 'error', comment, from: { path: `^${name}/` }, to: { path: `^(${OURS})/`, pathNot: allowed } };
}

const MESSAGES = '^workflows/.*messages';
const DOOR = [MESSAGES, '^ports/', '^domain/', '^config/'];

module.exports = {
  forbidden: [
    room('domain', [], 'domain/ imports nothing of ours'),
    room('ports', ['^domain/'], 'ports/ import domain/'),
    room('config', ['^domain/'], 'config/ imports domain/'),
    room('adapters', ['^ports/', '^domain/'], 'adapters/ import ports/, domain/ and vendor SDKs'),
    room('activities', ['^ports/', '^domain/'], 'activities/ import domain/ and ports/'),
    room('workflows', ['^domain/', '^activities/'], 'workflows/ import domain/, and activities/ as types'),
    room('api', DOOR, 'api/ imports workflow messages, ports/, domain/ and config/'),
    room('cli', DOOR, 'cli/ imports workflow messages, ports/, domain/ and config/'),
    room('console', DOOR, 'console/ imports workflow messages, ports/, domain/ and config/'),
    room('workers', ['^(api|cli|console|workflows|activities|adapters|ports|domain|config)/'], 'workers/ import everything below'),
    room('examples', [], 'examples/ stand alone'),
    room('actions', [], 'actions/ stand alone: they run on machines that have nothing else of ours'),
    {
      name: 'activities-as-types',
      severity: 'error',
      comment: 'workflows/ take activities as types only',
      from: { path: '^workflows/' },
      to: { path: '^activities/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'domain-is-pure',
      severity: 'error',
      comment: 'domain/ uses node:crypto, node:zlib and libraries that only compute (zod, yaml, uuid, protobufjs, re2js), nothing else that is not its own',
      from: { path: '^domain/' },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'core'],
        pathNot: ['(^|/)node_modules/(zod|yaml|uuid|protobufjs|re2js)/', '^(node:)?(crypto|zlib)$'],
      },
    },
    {
      name: 'ports-are-interfaces',
      severity: 'error',
      comment: 'ports/ use no package and no Node builtin',
      from: { path: '^ports/' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'core'] },
    },
    {
      name: 'activities-use-ports',
      severity: 'error',
      comment: 'activities/ reach vendors through ports',
      from: { path: '^activities/' },
      to: { path: '(^|/)node_modules/(@aws-sdk|@smithy|@electric-sql|@fastify|@slack|fastify|pg|kysely)/' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'files that need each other at run time are one file',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'not-to-development',
      severity: 'error',
      comment: 'what runs in production must be a dependency, not a devDependency',
      from: { path: '^(domain|ports|config|workflows|activities|adapters|api|cli|console|workers)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'actions-need-nothing',
      severity: 'error',
      comment: 'actions/ run as they are in the repository, without an install',
      from: { path: '^actions/' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'] },
    },
    { name: 'resolvable', severity: 'error', comment: 'an import that leads nowhere', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: ['node_modules'] },
    exclude: { path: ['^(dist|coverage|infra|\\.nightshift)/', '^test/histories/'] },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['node', 'require', 'import', 'default'],
    },
  },
};
