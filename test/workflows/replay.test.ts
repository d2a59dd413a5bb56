import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import type { WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { packageRoot } from '../../config/package-root';
import * as workflows from '../../workflows';

const root = packageRoot();
const histories = readdirSync(join(root, 'test', 'histories')).filter((name) => name.endsWith('.json'));
const folders: string[] = [];
const logger = new DefaultLogger('ERROR');

afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function bundle(from: string): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode({ workflowsPath: join(from, 'workflows', 'index.ts'), logger });
}

/** A copy of the workflows in which `file` was changed. */
function changedCopy(file: string, change: (source: string) => string): string {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-replay-'));
  folders.push(folder);
  for (const room of ['workflows', 'domain']) cpSync(join(root, room), join(folder, room), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const source = readFileSync(join(folder, file), 'utf8');
  const changed = change(source);
  if (changed === source) throw new Error(`the change of ${file} changes nothing`);
  writeFileSync(join(folder, file), changed);
  return folder;
}

async function replay(workflowBundle: WorkflowBundleWithSourceMap, name: string): Promise<void> {
  const history = historyFromJSON(JSON.parse(readFileSync(join(root, 'test', 'histories', name), 'utf8')));
  await Worker.runReplayHistory({ workflowBundle }, history, name);
}

describe('the committed histories', () => {
  let current: WorkflowBundleWithSourceMap;
  beforeAll(async () => {
    current = await bundle(root);
  }, 120_000);

  it.each(histories)('%s replays with the workflows of today', async (name) => {
    await expect(replay(current, name)).resolves.toBeUndefined();
  });

  it('cover every workflow', () => {
    const covered = Object.keys(workflows).filter((type) => histories.some((name) => name.startsWith(`${type}-`)));
    expect(covered).toEqual(Object.keys(workflows));
  });

  it('cover an incident that went on in a new execution, up to the cut and after it', () => {
    const events = (name: string): string => readFileSync(join(root, 'test', 'histories', name), 'utf8');
    expect(events('incident-continued-1.json')).toContain('EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW');
    expect(events('incident-continued-2.json')).toContain('"continuedExecutionRunId":"');
  });

  it('tell nothing of the machine that recorded them', () => {
    for (const name of histories) {
      const { events } = JSON.parse(readFileSync(join(root, 'test', 'histories', name), 'utf8')) as { events: object[] };
      const identities = [...JSON.stringify(events).matchAll(/"identity":"([^"]*)"/g)].map((found) => found[1]);
      expect(new Set(identities.filter((identity) => identity !== 'worker@nightshift' && identity !== 'history-service'))).toEqual(new Set());
    }
  });
});

describe('a change that running incidents could not survive', () => {
  it.each([
    [
      'a timer more',
      'workflows/incident-phases.ts',
      (s: string) =>
        s.replace('state.round += 1;', 'state.round += 1;\n  await sleep(1000);\n').replace(/^/, "import { sleep } from '@temporalio/workflow';\n"),
    ],
    ['an activity of another name', 'workflows/incident-phases.ts', (s: string) => s.replaceAll('.assess;', '.judge;').replaceAll('}).assess', '}).judge')],
  ])(
    '%s is noticed',
    async (_name, file, change) => {
      const changed = await bundle(changedCopy(file, change));
      await expect(replay(changed, 'incident-fixed.json')).rejects.toThrow(DeterminismViolationError);
    },
    120_000,
  );
});
