import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logFollower } from '../../activities/log-files';
import type { LogFollower } from '../../activities/log-files';
import { createFileLog } from '../../adapters/local/file-log';
import { openEmbedded } from '../../adapters/postgres/open';
import type { Service } from '../../domain/inventory';
import type { ArchiveWriter } from '../../ports/archive';
import type { Store } from '../../ports/store';

const NOON = Date.UTC(2026, 0, 5, 12);

describe('the following of log files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-'));
  const clock = { at: NOON, now: () => clock.at };
  let store: Store;
  let warnings: string[] = [];
  beforeAll(async () => {
    store = await openEmbedded({ home: join(folder, 'home'), channels: [] });
  }, 120_000);
  beforeEach(() => {
    warnings = [];
    clock.at = NOON;
  });
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  const file = (name: string): string => join(folder, `${name}.log`);
  const follower = (name: string, writer: ArchiveWriter = store.archive.writer): LogFollower => {
    const service: Service = { name, environment: 'prod', tier: 'standard', dependsOn: [], logs: { file: file(name) } };
    const log = { warn: (_: object, message: string) => void warnings.push(message) };
    return logFollower({ services: [service], logs: createFileLog({ maxBytes: 1 << 20 }), writer, state: store.state, clock, log });
  };
  const line = (second: number, message: string): string =>
    `${JSON.stringify({ time: new Date(NOON + second * 1000).toISOString(), level: 'error', msg: message })}\n`;
  const counted = async (service: string): Promise<(readonly [string, number])[]> => {
    const templates = await store.archive.logs.templates({ service, from: NOON - 7_200_000, to: NOON + 7_200_000, limit: 100 });
    return templates.map(({ template, minutes }) => [template, minutes.reduce((sum, { lines }) => sum + lines, 0)] as const);
  };

  test('lines are counted by their template, also when the file is rotated in between', async () => {
    const own = follower('rotated');
    writeFileSync(file('rotated'), line(-20, 'cannot reach 10.0.0.1') + line(-15, 'cannot reach 10.0.0.2'));
    await own.turn();
    appendFileSync(file('rotated'), line(1, 'cannot reach 10.0.0.3'));
    renameSync(file('rotated'), `${file('rotated')}.1`);
    writeFileSync(file('rotated'), line(6, 'cannot reach 10.0.0.4'));
    clock.at = NOON + 20_000;
    for (let i = 0; i < 7; i += 1) await own.turn();
    expect(await counted('rotated')).toEqual([[expect.stringMatching(/^cannot reach <.+>$/), 4]]);
    expect(warnings).toEqual([]);
  });

  test('killed between keeping and saving, a window is not counted twice', async () => {
    writeFileSync(file('killed'), line(-30, 'lost') + line(-20, 'lost'));
    const dies: ArchiveWriter = {
      keep: async (...batch) => {
        await store.archive.writer.keep(...batch);
        throw new Error('killed');
      },
    };
    const first = follower('killed', dies);
    for (let i = 0; i < 7; i += 1) await first.turn();
    const second = follower('killed');
    for (let i = 0; i < 7; i += 1) await second.turn();
    expect(await counted('killed')).toEqual([['lost', 2]]);
  });

  test('a file that is not there is told once, and counted when it comes', async () => {
    const own = follower('later');
    await own.turn();
    await own.turn();
    expect(warnings).toEqual(['a log file could not be counted; it is tried again']);
    writeFileSync(file('later'), line(-20, 'here'));
    for (let i = 0; i < 7; i += 1) await own.turn();
    expect(await counted('later')).toEqual([['here', 1]]);
  });
});
