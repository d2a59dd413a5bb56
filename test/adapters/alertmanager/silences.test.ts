import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alertmanagerSilences } from '../../../adapters/alertmanager/silences';
import { readySilence, silencing } from '../../../domain/quiet/silence';
import { freePort } from '../../../scripts/cluster/postgres-server';

const options = (url: string) => ({ url, everyMs: 1000, timeoutMs: 5000 });

/** Debian's package `prometheus-alertmanager`, or the program as its makers name it. */
function program(): string | undefined {
  return ['prometheus-alertmanager', 'alertmanager'].find((name) => {
    try {
      execFileSync(name, ['--version'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
}

describe('something that is no Alertmanager', () => {
  let server: Server;
  let answer = '';
  let asked: string | undefined;
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked = request.headers.authorization;
      response.end(answer);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  const url = (): string => `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;

  test.each(['<html>', '{}', '"text"'])('that answers %s is told as unreachable', async (body) => {
    answer = body;
    await expect(alertmanagerSilences(options(url())).read()).rejects.toMatchObject({ code: 'unreachable' });
  });

  test('gets the token that is configured', async () => {
    answer = '[]';
    expect(await alertmanagerSilences({ ...options(url()), token: 'secret-word' }).read()).toEqual({ silences: [], problems: [] });
    expect(asked).toBe('Bearer secret-word');
  });
});

const found = program();
if (found === undefined) {
  test('Alertmanager is here in CI', () => {
    if (!process.env.CI) process.stderr.write('Alertmanager is not installed: silences were not read from a real one.\n');
    expect(process.env.CI ? 'no Alertmanager found; install prometheus-alertmanager' : 'not CI').toBe('not CI');
  });
} else {
  describe('a real Alertmanager', () => {
    const folder = mkdtempSync(join(tmpdir(), 'nightshift-alertmanager-'));
    let child: ChildProcess;
    let url: string;
    beforeAll(async () => {
      url = `http://127.0.0.1:${String(await freePort())}`;
      const config = join(folder, 'alertmanager.yml');
      writeFileSync(config, 'route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n');
      const places = [`--config.file=${config}`, `--storage.path=${folder}`, `--web.listen-address=${url.slice(7)}`, '--cluster.listen-address='];
      child = spawn(found, places, { stdio: 'ignore' });
      const end = Date.now() + 30_000;
      while (
        !(await fetch(`${url}/-/ready`).then(
          (r) => r.ok,
          () => false,
        ))
      ) {
        if (Date.now() > end) throw new Error('Alertmanager did not come up');
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }, 40_000);
    afterAll(async () => {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    });

    async function silence(body: object): Promise<string> {
      const reply = await fetch(`${url}/api/v2/silences`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
      return ((await reply.json()) as { silenceID: string }).silenceID;
    }

    test('gives its active silences with owner, reason, end and every kind of matcher, follows a later end, and forgets one that ended', async () => {
      const [startsAt, endsAt] = [0, 3_600_000].map((ms) => new Date(Date.now() + ms).toISOString());
      const matchers = [
        { name: 'alertname', value: 'Error.*', isRegex: true, isEqual: true },
        { name: 'team', value: 'search', isRegex: false, isEqual: false },
        { name: 'route', value: '/a|/b', isRegex: true, isEqual: false },
      ];
      const id = await silence({ matchers, startsAt, endsAt, createdBy: 'ana', comment: 'new shelves' });
      await silence({ matchers, startsAt: endsAt, endsAt: new Date(Date.now() + 7_200_000).toISOString(), createdBy: 'ben', comment: 'later' });
      const source = alertmanagerSilences(options(url));
      const { silences, problems } = await source.read();
      expect(problems).toEqual([]);
      expect(silences).toMatchObject([{ origin: 'alertmanager', owner: 'ana', reason: 'new shelves', endsAt: Date.parse(endsAt ?? '') }]);
      const ready = silences.map(readySilence);
      const of = { service: 'bookshop', environment: 'prod', title: 'ErrorShareHigh', severity: 'sev2' as const };
      expect(silencing(ready, { ...of, labels: { team: 'shop', route: '/c' } }, Date.now())?.owner).toBe('ana');
      expect(silencing(ready, { ...of, labels: { team: 'search', route: '/c' } }, Date.now())).toBeUndefined();
      expect(silencing(ready, { ...of, labels: { route: '/b' } }, Date.now())).toBeUndefined();

      const longer = new Date(Date.now() + 5_400_000).toISOString();
      const newId = await silence({ id, matchers, startsAt, endsAt: longer, createdBy: 'ana', comment: 'new shelves' });
      expect((await source.read()).silences).toMatchObject([{ endsAt: Date.parse(longer) }]);
      await fetch(`${url}/api/v2/silence/${newId}`, { method: 'DELETE' });
      expect((await source.read()).silences).toEqual([]);
    });
  });
}
