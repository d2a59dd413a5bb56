import type { IncidentView } from '../../domain/incident-view';
import { startWebhook } from '../fakes/webhook';
import type { FakeWebhook } from '../fakes/webhook';
import { serviceName, startHarness } from './harness';
import type { Harness } from './harness';
import { PATIENCE } from './story';
import { until } from './until';

const [flappy, silent] = [serviceName('flappy'), serviceName('silent')];
/** Two hours of two minutes each, sent as fast as they are taken; eight hours on a test clock are in test/activities/gate.test.ts. */
const TOGGLES = 60;
let hook: FakeWebhook;
let h: Harness;
beforeAll(async () => {
  hook = await startWebhook();
  h = await startHarness({
    services: [flappy, silent],
    notifications: [{ channel: 'hook', kind: 'webhook', url: hook.url, allowPrivate: true }],
    alerts: { flapping: { changes: 4, within: '15m', calm: '5s', settle: '3s' } },
  });
}, PATIENCE);
afterAll(async () => {
  await h.close();
  await hook.close();
});

const told = (service: string): string[] =>
  hook.received.flatMap(({ body }) => {
    const { reason, incident } = JSON.parse(body) as { reason: string; incident?: IncidentView };
    return incident?.service === service ? [reason] : [];
  });
const timeline = async ({ incidentId }: IncidentView): Promise<string[]> => (await h.api.timeline(incidentId)).map((entry) => entry.summary);

test(
  'an alert that toggles 60 times gives one incident, at most three messages and no action',
  async () => {
    let startsAt = '';
    for (let i = 0; i < TOGGLES; i += 1) {
      const status = i % 2 === 0 ? 'firing' : 'resolved';
      // What began before the incident was well again would be a late copy.
      if (status === 'firing') startsAt = new Date().toISOString();
      await h.alert(flappy, { name: 'PoolExhausted', fingerprint: `pool-${flappy}`, id: `${flappy}-${String(i)}`, status, startsAt });
      // The first ones one by one, as they would come.
      if (i < 4) await until(async () => ((await h.store.inbox.backlog(Date.now())).count === 0 ? true : undefined), 'the alert is delivered');
      if (i === 0) await h.incident(flappy, (v) => v.status === 'escalated');
    }
    const flapping = await until(async () => (told(flappy).includes('flapping') ? true : undefined), 'the message that it flaps');
    expect(flapping).toBe(true);
    const ended = await h.incident(flappy, (v) => v.status === 'resolved', PATIENCE);
    await until(async () => (told(flappy).includes('resolved') ? true : undefined), 'the last message');
    expect(told(flappy)).toEqual(['escalated', 'flapping', 'resolved']);
    expect((await h.api.incidents({ service: flappy })).incidents).toHaveLength(1);
    expect(h.practice(flappy).ledger).toEqual([]);
    expect(ended.proposal).toBeUndefined();
    const summaries = await timeline(ended);
    expect(summaries.filter((text) => text.includes('flaps: 4 changes'))).toHaveLength(1);
    expect(summaries.filter((text) => text.includes('PoolExhausted flaps no more'))).toHaveLength(1);
  },
  3 * PATIENCE,
);

test(
  'in a silence nobody is paged: what still fires is taken up when it ends, and messages of an open incident come then',
  async () => {
    await h.alert(silent, { name: 'OpenBefore', fingerprint: `before-${silent}` });
    const open = await h.incident(silent, (v) => v.status === 'escalated');
    await until(async () => (told(silent).includes('escalated') ? true : undefined), 'the first message');
    const silence = await h.api.quiet.addSilence({ match: { service: silent }, reason: 'new shelves', for: '1h' });
    await until(async () => (await timeline(open)).find((text) => text.includes('new shelves')), 'the timeline says so');
    await h.alert(silent, { name: 'StillFires', fingerprint: `still-${silent}` });
    await h.alert(silent, { name: 'EndsInIt', fingerprint: `ends-${silent}` });
    await h.alert(silent, { name: 'EndsInIt', fingerprint: `ends-${silent}`, status: 'resolved' });
    await until(async () => ((await h.api.quiet.held()).held.some((one) => one.name === 'StillFires') ? true : undefined), 'it is held');
    await h.api.tell(open.incidentId, 'take-over', 'mine');
    await h.incident(silent, (v) => v.status === 'handed-over');
    expect(told(silent)).toEqual(['escalated']);
    await h.restart();
    const again = await h.as('ana', 'responder');
    await again.quiet.endSilence(silence.id);
    await until(
      async () => ((await again.quiet.held()).count === 0 && (await h.store.inbox.backlog(Date.now())).count === 0 ? true : undefined),
      'it is let go',
    );
    // Alerts that join what a person has taken are written with the next entry.
    await again.tell(open.incidentId, 'note', 'I look at it');
    const view = await until(async () => {
      const found = (await again.incident(open.incidentId)).alerts;
      return found.some((note) => note.name === 'StillFires') ? found : undefined;
    }, 'what still fires joined');
    expect(view.map((note) => note.name)).not.toContain('EndsInIt');
    await until(async () => (told(silent).includes('handed-over') ? true : undefined), 'the message that waited');
    const lines = (await again.timeline(open.incidentId)).map((entry) => entry.summary);
    expect(lines.filter((text) => text.startsWith('StillFires fires'))).toHaveLength(1);
  },
  3 * PATIENCE,
);
