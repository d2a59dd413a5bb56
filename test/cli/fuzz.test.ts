import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { readRunbooks } from '../../config/catalogue';
import { loadStartup } from '../../config/startup';
import { packageRoot } from '../../config/package-root';
import { defined } from '../../domain/defined';
import { cli } from '../fakes/cli-harness';
import { FAKE_KEY, startFakeApi } from '../fakes/api';
import type { FakeApi } from '../fakes/api';
import { SAMPLE_ID, sampleView } from '../fakes/incident-samples';

let api: FakeApi;
let empty: string;
beforeAll(async () => {
  api = await startFakeApi();
  api.state.incidents = [sampleView()];
  empty = mkdtempSync(join(tmpdir(), 'nightshift-fuzz-'));
});
afterAll(async () => {
  rmSync(empty, { recursive: true });
  await api.close();
});

const COMMANDS = [
  'incident',
  'list',
  'show',
  'approve',
  'reject',
  'take-over',
  'hand-back',
  'note',
  'resolve',
  'halt',
  'on',
  'off',
  'status',
  'key',
  'create',
  'revoke',
  'audit',
  'verify',
  'policy',
  'check',
  'runbook',
  'lint',
  'config',
];
const OPTIONS = [
  '--json',
  '--help',
  '--reason',
  '--set',
  '--proposal',
  '--break-glass',
  '--role',
  '--file',
  '--open',
  '--status',
  '--limit',
  '--yes',
  '--nothing',
  '--',
  '-',
  '-x',
  '--json=yes',
];
// What would wait for a person or for ever is a test of its own.
const word = fc
  .oneof(
    fc.constantFrom(...COMMANDS),
    fc.constantFrom(...OPTIONS),
    fc.constantFrom(SAMPLE_ID, 'inc-none', '../x', '__proto__', 'a=b', '=', '\u0000', '\u001b[2J'),
    fc.string({ unit: 'binary', maxLength: 30 }),
  )
  .filter((text) => !['start', 'demo', 'doctor', 'watch'].includes(text));

test('whatever is typed ends with an exit code of ours, and without a stack, a key or a path of this machine', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(word, { maxLength: 6 }), async (argv) => {
      const { code, out, err } = await cli(api.url, argv, {
        deps: {
          loadConfig: (file) => loadStartup({ root: packageRoot(), env: {}, cwd: empty, ...defined({ file }) }).config,
          loadCatalogue: ({ files }) => readRunbooks([...(files ?? [])]),
          clientSettings: () => ({ apiUrl: api.url, apiKey: FAKE_KEY, keyFile: '', home: '' }),
        },
      });
      expect([0, 1, 2, 3, 4]).toContain(code);
      expect(out + err).not.toMatch(/\n\s+at .+:\d+:\d+|node_modules/);
      expect(out + err).not.toContain(packageRoot());
      expect(out + err).not.toContain(FAKE_KEY);
      expect(err).not.toContain('internal:');
      // eslint-disable-next-line no-control-regex -- nothing that was typed steers the terminal
      expect(out).not.toMatch(/[\u0000-\u0008\u001b]/);
    }),
    { numRuns: 600, examples: [[['config', 'check']], [['config', 'check', '--json']], [['policy', 'check']]] },
  );
}, 120_000);
