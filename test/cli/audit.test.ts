import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { anchorsOf } from '../../activities/audit-anchor';
import { sealedFolder } from '../../adapters/local/sealed-folder';
import type { AuditKind } from '../../domain/audit';
import { harness } from '../api/harness';
import { cli, NOW } from '../fakes/cli-harness';
import type { CliResult } from '../fakes/cli-harness';
import { MemoryStore } from '../fakes/memory-store';
import { keyPair } from '../fakes/sample-ledger';

const DAY = 86_400_000;
const TOKEN = '6f1c2a34-9d4e-5b6f-8a7b-0c1d2e3f4a5b';
const iso = (ms: number): string => new Date(ms).toISOString();

describe('the audit for auditors', () => {
  let folder: string;
  let store: MemoryStore;
  let run: (...argv: string[]) => Promise<CliResult>;
  let close: () => Promise<unknown>;
  let now: number;
  const file = (name: string): string => join(folder, name);
  const write = (stream: string, kind: AuditKind = 'note', actor = 'nightshift'): void => {
    const seq = store.audit.records.filter((record) => record.stream === stream).length + 1;
    store.audit.write(stream, [{ seq, at: iso(NOW - DAY + store.audit.records.length * 1000), actor, kind, summary: `entry ${seq}` }]);
  };
  const verify = async (...argv: string[]): Promise<{ code: number; kinds: string[] }> => {
    const { code, json } = await run('audit', 'verify', ...argv, '--json');
    return { code, kinds: json<{ faults: { kind: string; stream: string }[] }>().faults.map(({ kind, stream }) => `${kind} ${stream}`) };
  };
  /** What somebody does who has the store: the same history with a change, all hashes made anew. */
  const rewrite = (drop: (stream: string, seq: number) => boolean, summary = (text: string) => text): void => {
    const before = store.audit.records.splice(0);
    for (const record of before.filter(({ stream, seq }) => !drop(stream, seq))) {
      const { stream, seq, at, actor, kind } = record;
      store.audit.write(stream, [{ seq, at, actor, kind, summary: summary(record.summary) }]);
    }
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'nightshift-audit-'));
    store = new MemoryStore();
    now = NOW;
    const clock = { now: () => now };
    const anchors = anchorsOf({ ledger: store.ledger, key: store.anchorKey, clock, place: sealedFolder(file('configured')) });
    const { app } = await harness({ deps: { store, clock, anchors } });
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    close = () => app.close();
    const { key: apiKey } = await store.keys.create({ name: 'admin', role: 'admin' }, iso(NOW));
    const deps = { clientSettings: () => ({ apiUrl: url, apiKey, keyFile: 'none', home: 'none' }), sealed: (target: string) => sealedFolder(target) };
    run = (...argv) => cli(url, argv, { deps });
    for (const stream of ['inc-a', 'inc-b', 'inc-a']) write(stream);
    write('inc-a', 'decision', 'person:ana');
    write('inc-b');
  });
  afterEach(async () => {
    await close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('a head is signed and kept where the configuration says, or where the person says', async () => {
    expect((await run('audit', 'anchor')).out).toContain(`${file('configured')}/anchor-000000000005-`);
    expect((await run('audit', 'anchor', '--out', file('mine'), '--json')).json()).toMatchObject({ anchor: { count: 5, since: 0 } });
    write('inc-c');
    now += 1;
    await run('audit', 'anchor', '--out', file('mine'));
    expect(readdirSync(file('mine'))).toHaveLength(2);
    expect(readFileSync(file(`mine/${readdirSync(file('mine'))[1] ?? ''}`), 'utf8')).toContain('"streams":{"inc-c"');
  });

  test('a whole history agrees with every head, one of them or a folder', async () => {
    await run('audit', 'key', '--out', file('key.pem'));
    await run('audit', 'anchor');
    write('inc-a');
    const [only = ''] = readdirSync(file('configured'));
    const { code, out, err } = await run('audit', 'verify', '--anchor', file('configured'), '--anchor', join(file('configured'), only));
    expect([code, out]).toEqual([0, '6 records checked, all whole; compared with 2 signed heads\n']);
    expect(err).toContain('key is that of the server');
    expect((await run('audit', 'verify', '--anchor', file('configured'), '--key', file('key.pem'))).err).toBe('');
  });

  test('a cut tail, a deleted incident, a changed record, a total rewrite and a forged head are each named, with exit code 1', async () => {
    await run('audit', 'anchor');
    const anchors = ['--anchor', file('configured')];
    const whole = [...store.audit.records];
    const with_ = async (change: () => void): Promise<unknown> => {
      store.audit.records.splice(0, Infinity, ...whole);
      change();
      return verify(...anchors);
    };
    expect(await with_(() => rewrite((stream, seq) => stream === 'inc-b' && seq === 2))).toEqual({ code: 1, kinds: ['cut-tail ledger', 'cut-tail inc-b'] });
    expect(await with_(() => rewrite((stream) => stream === 'inc-b'))).toEqual({ code: 1, kinds: ['cut-tail ledger', 'deleted inc-b'] });
    const changed = { ...(whole[1] as (typeof whole)[number]), summary: 'nothing' };
    expect(await with_(() => store.audit.records.splice(1, 1, changed))).toEqual({ code: 1, kinds: ['altered inc-b'] });
    expect(
      await with_(() =>
        rewrite(
          () => false,
          (text) => text.replace('entry 1', 'begun'),
        ),
      ),
    ).toEqual({
      code: 1,
      kinds: ['rewritten inc-a', 'rewritten ledger', 'rewritten inc-b'],
    });
    const [name = ''] = readdirSync(file('configured'));
    const text = readFileSync(join(file('configured'), name), 'utf8');
    chmodSync(join(file('configured'), name), 0o600);
    writeFileSync(join(file('configured'), name), text.replace('"count":5', '"count":4'));
    expect(await with_(() => undefined)).toEqual({ code: 1, kinds: ['forged-anchor anchors'] });
  });

  test('heads of another key, a place without any, and a file that is no key are told', async () => {
    await run('audit', 'anchor');
    writeFileSync(file('other.pem'), keyPair().publicKey);
    expect(await verify('--anchor', file('configured'), '--key', file('other.pem'))).toEqual({ code: 1, kinds: ['forged-anchor anchors'] });
    expect(await run('audit', 'verify', '--anchor', folder)).toMatchObject({ code: 1, err: expect.stringContaining('is no anchor') as string });
    expect(await run('audit', 'verify', '--anchor', file('none'))).toMatchObject({ code: 2 });
    expect(await run('audit', 'verify', '--anchor', folder, '--key', file('configured'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('no public key') as string,
    });
  });

  describe('an export', () => {
    const out = () => ['--out', file('export.jsonl')];
    beforeEach(async () => void (await run('audit', 'key', '--out', file('key.pem'))));

    test('of a time is verified alone, with the key, and with heads that were kept', async () => {
      await run('audit', 'anchor');
      write('inc-c');
      expect((await run('audit', 'export', '--from', '2026-11-19', '--to', '2026-11-19', ...out())).out).toContain('export.jsonl: 6 records; 6 were signed on');
      await close();
      const offline = ['audit', 'verify', '--file', file('export.jsonl'), '--key', file('key.pem')];
      expect(await run(...offline)).toMatchObject({
        code: 0,
        out: expect.stringMatching(/^6 records checked, all whole; they lead to the 6 records/) as string,
        err: '',
      });
      expect(await run(...offline, '--anchor', file('configured'))).toMatchObject({
        code: 0,
        out: expect.stringContaining('compared with 1 signed heads') as string,
      });
      writeFileSync(file('export.jsonl'), readFileSync(file('export.jsonl'), 'utf8').replace('person:ana', 'person:ben'));
      expect(await verify('--file', file('export.jsonl'), '--key', file('key.pem'))).toEqual({ code: 1, kinds: ['altered inc-a'] });
    });

    test('by approver holds the incidents in which the person answered, whole', async () => {
      const done = await run('audit', 'export', '--from', '2026-11-01', '--to', iso(NOW), '--approver', 'ana', ...out(), '--json');
      expect(done.json()).toMatchObject({ records: 3, count: 5 });
      expect(readFileSync(file('export.jsonl'), 'utf8').match(/"stream":"inc-a"/g)).toHaveLength(3);
      expect(await verify('--file', file('export.jsonl'), '--key', file('key.pem'))).toEqual({ code: 0, kinds: [] });
    });

    test('without the key says that nobody vouches for it', async () => {
      await run('audit', 'export', '--from', '2026-11-01', '--to', '2026-11-20', ...out());
      expect(await run('audit', 'verify', '--file', file('export.jsonl'))).toMatchObject({
        code: 0,
        err: expect.stringContaining('signature of the export was not checked') as string,
      });
    });

    test.each([
      ['a time that is none', ['--from', 'yesterday', '--to', '2026-11-20'], 'a day such as'],
      ['an end before its begin', ['--from', '2026-11-20', '--to', '2026-11-18'], '--to must lie behind --from'],
    ])('of %s is refused', async (_what, times, told) => {
      expect(await run('audit', 'export', ...times, ...out())).toMatchObject({ code: 2, err: expect.stringContaining(told) as string });
    });

    test('that cannot be written leaves nothing behind', async () => {
      const nowhere = join(folder, 'none', 'export.jsonl');
      expect(await run('audit', 'export', '--from', '2026-11-01', '--to', '2026-11-20', '--out', nowhere)).toMatchObject({
        code: 2,
        err: expect.stringContaining('was not written') as string,
      });
      expect(readdirSync(folder)).toEqual(['key.pem']);
    });
  });

  test('a file of one incident is compared with heads offline, which takes a key', async () => {
    await run('audit', 'key', '--out', file('key.pem'));
    await run('audit', 'anchor');
    await close();
    const lines = store.audit.records.filter(({ stream }) => stream === 'inc-a').map((record) => JSON.stringify(record));
    writeFileSync(file('inc-a.jsonl'), `${lines.slice(0, 2).join('\n')}\n`);
    const heads = ['--file', file('inc-a.jsonl'), '--anchor', file('configured')];
    expect(await verify(...heads, '--key', file('key.pem'))).toEqual({ code: 1, kinds: ['cut-tail inc-a'] });
    expect(await run('audit', 'verify', ...heads)).toMatchObject({ code: 2, err: expect.stringContaining('needs --key') as string });
  });

  describe('intents beside CloudTrail', () => {
    const target = 'aws/aws/111122223333/eu-west-1/ecs-service/shop';
    const record = (id: string, requestParameters: object) => ({
      ...{ eventID: id, eventTime: iso(NOW + 5000), eventSource: 'ecs.amazonaws.com', eventName: 'UpdateService', awsRegion: 'eu-west-1', readOnly: false },
      ...{ requestParameters, userIdentity: { arn: 'arn:aws:sts::111122223333:assumed-role/nightshift-actuator/inc-a' }, recipientAccountId: '111122223333' },
    });
    const trail = (name: string, records: object[]): string => {
      const text = JSON.stringify({ Records: records });
      writeFileSync(file(name), name.endsWith('.gz') ? gzipSync(text) : text);
      return file(name);
    };
    beforeEach(() =>
      store.intents.prepare([{ token: TOKEN, incidentId: 'inc-a', round: 1, step: 'restart', target, runbook: 'r', intendedAt: NOW }], () => []),
    );

    test('all of which match is exit code 0', async () => {
      const { code, out } = await run('audit', 'join', '--cloudtrail', trail('a.json.gz', [record('e1', { clientToken: TOKEN })]));
      expect(code).toBe(0);
      expect(out).toMatch(/matched +2026-11-20T14:05:05.000Z +inc-a +restart +ecs:UpdateService +111122223333\/eu-west-1 +nightshift-actuator\/inc-a/);
      expect(out).toContain('1 calls with their intent, 0 intents without a call, 0 calls without an intent.');
    });

    test('a call without an intent and an intent without a call are lines of their own, over several files', async () => {
      const files = [trail('a.json', [record('e1', {})]), trail('b.json.gz', [{ ...record('e2', {}), eventTime: iso(NOW - 5000) }])];
      const { code, out } = await run('audit', 'join', '--cloudtrail', ...files);
      expect(code).toBe(1);
      expect(
        out
          .split('\n')
          .slice(1, 4)
          .map((line) => line.slice(0, 9)),
      ).toEqual(['NO INTENT', 'NO CALL  ', 'NO INTENT']);
      expect((await run('audit', 'join', '--json', '--role', 'other', '--cloudtrail', ...files)).json()).toMatchObject({
        matched: 0,
        intentOnly: 1,
        callOnly: 0,
      });
    });

    test('files that are none, or hold nothing, are told', async () => {
      writeFileSync(file('x'), 'x');
      expect(await run('audit', 'join', '--cloudtrail', file('x'))).toMatchObject({ code: 1, err: expect.stringContaining('no file of CloudTrail') as string });
      expect(await run('audit', 'join', '--cloudtrail', trail('a.json', []))).toMatchObject({
        code: 1,
        err: expect.stringContaining('hold no record') as string,
      });
    });
  });
});
