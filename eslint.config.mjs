import { builtinModules } from 'node:module';
import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import prettier from 'eslint-config-prettier';
import jest from 'eslint-plugin-jest';
import tseslint from 'typescript-eslint';

const TS = ['**/*.ts', '**/*.tsx'];
const TESTS = ['test/**/*.ts'];
const NODE_GLOBALS = [
  'process',
  'console',
  'Buffer',
  'URL',
  'URLSearchParams',
  'AbortController',
  'AbortSignal',
  'TextEncoder',
  'TextDecoder',
  'fetch',
  'performance',
  'structuredClone',
];
const TIMERS = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate', 'queueMicrotask'];
const COMMONJS = ['require', 'module', 'exports', '__dirname', '__filename'];
const readonly = (names) => Object.fromEntries(names.map((name) => [name, 'readonly']));

const NO_DEFAULT = [
  { selector: 'ExportDefaultDeclaration', message: 'Export by name, so that a thing is called the same everywhere.' },
  { selector: "ExportSpecifier[exported.name='default']", message: 'Export by name, so that a thing is called the same everywhere.' },
];
const NO_CLOCK = [
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'domain/ has no clock: take the time as an argument.' },
  { selector: "CallExpression[callee.name='Date']", message: 'domain/ has no clock: take the time as an argument.' },
  {
    selector: 'CallExpression[callee.property.name=/^(randomUUID|randomBytes|randomInt|getRandomValues)$/]',
    message: 'domain/ has no chance: take what is random as an argument.',
  },
  {
    selector: 'CallExpression[callee.name=/^(randomUUID|randomBytes|randomInt|getRandomValues)$/]',
    message: 'domain/ has no chance: take what is random as an argument.',
  },
];
const NO_CLOCK_PROPERTIES = [
  { object: 'Date', property: 'now', message: 'domain/ has no clock: take the time as an argument.' },
  { object: 'Math', property: 'random', message: 'domain/ has no chance: take what is random as an argument.' },
  { object: 'performance', property: 'now', message: 'domain/ has no clock: take the time as an argument.' },
];
/** The page shows text of whoever sends an alert or writes a log: it may only ever become text. */
const NO_MARKUP = [
  { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: 'Text from outside stays text: no markup.' },
  {
    selector: 'MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML|localStorage)$/]',
    message: 'Text from outside stays text, and the key stays in the tab.',
  },
];
const NO_ENVIRONMENT = [{ object: 'process', property: 'env', message: 'Only config/ (and scripts/) read the environment: take a setting as an argument.' }];
const ENVIRONMENT_IMPORT = ['process', 'node:process'].map((name) => ({
  name,
  importNames: ['env'],
  message: 'Only config/ (and scripts/) read the environment.',
}));

const builtins = builtinModules.filter((name) => !name.startsWith('_'));
/** What a workflow may not import: it runs in a sandbox and again on every replay, so only recorded results may reach it. */
const WORKFLOW_IMPORTS = {
  paths: builtins.map((name) => ({ name, message: 'Workflow code is deterministic: no Node builtins. Do it in an activity.' })),
  patterns: [
    { regex: '^node:', message: 'Workflow code is deterministic: no Node builtins. Do it in an activity.' },
    {
      regex: '^(@aws-sdk|@smithy|@electric-sql|@fastify)/|^(fastify|pg|kysely|zod|pino|prom-client|commander|yaml|uuid)(/|$)',
      message: 'Workflow code is small and deterministic: no SDKs and no libraries. Do it in an activity.',
    },
    {
      regex: '^@temporalio/(client|worker|testing|proto|core-bridge|envconfig|activity)',
      message: 'Workflow code imports only @temporalio/workflow and @temporalio/common.',
    },
    {
      regex: '(^|/)activities(/|$)',
      allowTypeImports: true,
      message: 'Activities come into workflow code as types only: `import type`, then proxyActivities.',
    },
    {
      regex: '(^|/)(adapters|api|cli|config|console|ports|workers)/',
      allowTypeImports: true,
      message: 'Workflow code imports domain/ and the types of activities.',
    },
  ],
};

export default defineConfig(
  globalIgnores(['dist/', 'infra/', 'coverage/', '.nightshift/', 'test/histories/', 'examples/**/releases/**/node_modules/']),
  js.configs.recommended,
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    rules: {
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': ['error', { max: 60 }],
      complexity: ['error', 20],
      eqeqeq: 'error',
      'no-restricted-syntax': ['error', ...NO_DEFAULT],
      'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' }],
    },
  },
  { files: ['**/*.{js,cjs,mjs}'], languageOptions: { globals: readonly([...NODE_GLOBALS, ...TIMERS]) } },
  { files: ['**/*.cjs', 'examples/**/*.js'], languageOptions: { sourceType: 'commonjs', globals: readonly(COMMONJS) } },
  { files: ['eslint.config.mjs'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: TS,
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'no-unused-vars': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // An implementation of a port returns a promise whether or not it has to wait.
      '@typescript-eslint/require-await': 'off',
      'no-restricted-properties': ['error', ...NO_ENVIRONMENT],
      'no-restricted-imports': ['error', { paths: ENVIRONMENT_IMPORT }],
    },
  },
  {
    files: ['domain/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...NO_DEFAULT, ...NO_CLOCK],
      'no-restricted-properties': ['error', ...NO_ENVIRONMENT, ...NO_CLOCK_PROPERTIES],
      'no-restricted-globals': ['error', 'process', 'fetch', ...TIMERS],
    },
  },
  {
    files: ['workflows/**/*.ts'],
    rules: {
      'no-restricted-imports': 'off',
      // What proxyActivities returns is made to be taken apart.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-restricted-imports': ['error', WORKFLOW_IMPORTS],
      'no-restricted-globals': [
        'error',
        'process',
        'Buffer',
        'fetch',
        'require',
        'console',
        'performance',
        'crypto',
        'structuredClone',
        'setImmediate',
        'WeakRef',
        'FinalizationRegistry',
      ],
      'no-restricted-syntax': ['error', ...NO_DEFAULT, { selector: 'ImportExpression', message: 'Workflow code is one bundle: import at the top.' }],
    },
  },
  {
    files: ['console/**/*.{ts,tsx}'],
    rules: { 'no-restricted-syntax': ['error', ...NO_DEFAULT, ...NO_MARKUP], 'no-restricted-globals': ['error', 'localStorage'] },
  },
  { files: ['config/**/*.ts', 'scripts/**/*.ts'], rules: { 'no-restricted-properties': 'off', 'no-restricted-imports': 'off' } },
  {
    files: TESTS,
    extends: [jest.configs['flat/recommended']],
    rules: {
      'max-lines-per-function': 'off',
      'no-restricted-properties': 'off',
      'no-restricted-imports': 'off',
      'jest/no-focused-tests': 'error',
      'jest/no-disabled-tests': 'error',
      'jest/expect-expect': ['error', { assertFunctionNames: ['expect', 'expect*', '**.expect*', 'fc.assert', 'assert*'] }],
      '@typescript-eslint/unbound-method': 'off',
      // What a fake or a JSON answer holds is what the test finds out.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  // Jest calls these by their default export.
  { files: ['test/server/setup/*.ts'], rules: { 'no-restricted-syntax': 'off' } },
  prettier,
);
