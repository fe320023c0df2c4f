/**
 * The arrows between the rooms: cli, server, sandbox -> controllers -> core, integrations -> kube, oci -> api.
 * Each rule says what breaks when it is broken. Tests may reach into any room.
 */

/** Production code of a room: tests, and the helpers that only tests import, are not bound by the arrows. */
const production = { pathNot: ['\\.test\\.ts$', '/testing/'] };

/** @param {string} path */
const place = (path) => (path.endsWith('.ts') ? `^src/${path.replace('.', '\\.')}$` : `^src/${path}/`);

/**
 * A room may import itself and what is named below `src/`: a room, or one file of it (its name ends in `.ts`).
 * @param {string} room
 * @param {readonly string[]} allowed
 * @param {string} reason
 */
const arrow = (room, allowed, reason) => ({
  name: `${room}-arrows`,
  severity: 'error',
  comment: reason,
  from: { path: `^src/${room}/`, ...production },
  to: { path: '^(src|test|web|bench)/', pathNot: [room, ...allowed].map(place) },
});

export default {
  forbidden: [
    arrow('api', [], 'What users write and read stands alone: every room speaks it, so it can depend on none of them.'),
    arrow(
      'core',
      ['api'],
      'The decisions are pure: the controller, the forecast, the dashboard and the tests run the same function.',
    ),
    {
      name: 'core-is-pure',
      severity: 'error',
      comment:
        'A Node module or a package in core is a way to the clock, the disk or the network: pass data in instead.',
      from: { path: '^src/core/', ...production },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-peer'] },
    },
    arrow(
      'kube',
      ['api'],
      'Talking to Kubernetes knows no registry, no Flux and no decision, so it serves all of them.',
    ),
    arrow(
      'oci',
      // Time is handed in everywhere, in the same form.
      ['api', 'kube/clock.ts'],
      'Talking to a registry needs no cluster: it must work on a laptop and in a build.',
    ),
    arrow(
      'integrations',
      // What a decision wants to know is the decision's to say; an integration finds it out.
      ['api', 'kube', 'oci', 'core/observation.ts'],
      'An integration knows its outside system, not what is decided about it: it can be added or removed alone.',
    ),
    {
      name: 'integrations-stand-apart',
      severity: 'error',
      comment: 'Adding or removing one outside system must touch no other. HTTP is none, but how several are asked.',
      from: { path: '^src/integrations/([^/]+)/', ...production },
      to: { path: '^src/integrations/[^/]+/', pathNot: '^src/integrations/($1|http)/' },
    },
    arrow(
      'controllers',
      ['core', 'integrations', 'kube', 'oci', 'api'],
      'Controllers run unchanged on a cluster and in the sandbox, so they know neither, nor who started them.',
    ),
    {
      name: 'controllers-stand-apart',
      severity: 'error',
      comment: 'Controllers meet in the API server only: each can be restarted, sharded or left out alone.',
      from: { path: '^src/controllers/([^/]+)/', ...production },
      to: { path: '^src/controllers/[^/]+/', pathNot: '^src/controllers/$1/' },
    },
    arrow(
      'release',
      ['core', 'integrations', 'kube', 'oci', 'api'],
      'Producing a release works where there is no controller: in a build, on a laptop.',
    ),
    arrow(
      'server',
      ['controllers', 'release', 'core', 'integrations', 'kube', 'oci', 'api'],
      'The HTTP side is started by a command and reads what it is given; it starts nothing itself.',
    ),
    arrow(
      'sandbox',
      ['server', 'controllers', 'release', 'core', 'integrations', 'kube', 'oci', 'api'],
      'The sandbox is a test bed as well as a command, so it must run without the command line.',
    ),
    {
      name: 'production-without-tests',
      severity: 'error',
      comment: 'What ships must not carry test helpers, nor fail to start without them.',
      from: { path: '^src/', ...production },
      to: { path: ['\\.test\\.ts$', '/testing/', '^test/', '^bench/'] },
    },
    {
      name: 'production-without-dev-packages',
      severity: 'error',
      comment: 'A package from devDependencies is not there where Kuberik runs; its types may be used.',
      from: { path: '^src/', ...production },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'kubeconfig-in-one-place',
      severity: 'error',
      comment:
        'Only credentials come from this package: its requests open a TLS connection each and its models drop fields.',
      from: { pathNot: '^src/kube/kube-config[^/]*\\.ts$' },
      to: { path: 'node_modules/@kubernetes/client-node', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-circles',
      severity: 'error',
      comment:
        'Two files that import each other are one thing cut in the wrong place, and load in an order nobody chose.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'nothing-unresolved',
      severity: 'error',
      comment: 'An import that resolves to nothing fails at run time.',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // A function called `require` is a function, not a module.
    moduleSystems: ['es6', 'tsd'],
    // `import type` draws an arrow too: a type that must not be known is a dependency all the same.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types', 'default'] },
  },
};
