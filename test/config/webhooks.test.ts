import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../config/load';
import type { NightshiftError } from '../../domain/errors';

const folder = mkdtempSync(join(tmpdir(), 'nightshift-webhooks-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What is wrong with one webhook channel; undefined when it is taken. */
function wrong(settings: string): string | undefined {
  writeFileSync(join(folder, 'nightshift.yaml'), `notifications: [{ channel: c, kind: webhook, ${settings} }]`);
  try {
    loadConfig({ env: {}, cwd: folder });
    return undefined;
  } catch (error) {
    return (error as NightshiftError).problems.map(({ path, message }) => `${path}: ${message}`).join('\n');
  }
}

test.each([
  [
    'of Slack in the open',
    'format: slack, url: "https://hooks.slack.example/T/x"',
    'is a secret, as whoever knows it can post; write {env: NAME} or {file: path}',
  ],
  ['without TLS', 'url: "http://x.example"', 'must begin with https://; only to a private address, with allowPrivate: true, it may be http://'],
  ['without TLS to the internet', 'url: "http://8.8.8.8/", allowPrivate: true', 'must begin with https://, as it is no private address'],
  ['to this machine', 'url: "https://2130706433/"', 'is a private address; set allowPrivate: true where it should be'],
  ['to this machine by its name', 'url: "http://localhost/"', 'is a private address; set allowPrivate: true where it should be'],
  [
    'to where clouds keep credentials',
    'url: "http://169.254.169.254/", allowPrivate: true',
    'is an address that nothing is posted to; name a host of the internet, or of your own network',
  ],
])('a webhook %s is refused', (_what, settings, problem) => {
  expect(wrong(settings)).toBe(`notifications.0.url: ${problem}`);
});

test.each([
  'url: "https://x.example/hook"',
  'url: "http://10.0.0.7:8080/hook", allowPrivate: true',
  'url: "http://hooks.internal/hook", allowPrivate: true',
  'url: "https://[fd12::1]/hook", allowPrivate: true',
])('%s is taken', (settings) => {
  expect(wrong(settings)).toBeUndefined();
});
