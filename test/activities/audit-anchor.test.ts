import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anchorsOf, createAnchorer } from '../../activities/audit-anchor';
import { sealedFolder } from '../../adapters/local/sealed-folder';
import { readAnchors } from '../../domain/audit-anchor';
import type { Anchor } from '../../domain/audit-anchor';
import { eventually } from '../fakes/eventually';
import { MemoryAudit } from '../fakes/memory-audit';
import { keyPair } from '../fakes/sample-ledger';

const NOON = Date.UTC(2026, 2, 1, 12);
const DAY = 86_400_000;
const keys = keyPair();

describe('signed heads of the audit', () => {
  let folder: string;
  let audit: MemoryAudit;
  let now: number;
  const warned: object[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'nightshift-anchors-'));
    audit = new MemoryAudit();
    now = NOON;
    warned.length = 0;
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const deps = () => ({ ledger: audit, key: { privateKey: async () => keys.privateKey }, clock: { now: () => now }, place: sealedFolder(folder) });
  const log = { info: () => undefined, warn: (fields: object) => void warned.push(fields) };
  const write = (stream: string, seq: number): void =>
    void audit.write(stream, [{ seq, at: new Date(NOON).toISOString(), actor: 'nightshift', kind: 'note', summary: 'x' }]);
  const kept = (): readonly Anchor[] => {
    const texts = readdirSync(folder)
      .filter((name) => name.startsWith('anchor-'))
      .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
    const { anchors, faults } = readAnchors(texts, [keys.publicKey]);
    expect(faults).toEqual([]);
    return anchors;
  };

  test('each names the streams that got records since the one before in that place', async () => {
    const anchors = anchorsOf(deps());
    write('inc-a', 1);
    write('inc-b', 1);
    await anchors.keep();
    write('inc-b', 2);
    now += 1;
    await anchors.keep();
    expect(kept().map(({ count, since, streams }) => [count, since, Object.keys(streams)])).toEqual([
      [2, 0, ['inc-a', 'inc-b']],
      [3, 2, ['inc-b']],
    ]);
    expect(kept()[1]?.streams['inc-b']).toMatchObject({ count: 2, hash: audit.records[2]?.hash });
  });

  test('a store that became shorter than what was kept names all of its streams', async () => {
    for (const seq of [1, 2, 3]) write('inc-a', seq);
    await anchorsOf(deps()).keep();
    audit.records.splice(1);
    now += 1;
    await anchorsOf(deps()).keep();
    expect(kept()[0]).toMatchObject({ count: 1, since: 0, streams: { 'inc-a': { count: 1 } } });
  });

  test('one that is only signed is kept nowhere, and without a place none is kept', async () => {
    const { sign, publicKey } = anchorsOf(deps());
    expect(await sign()).toMatchObject({ count: 0, streams: {} });
    expect(await publicKey()).toBe(keys.publicKey);
    expect(readdirSync(folder)).toEqual([]);
    await expect(anchorsOf({ ...deps(), place: undefined }).keep()).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('audit.anchor') as string,
    });
  });

  test('the leader keeps one when the newest is old enough, over restarts, and not for a file that claims a later time', async () => {
    const run = () => createAnchorer({ ...deps(), everyMs: DAY, log });
    const first = run();
    await eventually(() => kept().length === 1, 'one is kept');
    await first.stop();
    now += DAY - 1;
    await run().stop();
    expect(kept()).toHaveLength(1);
    writeFileSync(join(folder, 'anchor-000000000009-29990101T000000000Z.json'), 'not ours');
    now += 1;
    const last = run();
    await eventually(() => readdirSync(folder).filter((name) => name.startsWith('anchor-')).length === 3, 'another is kept');
    await last.stop();
  });

  test('a place that takes none is told, and tried again', async () => {
    let fails = 2;
    const place = {
      ...sealedFolder(folder),
      seal: async (key: string, text: string) => (fails-- > 0 ? Promise.reject(new Error('full')) : sealedFolder(folder).seal(key, text)),
    };
    const anchorer = createAnchorer({ ...deps(), place, everyMs: DAY, log, failedMs: 1 });
    await eventually(() => kept().length === 1, 'one is kept');
    await anchorer.stop();
    expect(warned).toMatchObject([{ error: 'full' }, { error: 'full' }]);
  });
});
