import { documenter } from '../../activities/knowledge';
import { fixed, outcome } from '../domain/knowledge/samples';
import { sampleView } from '../fakes/incident-samples';
import type { Harness } from './harness';
import { harness, NOW } from './harness';

const open = sampleView();
const past = fixed({ incidentId: 'inc-pastpastpastpast', title: '<b>Checkout fails</b>' });
let h: Harness;
beforeEach(async () => {
  h = await harness();
  for (const view of [open, past]) h.store.incidents.views.set(view.incidentId, view);
  h.store.knowledge.outcomes.set(past.incidentId, [outcome('recovered')]);
});

const write = () => documenter({ ...h.store, clock: { now: () => NOW }, log: { warn: () => undefined } }).turn();
const get = (path: string) => h.call('viewer', 'GET', `/v1/incidents/${path}`);

test('the document of a resolved incident is Markdown, in which HTML from outside is text', async () => {
  await write();
  const res = await get(`${past.incidentId}/document`);
  expect([res.statusCode, res.headers['content-type']]).toEqual([200, 'text/markdown; charset=utf-8']);
  expect(res.body).toMatch(/^# &#60;b&#62;Checkout fails/);
});

test('an incident that is open, or whose document is not written yet, has none, and the answer says when it will', async () => {
  const waits = await get(`${past.incidentId}/document`);
  expect([waits.statusCode, waits.json<{ detail: string }>().detail]).toEqual([404, expect.stringContaining('within a minute') as string]);
  expect((await get(`${open.incidentId}/document`)).json()).toMatchObject({
    code: 'not_found',
    detail: `${open.incidentId} is awaiting-approval; its document is written once it is resolved.`,
  });
  expect((await get('inc-none/document')).statusCode).toBe(404);
});

test('similar incidents come with why and with what helped', async () => {
  await write();
  const res = await get(`${open.incidentId}/similar`);
  expect(res.json()).toMatchObject({
    by: 'text',
    similar: [
      {
        incidentId: past.incidentId,
        confirmedBy: 'measurement',
        because: ['the same service, bookshop', 'the same cause, bad-release', 'the same alert, ErrorShareHigh'],
        helped: [{ runbook: 'rollback-release' }],
        didNotHelp: [],
      },
    ],
  });
});

test('no more are listed than asked for, and at most twenty', async () => {
  await write();
  h.store.incidents.views.set('inc-b', fixed({ incidentId: 'inc-b' }));
  await write();
  expect((await get(`${open.incidentId}/similar?limit=1`)).json<{ similar: object[] }>().similar).toHaveLength(1);
  expect((await get(`${open.incidentId}/similar?limit=21`)).json()).toMatchObject({ code: 'invalid_input', problems: [{ path: 'limit' }] });
});

test('nobody reads either without a key', async () => {
  for (const what of ['document', 'similar']) expect((await h.call(undefined, 'GET', `/v1/incidents/${past.incidentId}/${what}`)).statusCode).toBe(401);
});
