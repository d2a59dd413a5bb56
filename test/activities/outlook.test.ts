import { changedSince, outlookOf } from '../../activities/outlook';
import type { Service } from '../../domain/inventory';
import { renderRunbook } from '../../domain/runbook-render';
import { parseRunbook } from '../../domain/runbook-schema';
import type { Hands } from '../../ports/hands';

const target = { provider: 'local', partition: 'local', account: 'here', region: 'local', kind: 'service', id: 'shop' };
const service: Service = { name: 'shop', environment: 'prod', tier: 'critical', dependsOn: [] };
const text = `{id: r, version: 1, title: R, description: R, for: {causes: [bad-release]}, risk: low, reversible: false,
  steps: [{id: a, name: Restart, uses: service/restart}, {id: b, name: Purge, uses: http.call, with: {call: purge}}]}`;
const { runbook } = parseRunbook(text);
if (!runbook) throw new Error('the runbook of the test has a mistake');
const hands = (told: string): Pick<Hands, 'preview'> => ({ preview: async (_service, { action }) => (action === 'http.call' ? told : undefined) });

test('a line for each step whose hands can tell, and one that cannot be looked at says so', async () => {
  expect(await outlookOf(hands('calls (purge 1) POST /x'), service, { runbook, parameters: {}, target })).toEqual(['step 2 calls (purge 1) POST /x']);
  const gone = { preview: async () => Promise.reject(new Error('nobody there')) };
  expect(await outlookOf(gone, service, { runbook, parameters: {}, target })).toEqual([
    'step 1 could not be looked at: nobody there',
    'step 2 could not be looked at: nobody there',
  ]);
});

test('what would be something else than was shown is told', async () => {
  const rendered = renderRunbook(runbook, {});
  const preview = await outlookOf(hands('calls (purge 1) POST /x'), service, { runbook, parameters: {}, target });
  expect(await changedSince(hands('calls (purge 1) POST /x'), service, rendered, { target, preview })).toEqual([]);
  expect(await changedSince(hands('calls (purge 2) POST /x'), service, rendered, { target, preview })).toEqual([
    'What "Purge" would do has changed since it was proposed, in the configuration or in what it acts on.',
  ]);
  const unseen = ['step 2 could not be looked at: nobody answers'];
  expect(await changedSince(hands('calls (purge 1) POST /x'), service, rendered, { target, preview: unseen })).toEqual([
    'What "Purge" would do could not be seen when it was proposed.',
  ]);
});
