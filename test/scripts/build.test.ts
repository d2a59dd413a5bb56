import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT, scratch, startSupport } from './support/processes';

// The first build of each test loads the bundler of workflows.
jest.setTimeout(60_000);

describe('the build', () => {
  let root: string;

  beforeEach(() => {
    root = scratch();
    symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
    write({
      'package.json': '{}',
      'package-lock.json': '{}',
      'domain/greet.ts': 'export const greet = (name: string): string => `hello ${name}`;\n',
      'adapters/postgres/0001.sql': 'select 1;\n',
      'workers/main.ts': "import { greet } from '../domain/greet';\nconsole.log(greet(process.argv[2] ?? ''));\n",
    });
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function write(files: Record<string, string>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  }

  async function build(): Promise<unknown> {
    const { code, stdout, stderr } = await startSupport('build.mjs', [root], { ...process.env } as Record<string, string>).ended;
    return code === 0 ? JSON.parse(stdout) : stderr;
  }

  const run = () => spawnSync(process.execPath, [join(root, 'dist', 'workers', 'main.js'), 'Ana'], { encoding: 'utf8' }).stdout;

  it('compiles the rooms, copies what is not TypeScript, and does nothing when nothing changed', async () => {
    expect(await build()).toEqual(['rooms']);
    expect(run()).toBe('hello Ana\n');
    expect(readFileSync(join(root, 'dist', 'adapters', 'postgres', '0001.sql'), 'utf8')).toBe('select 1;\n');
    expect(await build()).toEqual([]);
  });

  it('builds again when a source changed, and removes what lost its source', async () => {
    await build();
    write({
      'domain/hello.ts': 'export const greet = (): string => `changed`;\n',
      'workers/main.ts': "import { greet } from '../domain/hello';\nconsole.log(greet());\n",
    });
    rmSync(join(root, 'domain', 'greet.ts'));
    expect(await build()).toEqual(['rooms']);
    expect(run()).toBe('changed\n');
    expect(existsSync(join(root, 'dist', 'domain', 'greet.js'))).toBe(false);
  });

  it('builds again when something is missing from dist/', async () => {
    await build();
    rmSync(join(root, 'dist', 'domain', 'greet.js'));
    expect(await build()).toEqual(['rooms']);
  });

  it('says which line cannot be compiled, and keeps what was there', async () => {
    await build();
    write({ 'domain/greet.ts': 'export const greet = ;\n' });
    expect(await build()).toMatch(/domain\/greet\.ts:1:21/);
    expect(run()).toBe('hello Ana\n');
  });

  it('is done once by two at once', async () => {
    const built = await Promise.all([build(), build()]);
    expect(built.map((one) => JSON.stringify(one)).sort()).toEqual(['["rooms"]', '[]']);
    expect(readdirSync(join(root, 'dist', 'domain')).filter((name) => name.includes('draft'))).toEqual([]);
  });

  it('bundles the workflows', async () => {
    write({
      'workflows/index.ts':
        "import { greet } from '../domain/greet';\nexport async function hello(name: string): Promise<string> {\n  return greet(name);\n}\n",
    });
    expect(await build()).toEqual(['rooms', 'workflows']);
    expect(readFileSync(join(root, 'dist', 'workflow-bundle.js'), 'utf8')).toContain('hello ');
    write({ 'workers/other.ts': 'export const other = 1;\n' });
    expect(await build()).toEqual(['rooms']);
  });

  it('bundles the console into one document, and again only when it changed', async () => {
    const main = (text: string): string => `import { greet } from '../domain/greet';\ndocument.title = greet('$& ${text} </script>');\n`;
    write({
      'console/index.html': '<!doctype html>\n<style></style>\n<script type="module"></script>\n',
      'console/style.css': "@import './more.css';\n",
      'console/more.css': 'p {\n  color: red;\n}\n',
      'console/main.tsx': main('one'),
    });
    expect(await build()).toEqual(['rooms', 'console']);
    const page = (): string => readFileSync(join(root, 'dist', 'console.html'), 'utf8');
    expect(page()).toMatch(/^<!doctype html>\n<style>p\{color:red\}<\/style>\n<script type="module">.*hello.*\$& one <\\\/script>.*<\/script>\n$/s);
    expect(await build()).toEqual([]);
    write({ 'console/main.tsx': main('two') });
    expect(await build()).toEqual(['console']);
    expect(page()).toContain('two');
    rmSync(join(root, 'dist', 'console.html'));
    expect(await build()).toEqual(['console']);
  });
});
