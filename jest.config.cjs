// `unit` needs nothing, `server` gets one Temporal dev server of its own from its global set-up, `process` runs whole processes that nobody measures, two files at a time, and
// `practice` runs real processes against the clock, which mostly wait: two files at a time, and nothing else beside them (scripts/test.mjs runs it last).
const shared = {
  testEnvironment: 'node',
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } }] },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/infra/'],
};
const NEVER = ['/node_modules/', '/dist/'];
/** Processes whose tests wait for what happens, and not for how fast. */
const PATIENT = [
  'alertmanager',
  'aws-remedies',
  'chaos',
  'chaos-aws',
  'clone',
  'cluster',
  'console',
  'flood',
  'fuzz',
  'kill',
  'lost',
  'operations',
  'pulled',
  'start',
  'takeover',
  'upgrade',
].map((name) => `<rootDir>/test/server/process/${name}.test.ts`);
const PRACTICE = ['<rootDir>/test/examples/', '<rootDir>/test/server/process/'];
const server = { globalSetup: '<rootDir>/test/server/setup/global-setup.ts', globalTeardown: '<rootDir>/test/server/setup/global-teardown.ts' };
module.exports = {
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: [...NEVER, ...PRACTICE, '<rootDir>/test/server/'],
    },
    { ...shared, ...server, displayName: 'server', testMatch: ['<rootDir>/test/server/**/*.test.ts'], testPathIgnorePatterns: [...NEVER, ...PRACTICE] },
    {
      ...shared,
      ...server,
      displayName: 'process',
      testMatch: PATIENT,
      testPathIgnorePatterns: NEVER,
    },
    {
      ...shared,
      ...server,
      displayName: 'practice',
      testMatch: ['<rootDir>/test/examples/**/*.test.ts', '<rootDir>/test/server/process/**/*.test.ts'],
      testPathIgnorePatterns: [...NEVER, ...PATIENT],
    },
  ],
  maxWorkers: 2,
  testTimeout: 30_000,
};
