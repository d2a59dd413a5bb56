import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadClientSettings } from '../../config/client';
import { terminalSettings, temporalProgram } from '../../config/environment';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nightshift-client-'));
  mkdirSync(join(folder, '.nightshift'));
  writeFileSync(join(folder, '.nightshift/admin.key'), 'nsk_local\n');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const settings = (env: Record<string, string> = {}) => loadClientSettings({ env, cwd: folder });
const file = (text: string) => {
  writeFileSync(join(folder, 'nightshift.yaml'), text);
};

describe('the settings of the command line', () => {
  it('are the embedded door and its first key by default', () => {
    expect(settings()).toEqual({
      apiUrl: 'http://127.0.0.1:7070',
      apiKey: 'nsk_local',
      keyFile: join(folder, '.nightshift/admin.key'),
      home: join(folder, '.nightshift'),
    });
  });

  it('follow the file, and need none of the secrets of the server', () => {
    file('home: var\napi: { host: "::", port: 81 }\nstore: { databaseUrl: { env: NOT_SET_HERE } }\nservices: [{ wrong: 1 }]');
    expect(settings()).toEqual({ apiUrl: 'http://[::1]:81', keyFile: join(folder, 'var/admin.key'), home: join(folder, 'var') });
  });

  it('prefer the environment', () => {
    expect(settings({ NIGHTSHIFT_API_URL: 'https://night.example/base/', NIGHTSHIFT_API_KEY: 'nsk_mine' })).toMatchObject({
      apiUrl: 'https://night.example/base',
      apiKey: 'nsk_mine',
    });
  });

  it('never send the key of this machine to another one', () => {
    expect(settings({ NIGHTSHIFT_API_URL: 'https://night.example' })).not.toHaveProperty('apiKey');
    expect(settings({ NIGHTSHIFT_API_URL: 'http://127.evil.example' })).not.toHaveProperty('apiKey');
    expect(settings({ NIGHTSHIFT_API_URL: 'http://localhost:9' })).toMatchObject({ apiKey: 'nsk_local' });
  });

  it('that are wrong are told with where', () => {
    file('api: { prot: 1 }');
    expect(() => settings({ NIGHTSHIFT_API_URL: 'night.example' })).toThrow(
      expect.objectContaining({
        code: 'invalid_config',
        problems: [expect.objectContaining({ path: 'api.prot' }), expect.objectContaining({ path: 'NIGHTSHIFT_API_URL' })],
      }),
    );
  });
});

describe('what a terminal knows', () => {
  it.each([
    [{}, { noColor: false }],
    [{ NO_COLOR: '1' }, { noColor: true }],
    [{ NO_COLOR: '' }, { noColor: false }],
  ])('%j is %j', (env, expected) => {
    expect(terminalSettings(env)).toEqual(expected);
  });

  it('is where set-up found the Temporal program', () => {
    expect(temporalProgram({ NIGHTSHIFT_TEMPORAL_CLI: '/opt/temporal' })).toBe('/opt/temporal');
    expect(temporalProgram({ NIGHTSHIFT_TEMPORAL_CLI: ' ' })).toBeUndefined();
  });
});
