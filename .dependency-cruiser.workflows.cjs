// What ends up in the workflow bundle: here type-only imports do not count, and every file that a workflow reaches does.
const { options } = require('./.dependency-cruiser.cjs');

module.exports = {
  forbidden: [
    {
      name: 'workflow-bundle',
      severity: 'error',
      comment: 'a file that workflows import, however far away, uses no Node builtin and no package but @temporalio/workflow and common',
      from: { path: '^workflows/' },
      to: {
        path: [
          '^(node:)?(crypto|fs|path|os|net|http|https|child_process|process|util|stream|url|zlib|timers|events|buffer|perf_hooks)(/|$)',
          '(^|/)node_modules/',
        ],
        pathNot: ['(^|/)node_modules/@temporalio/(workflow|common)/'],
        reachable: true,
      },
    },
  ],
  options: { ...options, tsPreCompilationDeps: false },
};
