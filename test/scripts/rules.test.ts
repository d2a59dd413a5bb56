import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT, scratch } from './support/processes';

// Each of these starts a linter with the compiler inside.
jest.setTimeout(120_000);

describe('the rules of the house', () => {
  let root: string;

  beforeEach(() => {
    root = scratch();
    for (const file of ['eslint.config.mjs', '.dependency-cruiser.cjs', '.dependency-cruiser.workflows.cjs', 'tsconfig.json', 'package.json']) {
      copyFileSync(join(ROOT, file), join(root, file));
    }
    symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function write(files: Record<string, string>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  }

  function run(script: string, ...args: string[]): { code: number | null; output: string } {
    const result = spawnSync(process.execPath, [join(ROOT, 'node_modules', script), ...args], { cwd: root, encoding: 'utf8' });
    return { code: result.status, output: result.stdout + result.stderr };
  }

  const lint = () => run('eslint/bin/eslint.js', '.');
  const rooms = (config = '.dependency-cruiser.cjs') => run('dependency-cruiser/bin/dependency-cruise.mjs', '--config', config, '.');

  it('lint refuses Node builtins, SDKs and real activities in workflow code, and lets types and domain through', () => {
    write({
      'activities/things.ts': 'export function doIt(): Promise<void> {\n  return Promise.resolve();\n}\nexport interface Things {\n  readonly a: string;\n}\n',
      'domain/sum.ts': 'export const sum = (a: number, b: number): number => a + b;\n',
      'workflows/good.ts':
        "import type { Things } from '../activities/things';\nimport { sum } from '../domain/sum';\nexport const good = (things: Things): string => things.a + String(sum(1, 2));\n",
      'workflows/builtin.ts': "import { readFileSync } from 'node:fs';\nexport const bad = readFileSync;\n",
      'workflows/plain.ts': "import { readFileSync } from 'fs';\nexport const bad = readFileSync;\n",
      'workflows/sdk.ts': "import { Pool } from 'pg';\nexport const bad = Pool;\n",
      'workflows/aws.ts': "import type { X } from '@aws-sdk/client-ssm';\nexport type Bad = X;\n",
      'workflows/real.ts': "import { doIt } from '../activities/things';\nexport const bad = doIt;\n",
      'workflows/environment.ts': 'export const bad = (): unknown => process.env;\n',
    });
    const { code, output } = lint();
    expect(code).toBe(1);
    for (const file of ['builtin', 'plain', 'sdk', 'aws', 'real', 'environment'])
      expect(output).toMatch(new RegExp(`workflows/${file}\\.ts\\n +\\d+:\\d+ +error`));
    expect(output).not.toContain('workflows/good.ts');
  });

  it('lint refuses a clock and chance in domain, the environment outside config, default exports, any, promises nobody waits for, and focused tests', () => {
    write({
      'domain/now.ts': 'export const bad = (): number => Date.now();\n',
      'domain/today.ts': 'export const bad = (): Date => new Date();\n',
      'domain/dice.ts': 'export const bad = (): number => Math.random();\n',
      'domain/fine.ts': 'export const fine = (ms: number): Date => new Date(ms);\n',
      'adapters/local/env.ts': "export const bad = (): unknown => process.env['HOME'];\n",
      'config/env.ts': "export const fine = (): unknown => process.env['HOME'];\n",
      'adapters/local/default.ts': 'export default 1;\n',
      'adapters/local/any.ts': 'export const bad: any = 1;\n',
      'adapters/local/floating.ts': 'export function bad(): void {\n  Promise.resolve(1);\n}\n',
      'test/focused.test.ts': "it.only('x', () => {\n  expect(1).toBe(1);\n});\n",
    });
    const { output } = lint();
    for (const file of [
      'domain/now',
      'domain/today',
      'domain/dice',
      'adapters/local/env',
      'adapters/local/default',
      'adapters/local/any',
      'adapters/local/floating',
      'test/focused.test',
    ]) {
      expect(output).toMatch(new RegExp(`${file}\\.ts\\n +\\d+:\\d+ +error`));
    }
    expect(output).not.toMatch(/fine\.ts|config\/env\.ts/);
  });

  it('lint lets the page for browsers show text only as text, and keep nothing but in its tab', () => {
    mkdirSync(join(root, 'console'));
    copyFileSync(join(ROOT, 'console', 'tsconfig.json'), join(root, 'console', 'tsconfig.json'));
    write({
      'console/markup.tsx': 'export const bad = (text: string) => <p dangerouslySetInnerHTML={{ __html: text }} />;\n',
      'console/inner.ts': "export function bad(text: string): void {\n  document.body['title'] = text;\n  document.body.innerHTML = text;\n}\n",
      'console/kept.ts': "export const bad = (): string | null => localStorage.getItem('key');\n",
      'console/fine.tsx': "export const fine = (text: string) => <p title={text}>{text}{sessionStorage.getItem('key')}</p>;\n",
    });
    const { output } = lint();
    for (const file of ['markup.tsx', 'inner.ts', 'kept.ts']) expect(output).toMatch(new RegExp(`console/${file}\\n +\\d+:\\d+ +error`));
    expect(output).not.toContain('console/fine');
  });

  it('room rules refuse an arrow that points up, also one of types, and a door that reaches past its room', () => {
    write({
      'adapters/local/thing.ts': "import type { Port } from '../../ports/port';\nexport interface Thing extends Port {\n  readonly b: string;\n}\n",
      'ports/port.ts': 'export interface Port {\n  readonly a: string;\n}\n',
      'domain/bad.ts': "import type { Thing } from '../adapters/local/thing';\nexport type Bad = Thing;\n",
      'domain/library.ts': "import { Pool } from 'pg';\nexport const bad = Pool;\n",
      'api/bad.ts': "import type { Thing } from '../adapters/local/thing';\nexport type Bad = Thing;\n",
      'api/fine.ts': "import type { Hello } from '../workflows/incident-messages';\nexport type Fine = Hello;\n",
      'workflows/incident-messages.ts': 'export interface Hello {\n  readonly a: string;\n}\n',
      'workflows/a.ts': "import { b } from './b';\nexport const a = (): unknown => b;\n",
      'workflows/b.ts': "import { a } from './a';\nexport const b = (): unknown => a;\n",
    });
    const { code, output } = rooms();
    expect(code).toBeGreaterThan(0);
    expect(output).toContain('domain-imports: domain/bad.ts → adapters/local/thing.ts');
    expect(output).toMatch(/domain-is-pure: domain\/library\.ts → .*pg/);
    expect(output).toContain('api-imports: api/bad.ts → adapters/local/thing.ts');
    expect(output).toMatch(/no-cycles: workflows\/a\.ts|no-cycles: workflows\/b\.ts/);
    expect(output).not.toMatch(/fine\.ts|adapters\/local\/thing\.ts →/);
  });

  it('room rules refuse a library that a workflow reaches through domain, unless only its types are used', () => {
    write({
      'workflows/flow.ts':
        "import { hash } from '../domain/hash';\nimport type { Shape } from '../domain/shape';\nexport const flow = (shape: Shape): string => hash(String(shape));\n",
      'domain/hash.ts':
        "import { createHash } from 'node:crypto';\nexport const hash = (text: string): string => createHash('sha256').update(text).digest('hex');\n",
      'domain/shape.ts': "import { z } from 'zod';\nexport const shape = z.string();\nexport type Shape = z.infer<typeof shape>;\n",
    });
    const { code, output } = rooms('.dependency-cruiser.workflows.cjs');
    expect(code).toBeGreaterThan(0);
    expect(output).toMatch(/workflow-bundle: workflows\/flow\.ts → .*crypto/);
    expect(output).not.toContain('zod');
  });
});
