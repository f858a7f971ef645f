// Who may import whom: the house's rules. Tests and the tools' own settings may look everywhere.

const tests = String.raw`\.test\.tsx?$|^tests/`;
const queries = String.raw`^lib/[^/]+/queries\.ts$`;
const rules = String.raw`^lib/[^/]+/rules\.ts$`;
const input = String.raw`^lib/[^/]+/input\.ts$`;
const doors = String.raw`^(app|lib/http|lib/cli)/|^(middleware|instrumentation)\.ts$`;
/** The part of lib/base that reads or does something outside the process' memory. */
const acting = String.raw`^lib/base/(env|log|outside-fetch|process-singleton)\.ts$`;

const packages = (...names) => `(^|/)node_modules/(@types/)?(${names.join('|')})/`;
const typesOnly = ['type-only'];

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: String.raw`\.css$` },
    },
    {
      name: 'no-circle',
      comment: 'Files that need each other are one file, or want a third, lower one (types excepted).',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: typesOnly } },
    },
    {
      name: 'staircase',
      comment: 'Rooms form a staircase: two that need each other want a third, lower room.',
      severity: 'error',
      scope: 'folder',
      from: { path: '^lib/[^/]+$' },
      to: { circular: true, path: '^lib/[^/]+$' },
    },
    {
      name: 'pages-ask-use-cases',
      comment: 'Doors read and write through use cases, which check access.',
      severity: 'error',
      from: { path: '^(app|lib/http|lib/cli)/|^middleware\\.ts$', pathNot: tests },
      to: { path: queries },
    },
    {
      name: 'app-without-database',
      comment: 'app never reaches for the database.',
      severity: 'error',
      from: { path: '^app/|^middleware\\.ts$', pathNot: tests },
      to: { path: '^lib/db/' },
    },
    {
      name: 'next-at-the-doors',
      comment: 'Only app, the two files that Next asks for, and lib/http know Next.',
      severity: 'error',
      from: {
        path: '^(app|lib|demo)/|^[^/]+\\.ts$',
        pathNot: `^app/|^lib/http/|^(middleware|instrumentation|next\\.config|next-env\\.d)\\.ts$|${tests}`,
      },
      to: { path: packages('next') },
    },
    {
      name: 'sql-in-queries',
      comment: 'Drizzle belongs to lib/db and queries.ts.',
      severity: 'error',
      from: { path: '^(app|lib|demo)/|^[^/]+\\.ts$', pathNot: `^lib/db/|${queries}|${tests}` },
      to: { path: packages('drizzle-orm') },
    },
    {
      name: 'tables-in-queries',
      comment: 'Tables belong to lib/db and queries.ts; their types may travel.',
      severity: 'error',
      from: { path: '^(app|lib|demo)/|^[^/]+\\.ts$', pathNot: `^lib/db/|${queries}|${tests}` },
      to: { path: '^lib/db/schema\\.ts$', dependencyTypesNot: typesOnly },
    },
    {
      name: 'connections-in-db',
      comment: 'Connections are made in lib/db alone.',
      severity: 'error',
      from: { path: '^(app|lib|demo)/|^[^/]+\\.ts$', pathNot: `^lib/db/|${tests}` },
      to: { path: packages('pg', 'pg-pool') },
    },
    {
      name: 'lti-is-a-library',
      comment: 'The protocol knows lib/base, zod and jose; no database, no Next.',
      severity: 'error',
      from: { path: '^lib/lti/', pathNot: tests },
      to: { pathNot: `^lib/lti/|^lib/base/|${packages('zod', 'jose')}|^(node:)?crypto$` },
    },
    {
      name: 'base-is-the-ground',
      comment: 'lib/base imports no other room.',
      severity: 'error',
      from: { path: '^lib/base/', pathNot: tests },
      to: { path: '^(app|demo|scripts|tests)/|^lib/', pathNot: '^lib/base/' },
    },
    {
      name: 'sentences-stand-alone',
      comment: 'lib/i18n holds sentences and formats them.',
      severity: 'error',
      from: { path: '^lib/i18n/', pathNot: tests },
      to: { path: '^(app|demo|scripts|tests)/|^lib/', pathNot: '^lib/(i18n|base)/' },
    },
    {
      name: 'nothing-below-imports-the-doors',
      comment: 'Doors import rooms, never the other way round.',
      severity: 'error',
      from: { path: '^lib/', pathNot: `^lib/(http|cli)/|${tests}` },
      to: { path: doors },
    },
    {
      name: 'doors-stand-apart',
      comment: 'lib/http and lib/cli are two doors: neither needs the other, nor the screens.',
      severity: 'error',
      from: { path: '^lib/(http|cli)/', pathNot: tests },
      to: { path: doors, pathNot: '^lib/$1/' },
    },
    {
      name: 'rules-cannot-act',
      comment:
        'rules.ts decides: it may know lib/base, other rules, cryptography, calendars and types, nothing that acts.',
      severity: 'error',
      from: { path: rules },
      to: {
        pathNot: `^lib/base/|${rules}|${packages('temporal-polyfill')}|^(node:)?crypto$`,
        dependencyTypesNot: typesOnly,
      },
    },
    {
      name: 'rules-read-nothing',
      comment: 'Settings, logs and the network are not for rules.ts, although they lie in lib/base.',
      severity: 'error',
      from: { path: rules },
      to: { path: acting, dependencyTypesNot: typesOnly },
    },
    {
      name: 'input-is-a-shape',
      comment: 'input.ts knows zod and lib/base; it has no side effects.',
      severity: 'error',
      from: { path: input },
      to: { pathNot: `^lib/base/|${input}|${packages('zod')}`, dependencyTypesNot: typesOnly },
    },
    {
      name: 'input-reads-nothing',
      comment: 'Settings, logs and the network are not for input.ts, although they lie in lib/base.',
      severity: 'error',
      from: { path: input },
      to: { path: acting, dependencyTypesNot: typesOnly },
    },
    {
      name: 'demo-is-the-other-side',
      comment: 'The demo LMS speaks the protocol by itself; it would not prove anything otherwise.',
      severity: 'error',
      from: { path: '^demo/' },
      to: { path: '^(app|lib|tests)/|^(middleware|instrumentation)\\.ts$' },
    },
    {
      name: 'product-without-demo-and-tests',
      comment: 'The product needs neither the demo nor the tests.',
      severity: 'error',
      from: { path: '^(app|lib)/|^(middleware|instrumentation)\\.ts$', pathNot: tests },
      to: { path: '^(demo|tests|scripts)/' },
    },
    {
      name: 'product-without-development-packages',
      comment: 'What the product imports is installed in production too.',
      severity: 'error',
      from: { path: '^(app|lib)/|^(middleware|instrumentation)\\.ts$', pathNot: tests },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: typesOnly },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: String.raw`(^|/)(\.next|\.data)/` },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
    },
  },
};
