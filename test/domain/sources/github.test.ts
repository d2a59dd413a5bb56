import { createHmac } from 'node:crypto';
import { github } from '../../../domain/sources/github';
import { isSignedByGitHub } from '../../../domain/sources/github-signature';
import { recognise } from '../../../domain/sources/recognise';
import type { Reading } from '../../../domain/sources/source';
import { CONTEXT, messageOf, samplesOf } from './samples';

const SECRET = "It's a Secret to Everybody";
const HELLO = new TextEncoder().encode('Hello, World!');
// From GitHub's documentation of the signature.
const SIGNED = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';

const read = (body: object | string, headers: Record<string, string> = {}): Reading =>
  github.read(messageOf({ bytes: new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body)), headers: lower(headers) }), CONTEXT);
const lower = (headers: Record<string, string>) => Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

test("GitHub's own example of a signature is right, and right by any of the secrets in use", () => {
  expect([isSignedByGitHub(HELLO, SIGNED, [SECRET]), isSignedByGitHub(HELLO, SIGNED, ['new', SECRET])]).toEqual([true, true]);
});

test.each([
  ['another body', new TextEncoder().encode('Hello, World?'), SIGNED, [SECRET]],
  ['another secret', HELLO, SIGNED, ['other']],
  ['no secret at all', HELLO, SIGNED, []],
  ['an empty secret', HELLO, `sha256=${createHmac('sha256', '').update(HELLO).digest('hex')}`, ['']],
  ['no header', HELLO, undefined, [SECRET]],
  ['SHA-1', HELLO, `sha1=${createHmac('sha1', SECRET).update(HELLO).digest('hex')}`, [SECRET]],
  ['a signature cut short', HELLO, SIGNED.slice(0, -2), [SECRET]],
  ['more after it', HELLO, `${SIGNED}00`, [SECRET]],
])('%s is not signed', (_name, bytes, header, secrets) => {
  expect(isSignedByGitHub(bytes, header, secrets)).toBe(false);
});

test('a run and its jobs are of one run with names and ids that tell them apart, and the id of a job begins with that of its run', () => {
  const repository = { full_name: 'acme/shop' };
  const run = read({ action: 'completed', repository, workflow_run: { id: 7, name: 'ci', conclusion: 'success' } }).objects[0];
  const job = read({ action: 'completed', repository, workflow_job: { id: 8, run_id: 7, name: 'lint', workflow_name: 'ci', conclusion: 'success' } })
    .objects[0];
  expect([run, job]).toEqual([
    expect.objectContaining({ id: 'github:acme/shop/runs/7/attempts/1', name: 'ci', run: '7' }),
    expect.objectContaining({ id: 'github:acme/shop/runs/7/attempts/1/jobs/8', name: 'ci / lint', run: '7' }),
  ]);
});

test('every sample gives the same ids when it is delivered again later', () => {
  const later = { ...CONTEXT, receivedAt: CONTEXT.receivedAt + 3_600_000 };
  const ids = (context: typeof CONTEXT) =>
    samplesOf(github).flatMap((sample) => github.read(messageOf(sample), context).objects.map((object) => 'id' in object && object.id));
  expect(ids(later)).toEqual(ids(CONTEXT));
});

test('a repository that the configuration knows by owner and name is that service', () => {
  const services = new Map([['acme/shop', 'bookshop']]);
  const message = { action: 'completed', repository: { full_name: 'Acme/Shop', name: 'Shop' }, workflow_run: { id: 7, conclusion: 'success' } };
  expect(github.read(messageOf({ bytes: new TextEncoder().encode(JSON.stringify(message)), headers: {} }), { ...CONTEXT, services }).objects[0]).toMatchObject({
    service: 'bookshop',
  });
});

test.each([
  ['a form without a payload', 'other=1', { 'X-GitHub-Event': 'push' }],
  ['a form whose payload is cut', 'payload=%7B%22a', { 'X-GitHub-Event': 'push' }],
  ['a body of another', '{"hello":1}', {}],
  ['a run without an id', '{"action":"completed","repository":{"full_name":"a/b"},"workflow_run":{}}', {}],
  ['a header for another body', '{"action":"completed","repository":{"full_name":"a/b"}}', { 'X-GitHub-Event': 'check_run' }],
])('%s is refused', (_name, body, headers) => {
  expect(() => read(body, headers)).toThrow(expect.objectContaining({ code: 'unreadable' }));
});

test('an event that no header names is left aside, and what imitates GitHub is not recognised', () => {
  expect(read({ ref: 'main', repository: { full_name: 'a/b' }, sender: { login: 'ana' } }).passedOver).toEqual([
    'an event that its header names, which is missing',
  ]);
  const gitea = messageOf({ bytes: new TextEncoder().encode('{}'), headers: { 'x-github-event': 'push', 'x-gitea-event': 'push' } });
  expect(() => recognise(gitea)).toThrow(/no source/);
});
