import { createGate, type Gate } from '../../activities/gate';
import { createDispatcher, type Dispatcher } from '../../activities/intake';
import { createQuietFacts } from '../../activities/quiet-facts';
import { SilenceBook } from '../../activities/silence-book';
import type { Alert } from '../../domain/alert';
import type { Inventory } from '../../domain/inventory';
import type { QuietRules } from '../../domain/quiet/rules';
import { eventually } from '../fakes/eventually';
import { MemoryStore } from '../fakes/memory-store';
import { sampleAlert, sampleIncident, sampleProposal } from '../fakes/sample-incident';

const MINUTE = 60_000;
const INVENTORY: Inventory = { services: [{ name: 'bookshop', environment: 'prod', tier: 'standard', dependsOn: [] }] };
const RULES: QuietRules = { conditions: [], flapping: { enabled: true, changes: 4, withinMs: 15 * MINUTE, calmMs: 15 * MINUTE, settleMs: 3 * MINUTE } };
const LOG = { info: () => undefined, warn: () => undefined };

/** Inbox, gate and dispatcher over a store in memory, on a clock that the test turns. */
class World {
  readonly store = new MemoryStore();
  readonly notes: string[] = [];
  now = Date.UTC(2026, 2, 1);
  rules: QuietRules = RULES;
  private dispatcher: Dispatcher | undefined;
  private gate: Gate | undefined;
  private count = 0;

  readonly clock = { now: () => this.now };
  readonly book = new SilenceBook({ silences: this.store.silences, windows: [], clock: this.clock, log: LOG });

  /** Begins anew with nothing but what the store holds, as after a crash. */
  async restart(): Promise<void> {
    await this.dispatcher?.stop();
    this.gate = createGate({
      ...{ quiet: this.store.quiet, incidents: this.store.incidents, inventory: INVENTORY, rules: this.rules, book: this.book, clock: this.clock },
      notes: { note: (_workflow, text) => Promise.resolve(void this.notes.push(text)) },
      onWritten: () => undefined,
    });
    const starter = { deliver: () => Promise.resolve() };
    this.dispatcher = createDispatcher({
      inbox: this.store.inbox,
      starter,
      inventory: INVENTORY,
      clock: this.clock,
      log: LOG,
      gate: this.gate,
      settings: { pollMs: 5 },
    });
  }

  async stop(): Promise<void> {
    await this.dispatcher?.stop();
  }

  async send(status: Alert['status'], over: Partial<Alert> = {}): Promise<void> {
    this.count += 1;
    await this.store.inbox.accept(
      [
        sampleAlert(`a${String(this.count)}`, {
          fingerprint: 'fp',
          status,
          startsAt: new Date(status === 'firing' ? this.now : this.now - 2 * MINUTE).toISOString(),
          ...over,
        }),
      ],
      this.now,
      1000,
    );
    this.dispatcher?.kick();
    await eventually(() => this.store.inbox.waiting.length === 0, 'the inbox is empty');
  }

  get delivered(): readonly string[] {
    return this.store.inbox.delivered.map(({ alert }) => alert.id);
  }
}

let world: World;
beforeEach(async () => {
  world = new World();
  await world.restart();
});
afterEach(() => world.stop());

test('an alert that toggles every two minutes for eight hours is delivered four times, and two messages tell of it', async () => {
  const note = { fingerprint: 'fp', name: 'ErrorShareHigh', source: 'generic', status: 'firing', severity: 'sev2', summary: '', startsAt: '' } as const;
  world.store.incidents.views.set('inc-a', sampleIncident('inc-a', { alerts: [note], workflowId: 'incident:prod:bookshop' }));
  for (let i = 0; i < 240; i += 1) {
    await world.send(i % 2 === 0 ? 'firing' : 'resolved');
    world.now += 2 * MINUTE;
  }
  expect(world.delivered).toEqual(['a1', 'a2', 'a3']);
  expect(world.store.outboxRows.map(({ id }) => id.split('/')[1])).toEqual(['flapping']);
  const facts = createQuietFacts({ quiet: world.store.quiet, incidents: world.store.incidents, book: world.book, rule: RULES.flapping, clock: world.clock });
  expect(await facts.flapping({ environment: 'prod', service: 'bookshop', alerts: [note] })).toEqual(['ErrorShareHigh']);
  expect(await facts.refusals(sampleProposal('inc-a'))).toEqual([
    { kind: 'flapping', reason: 'ErrorShareHigh flaps: nothing is proposed or done until it is calm.' },
  ]);
  world.now += 15 * MINUTE;
  await eventually(() => world.delivered.length === 4, 'its end is delivered');
  expect(world.delivered.at(-1)).toBe('a240');
  expect(world.notes).toEqual([expect.stringContaining('4 changes within 6 m'), expect.stringContaining('flaps no more')]);
  expect(await facts.refusals(sampleProposal('inc-a'))).toEqual([]);
});

test('what is held is held on after a restart, and let go at its time', async () => {
  world.rules = { ...RULES, conditions: [{ match: {}, settleMs: 2 * MINUTE }] };
  await world.restart();
  await world.send('firing');
  expect((await world.store.quiet.held(10)).held).toMatchObject([{ until: world.now + 2 * MINUTE, why: 'It has to last 2m.' }]);
  await world.restart();
  world.now += 2 * MINUTE;
  await eventually(() => world.delivered.length === 1, 'it is delivered');
  expect((await world.store.quiet.held(10)).count).toBe(0);
});

test('an alert that flaps does so after a restart too', async () => {
  for (let i = 0; i < 6; i += 1) await world.send(i % 2 === 0 ? 'firing' : 'resolved');
  await world.restart();
  await world.send('firing');
  expect(world.delivered).toHaveLength(3);
});

test('while the store cannot keep what was decided, nothing goes on and nothing is forgotten', async () => {
  world.rules = { ...RULES, conditions: [{ match: {}, settleMs: MINUTE }] };
  await world.restart();
  const record = world.store.quiet.record.bind(world.store.quiet);
  let refused = 0;
  world.store.quiet.record = () => Promise.reject(new Error(`down ${String((refused += 1))}`));
  await world.store.inbox.accept([sampleAlert('x')], world.now, 1000);
  await eventually(() => refused > 0, 'the store was asked');
  world.store.quiet.record = record;
  world.now += 20_000;
  await eventually(() => world.store.quiet.heldRows.size === 1, 'it is held');
  expect(world.delivered).toHaveLength(0);
  world.now += MINUTE;
  await eventually(() => world.delivered.length === 1, 'it is delivered');
});

test('changes that an action of ours brought about are no flapping', async () => {
  const remediation = { workflowId: 'w', target: 't', runbook: 'r@1', effects: ['done'] };
  world.store.incidents.views.set('inc-a', sampleIncident('inc-a', { workflowId: 'incident:prod:bookshop', remediation }));
  for (let i = 0; i < 6; i += 1) {
    await world.send(i % 2 === 0 ? 'firing' : 'resolved');
    world.now += MINUTE;
  }
  expect(world.delivered).toHaveLength(6);
});

test('a silence that is made while alerts wait holds them, and nothing is done about an incident in it', async () => {
  const silence = { id: 's', origin: 'person', match: { service: 'bookshop' }, owner: 'ana', reason: 'new shelves', startsAt: world.now } as const;
  await world.store.silences.add({ ...silence, endsAt: world.now + MINUTE }, 'ana', new Date(world.now).toISOString());
  world.now += 1000;
  await world.send('firing');
  expect(world.delivered).toEqual([]);
  const facts = createQuietFacts({ quiet: world.store.quiet, incidents: world.store.incidents, book: world.book, rule: RULES.flapping, clock: world.clock });
  expect(await facts.refusals(sampleProposal('inc-none'))).toMatchObject([{ kind: 'silence', reason: expect.stringContaining('new shelves') as string }]);
  world.now += MINUTE;
  await eventually(() => world.delivered.length === 1, 'it is delivered');
});
