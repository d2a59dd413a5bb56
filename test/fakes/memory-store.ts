import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { soleProcess } from '../../adapters/postgres/sole-process';
import type { Alert } from '../../domain/alert';
import type { Change } from '../../domain/change';
import { brakeReason, countedSince } from '../../domain/brake';
import { digestOf } from '../../domain/digest';
import { NightshiftError } from '../../domain/errors';
import type { EvidenceBundle } from '../../domain/evidence';
import type { IncidentView } from '../../domain/incident-view';
import type { Sample } from '../../domain/metrics';
import type { Proposal } from '../../domain/proposal';
import type { RunbookSnapshot } from '../../domain/runbook';
import type {
  IncidentFilter,
  IncidentReader,
  Inbox,
  InboxGauge,
  InboxItem,
  InboxReader,
  IntentRow,
  KeptAlert,
  KeptFilter,
  KeyInfo,
  KeyStore,
  Store,
} from '../../ports/store';
import { placeOf } from '../../domain/routing';
import { MemoryAnomalies, MemoryFeedback } from './memory-anomalies';
import { MemoryArchive } from './memory-archive';
import { MemoryCorrelation } from './memory-correlation';
import { MemoryDetection } from './memory-detection';
import { MemoryKnowledge } from './memory-knowledge';
import { MemoryMeasures } from './memory-measures';
import { MemoryMessages } from './memory-messages';
import { MemoryGrants, MemoryOutcomes } from './memory-outcomes';
import { MemoryAside, MemorySeen } from './memory-aside';
import type { Sighting } from '../../domain/service-view';
import { MemoryAudit } from './memory-audit';
import { MemoryBudget, MemoryOpinions } from './memory-reasoning';
import { MemoryRounds, MemoryShadow } from './memory-shadow';
import { MemoryQuiet, MemorySilences } from './memory-quiet';

/** An inbox in memory; `delivered` tells which workflow each alert went to, in order. */
export class MemoryInbox implements Inbox, InboxGauge, InboxReader {
  readonly waiting: InboxItem[] = [];
  readonly delivered: (InboxItem & { readonly workflowId: string })[] = [];
  private readonly known = new Set<string>();
  private position = 0;

  async accept(alerts: readonly Alert[], receivedAt: number, limit: number): Promise<{ accepted: number; duplicates: number }> {
    const fresh = alerts.filter((alert, i) => !this.known.has(alert.id) && alerts.findIndex((other) => other.id === alert.id) === i);
    if (this.waiting.length + fresh.length > limit)
      throw new NightshiftError('overloaded', `${String(this.waiting.length)} alerts wait already; the limit is ${String(limit)}.`);
    for (const alert of fresh) {
      this.known.add(alert.id);
      this.position += 1;
      this.waiting.push({ position: this.position, alert, receivedAt });
    }
    return { accepted: alerts.length, duplicates: alerts.length - fresh.length };
  }

  async undelivered(limit: number, except: readonly string[] = []): Promise<readonly InboxItem[]> {
    return this.waiting.filter(({ alert }) => !except.includes(placeOf(alert))).slice(0, limit);
  }

  async markDelivered(positions: readonly number[], workflowId: string): Promise<void> {
    for (const position of positions) {
      const at = this.waiting.findIndex((item) => item.position === position);
      const [item] = at < 0 ? [] : this.waiting.splice(at, 1);
      if (item) this.delivered.push({ ...item, workflowId });
    }
  }

  async kept({ workflowId, since = -Infinity, until = Infinity, after = 0, limit }: KeptFilter): Promise<readonly KeptAlert[]> {
    const all: KeptAlert[] = [...this.waiting, ...this.delivered].sort((a, b) => a.position - b.position);
    return all
      .filter((item) => workflowId === undefined || item.workflowId === workflowId)
      .filter((item) => item.position > after && item.receivedAt > since && item.receivedAt <= until)
      .slice(0, limit);
  }

  async backlog(now: number): Promise<{ count: number; oldestMs: number }> {
    return { count: this.waiting.length, oldestMs: this.waiting[0] ? now - this.waiting[0].receivedAt : 0 };
  }
}

/** Keys in memory; a key's text is `nsk_<id>_<secret>`. */
export class MemoryKeys implements KeyStore {
  private readonly rows: { info: KeyInfo; key: string }[] = [];

  async create(person: Pick<KeyInfo, 'name' | 'role'>, at: string): Promise<{ info: KeyInfo; key: string }> {
    const id = `k${String(this.rows.length + 1)}`;
    const row = { info: { id, name: person.name, role: person.role, createdAt: at }, key: `nsk_${id}_${randomBytes(18).toString('base64url')}` };
    this.rows.push(row);
    return row;
  }

  async createFirst(person: Pick<KeyInfo, 'name' | 'role'>, at: string, keep: (key: string) => Promise<void>): Promise<KeyInfo | undefined> {
    if (this.live().length > 0) return undefined;
    const { info, key } = await this.create(person, at);
    await keep(key);
    return info;
  }

  async ensure(person: Pick<KeyInfo, 'name' | 'role'>, key: string, at: string): Promise<void> {
    if (this.rows.some((row) => row.key === key)) return;
    this.rows.push({ info: { id: `k${String(this.rows.length + 1)}`, ...person, createdAt: at }, key });
  }

  async authenticate(key: string): Promise<Pick<KeyInfo, 'name' | 'role'> | undefined> {
    const info = this.live().find((row) => row.key === key)?.info;
    return info && { name: info.name, role: info.role };
  }

  async revoke(id: string, at: string): Promise<'revoked' | 'unknown' | 'last-admin'> {
    const row = this.live().find((r) => r.info.id === id);
    if (!row) return 'unknown';
    if (row.info.role === 'admin' && this.live().filter((r) => r.info.role === 'admin').length === 1) return 'last-admin';
    row.info = { ...row.info, revokedAt: at };
    return 'revoked';
  }

  async list(): Promise<readonly KeyInfo[]> {
    return this.rows.map((row) => row.info);
  }

  async roleOf(name: string): Promise<KeyInfo['role'] | undefined> {
    return this.live().find((row) => row.info.name === name)?.info.role;
  }

  private live(): { info: KeyInfo; key: string }[] {
    return this.rows.filter((row) => row.info.revokedAt === undefined);
  }
}

/** The projection in memory; tests may put views in themselves. */
export class MemoryIncidents implements IncidentReader {
  readonly views = new Map<string, IncidentView>();

  async list(filter: IncidentFilter): Promise<{ incidents: readonly IncidentView[]; next?: string }> {
    const from = filter.cursor === undefined ? 0 : Number(filter.cursor);
    if (!Number.isInteger(from) || from < 0) throw new NightshiftError('invalid_input', 'The cursor is not one of ours; begin without one.');
    const found = [...this.views.values()].filter((view) => fits(view, filter)).sort((a, b) => b.openedAt.localeCompare(a.openedAt));
    const to = from + filter.limit;
    return { incidents: found.slice(from, to), ...(to < found.length && { next: String(to) }) };
  }

  async get(incidentId: string): Promise<IncidentView | undefined> {
    return this.views.get(incidentId);
  }

  async lastClosed(environment: string, service: string): Promise<IncidentView | undefined> {
    const closed = [...this.views.values()].filter((view) => view.environment === environment && view.service === service && view.status === 'resolved');
    return closed.sort((a, b) => b.updatedAt.localeCompare(a.updatedAt))[0];
  }
}

function fits(view: IncidentView, filter: IncidentFilter): boolean {
  return (
    (filter.open === undefined || filter.open === (view.status !== 'resolved')) &&
    (filter.status?.includes(view.status) ?? true) &&
    (filter.severity?.includes(view.severity) ?? true) &&
    (filter.service === undefined || filter.service === view.service) &&
    (filter.environment === undefined || filter.environment === view.environment)
  );
}

/** Every part of the store in memory, with the state of each part open to tests. Notifications go to `outboxRows` by the channel `memory`. */
export class MemoryStore implements Store {
  readonly inbox = new MemoryInbox();
  readonly keys = new MemoryKeys();
  readonly incidents = new MemoryIncidents();
  readonly audit = new MemoryAudit();
  readonly ledger = this.audit;
  readonly archive = new MemoryArchive();
  readonly setAside = new MemoryAside();
  readonly seen = new MemorySeen();
  readonly changeRows = new Map<string, Change>();
  readonly intentRows = new Map<string, IntentRow>();
  readonly bundles: { readonly digest: string; readonly bundle: EvidenceBundle }[] = [];
  readonly outbox = new MemoryMessages();
  readonly outboxRows = this.outbox.rows;
  private sampleRows: Sample[] = [];
  private readonly snapshots = new Map<string, RunbookSnapshot>();
  private readonly proposalRows = new Map<string, Proposal>();
  readonly saved = new Map<string, unknown>();
  private readonly seenRows = new Map<string, Sighting>();
  private readonly secret = randomBytes(32);
  private readonly signingKey = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  private halt: Awaited<ReturnType<Store['killSwitch']['halted']>> = { on: false };

  readonly quiet = new MemoryQuiet(this.inbox, (notification) => this.outbox.put(notification));
  readonly silences = new MemorySilences(this.audit);
  readonly opinions = new MemoryOpinions();
  readonly reasoningBudget = new MemoryBudget();
  readonly anomalies = new MemoryAnomalies();
  readonly feedback = new MemoryFeedback(this.anomalies, this.audit);

  readonly correlation = new MemoryCorrelation(() => [...this.incidents.views.values()]);
  readonly knowledge = new MemoryKnowledge(this.incidents.views);
  readonly outcomes = new MemoryOutcomes();
  readonly grants = new MemoryGrants(this.audit);
  readonly shadow = new MemoryShadow();
  readonly rounds = new MemoryRounds();
  readonly detection = new MemoryDetection();
  readonly measures = new MemoryMeasures();

  readonly coordination = soleProcess();

  readonly samples: Store['samples'] = {
    append: async (samples) => void this.sampleRows.push(...samples),
    read: async (environment, service, from, to) =>
      this.sampleRows.filter((s) => s.environment === environment && s.service === service && s.at >= from && s.at <= to).sort((a, b) => a.at - b.at),
    prune: async (before) => void (this.sampleRows = this.sampleRows.filter((s) => s.at >= before)),
  };

  readonly changes: Store['changes'] = {
    record: async (changes) => {
      for (const change of changes) if (!this.changeRows.has(change.id)) this.changeRows.set(change.id, change);
    },
    list: async (service, from, to) =>
      [...this.changeRows.values()]
        .filter((c) => c.environment === service.environment && c.service === service.name && Date.parse(c.at) >= from && Date.parse(c.at) <= to)
        .sort((a, b) => a.at.localeCompare(b.at)),
    find: async ({ environment, service, from, to, limit }) =>
      [...this.changeRows.values()]
        .filter((c) => (environment ?? c.environment) === c.environment && (service ?? c.service) === c.service)
        .filter((c) => Date.parse(c.at) >= from && Date.parse(c.at) <= to)
        .sort((a, b) => b.at.localeCompare(a.at))
        .slice(0, limit),
  };

  readonly services: Store['services'] = {
    note: async (places, kind, at) => {
      for (const { environment, service } of places) {
        const before = this.seenRows.get(`${environment}/${service}`) ?? { environment, service, firstSeen: at, lastSeen: at, alerts: false, changes: false };
        this.seenRows.set(`${environment}/${service}`, { ...before, lastSeen: at, ...(kind === 'alert' ? { alerts: true } : { changes: true }) });
      }
    },
    list: async () => [...this.seenRows.values()],
  };

  readonly evidence: Store['evidence'] = {
    freeze: async (bundle) => {
      const there = this.bundleOf(bundle.incidentId, bundle.round);
      if (there) return there.digest;
      const digest = digestOf(bundle);
      this.bundles.push({ digest, bundle });
      return digest;
    },
    read: async (digest) => this.bundles.find((b) => b.digest === digest)?.bundle,
    ofRound: async (incidentId, round) => this.bundleOf(incidentId, round),
  };

  readonly proposals: Store['proposals'] = {
    saveRunbook: async ({ hash, runbook }) => void this.snapshots.set(hash, { hash, runbook }),
    runbook: async (hash) => this.snapshots.get(hash),
    saveProposal: async (proposal) => void this.proposalRows.set(proposal.digest, proposal),
    proposal: async (digest) => this.proposalRows.get(digest),
    ofRound: async (incidentId, round) => [...this.proposalRows.values()].filter((p) => p.incidentId === incidentId && p.round === round),
  };

  readonly transitions: Store['transitions'] = {
    apply: async (transition, fate) => {
      const { incidentId, records, view, notify: wanted } = transition;
      this.outcomes.take(transition);
      const notify = fate === undefined || fate.kind === 'send' ? wanted : undefined;
      const head = this.audit.write(incidentId, records);
      if (view.version >= (this.incidents.views.get(incidentId)?.version ?? 0)) this.incidents.views.set(incidentId, view);
      this.shadow.note(transition);
      const id = `${incidentId}/${String(view.round)}/${notify ?? ''}`;
      if (notify && !this.outboxRows.some((row) => row.id === id)) {
        const notification = { id, incidentId, reason: notify, round: view.round, at: view.updatedAt, view };
        this.outboxRows.push({ id, channel: 'memory', attempts: 0, nextAt: 0, notification });
      }
      return head;
    },
  };

  readonly intents: Store['intents'] = {
    prepare: async (intents, check, transition) => {
      const mine = new Set(intents.map((intent) => intent.token));
      const others = [...this.intentRows.values()].filter((row) => !mine.has(row.token));
      const [now, target] = [intents[0]?.intendedAt ?? 0, intents[0]?.target];
      const lastHour = others.filter((row) => row.intendedAt > now - 3_600_000).length;
      const today = others.filter((row) => row.target === target && row.intendedAt > now - 86_400_000);
      const onTargetLastDay = new Set(today.map((row) => `${row.incidentId}/${String(row.round)}`)).size;
      const open = (id: string): boolean => ['remediating', 'verifying'].includes(this.incidents.views.get(id)?.status ?? '');
      const held = others.filter((row) => row.target !== target && open(row.incidentId));
      const inHand = [...new Map(held.map((row) => [row.target, this.incidents.views.get(row.incidentId)?.environment ?? ''])).entries()].map(
        ([each, environment]) => ({ target: each, environment }),
      );
      const refusals = check({ halted: this.halt.on, counts: { lastHour, onTargetLastDay, inHand, recorded: 0 } });
      if (refusals.length > 0) return { refusals };
      for (const intent of intents) if (!this.intentRows.has(intent.token)) this.intentRows.set(intent.token, { ...intent, state: 'intended' });
      return { refusals, ...(transition && { head: await this.transitions.apply(transition) }) };
    },
    between: async (from, to, limit, after = { intendedAt: -1, token: '' }) =>
      [...this.intentRows.values()]
        .filter(({ intendedAt }) => intendedAt >= from && intendedAt <= to)
        .sort((a, b) => a.intendedAt - b.intendedAt || (a.token < b.token ? -1 : 1))
        .filter(({ intendedAt, token }) => intendedAt > after.intendedAt || (intendedAt === after.intendedAt && token > after.token))
        .slice(0, limit),
    recorded: async () => 0,
    get: async (token) => this.intentRows.get(token),
    open: async () => [...this.intentRows.values()].filter(({ state }) => state === 'intended' || state === 'started'),
    swap: async ({ token, state, startedAt }, { startedAt: begun, ...next }) => {
      const row = this.intentRows.get(token);
      if (!row || row.state !== state || row.startedAt !== startedAt) return false;
      const { startedAt: _, ...rest } = row;
      this.intentRows.set(token, { ...rest, ...next, ...(begun !== undefined && { startedAt: begun }) });
      return true;
    },
    mark: async (token, state, detail, more) => {
      const row = this.intentRows.get(token);
      if (row) this.intentRows.set(token, { ...row, state, detail, ...more });
    },
    heard: async (references, at) => {
      const rows = [...this.intentRows.values()].filter(({ reference }) => reference !== undefined && references.includes(reference));
      for (const row of rows) this.intentRows.set(row.token, { ...row, heardAt: at });
      return rows.flatMap(({ reference }) => reference ?? []);
    },
  };

  readonly killSwitch: Store['killSwitch'] = {
    halted: async () => this.halt,
    set: async (on, by, reason, at) => {
      this.halt = { on, by, reason, at };
      await this.audit.append({ at, actor: `person:${by}`, kind: 'halt', summary: `kill switch ${on ? 'on' : 'off'}: ${reason}` });
    },
    brake: async (rule, now) => {
      const since = countedSince(rule, now, this.halt.at);
      const opened = [...this.incidents.views.values()].filter((view) => Date.parse(view.openedAt) > since).length;
      const reason = brakeReason(rule, opened);
      if (this.halt.on || reason === undefined) return false;
      this.halt = { on: true, by: 'nightshift', reason, at: new Date(now).toISOString() };
      return true;
    },
  };

  readonly anchorKey: Store['anchorKey'] = { privateKey: async () => this.signingKey };

  readonly doorKey: Store['doorKey'] = { secret: async () => this.secret };

  readonly watch: Store['watch'] = {
    settleDelivered: async () => 0,
    unsettled: async (limit) => this.inbox.waiting.slice(0, limit).map((item) => ({ ...item, inWorkflow: false, inIncident: false })),
    settle: async (_positions, _at, notification) => {
      if (notification) await this.outbox.put(notification);
    },
  };

  readonly state: Store['state'] = {
    load: async (name) => this.saved.get(`state/${name}`),
    create: async (name, value) => !this.saved.has(`state/${name}`) && this.saved.set(`state/${name}`, structuredClone(value)) !== undefined,
    save: async (name, value) => void this.saved.set(`state/${name}`, structuredClone(value)),
    forgetJudged: async (prefix, before) => {
      const old = [...this.saved].filter(([name, value]) => {
        const { judgedTo } = (value ?? {}) as { readonly judgedTo?: unknown };
        return name.startsWith(`state/${prefix}`) && typeof judgedTo === 'number' && judgedTo < before;
      });
      for (const [name] of old) this.saved.delete(name);
      return old.length;
    },
  };

  readonly backups: Store['backups'] = {
    dump: async (at, write) => {
      await write(JSON.stringify({ nightshift: 'backup', at }));
      return { at, rows: 0 };
    },
    restore: () => Promise.reject(new NightshiftError('internal', 'A store in memory is not restored.')),
  };

  async ping(): Promise<void> {}

  async close(): Promise<void> {}

  private bundleOf(incidentId: string, round: number): { readonly digest: string; readonly bundle: EvidenceBundle } | undefined {
    return this.bundles.find((b) => b.bundle.incidentId === incidentId && b.bundle.round === round);
  }
}
