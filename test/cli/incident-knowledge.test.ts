import { documenter } from '../../activities/knowledge';
import { harness } from '../api/harness';
import type { Harness } from '../api/harness';
import { fixed, outcome } from '../domain/knowledge/samples';
import { FAKE_KEY } from '../fakes/api';
import { cli, NOW } from '../fakes/cli-harness';
import type { CliResult } from '../fakes/cli-harness';
import { SAMPLE_ID, sampleView } from '../fakes/incident-samples';

const past = fixed({ incidentId: 'inc-pastpastpastpast', resolvedAt: '2026-11-13T14:05:00.000Z', title: 'Checkout \u001b[31mfailed' });
let h: Harness;
let url: string;
beforeEach(async () => {
  h = await harness();
  await h.store.keys.ensure({ name: 'ana', role: 'viewer' }, FAKE_KEY, new Date(NOW).toISOString());
  for (const view of [sampleView(), past]) h.store.incidents.views.set(view.incidentId, view);
  h.store.knowledge.outcomes.set(past.incidentId, [outcome('unchanged', { runbook: 'restart-service' }), outcome('recovered', { round: 2 })]);
  url = await h.app.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(() => h.app.close());

const write = () => documenter({ ...h.store, clock: { now: () => NOW }, log: { warn: () => undefined } }).turn();
const incident = (...args: readonly string[]): Promise<CliResult> => cli(url, ['incident', ...args]);

test('similar tells which, why, and what helped, by the beginning of an open id', async () => {
  await write();
  const { code, out, err } = await incident('similar', 'abcd');
  expect([code, err]).toEqual([0, '']);
  expect(out.split('\n')).toEqual([
    'inc-pastpastpastpast  1.00  bookshop (demo), 7 d ago',
    'Was           Checkout \\x1b[31mfailed',
    'Similar by    the same service, bookshop; the same cause, bad-release; the same alert, ErrorShareHigh',
    'Cause         bad-release',
    'Helped        rollback-release on bookshop',
    'Did not help  restart-service on bookshop (unchanged)',
    'Measured      error share 0 % is back within 5 %',
    '',
  ]);
});

test('similar says that nothing is similar, and as JSON gives one value', async () => {
  expect(await incident('similar', SAMPLE_ID)).toMatchObject({ code: 0, out: '', err: 'No past incident that was confirmed is similar to it.\n' });
  const { json, err } = await incident('similar', SAMPLE_ID, '--json');
  expect([json(), err]).toEqual([{ incidentId: SAMPLE_ID, by: 'text', similar: [] }, '']);
});

test('document prints Markdown, or one JSON value that holds it', async () => {
  await write();
  const { code, out } = await incident('document', past.incidentId);
  expect([code, out.split('\n')[0]]).toEqual([0, '# Checkout \\\\x1b\\[31mfailed']);
  const { json } = await incident('document', past.incidentId, '--json');
  expect(json()).toMatchObject({ incidentId: past.incidentId, document: expect.stringMatching(/^# Checkout/) as string });
});

test('document of an open incident fails and says why', async () => {
  const { code, err } = await incident('document', SAMPLE_ID);
  expect([code, err]).toEqual([1, expect.stringContaining('its document is written once it is resolved') as string]);
});
