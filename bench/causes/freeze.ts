import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { createDetector } from '../../activities/detection';
import { createEvidenceActivities } from '../../activities/evidence';
import type { Startup } from '../../config/startup';
import type { AlertNote } from '../../domain/alert';
import { NightshiftError } from '../../domain/errors';
import type { EvidenceBundle } from '../../domain/evidence';
import { incidentWorkflowId } from '../../domain/identity';
import type { IncidentView } from '../../domain/incident-view';
import type { Clock } from '../../ports/clock';
import { MemoryStore } from '../../test/fakes/memory-store';
import { localSenses } from '../../workers/senses';
import type { Senses } from '../../workers/senses';
import type { Closing } from '../stage/closing';

/** A service under watch by the product's own detector, whose store is memory. */
export interface Watching {
  readonly store: MemoryStore;
  readonly senses: Senses;
  readonly clock: Clock;
  /** The first alert of the service whose condition began at `from` (epoch milliseconds) or later; undefined where none came in time. */
  alertSince(from: number, withinMs: number): Promise<AlertNote | undefined>;
  /** Gathers and freezes the evidence for an alert, as the first round of an incident does. */
  freeze(alert: AlertNote): Promise<EvidenceBundle>;
}

const SERVICE = 'bookshop';
const ENVIRONMENT = 'demo';
const LOOK_MS = 50;
const ID_BYTES = 8;
/** What a condition may have begun earlier than the clock of the run says, as windows look back. */
const SLACK_MS = 1000;

/** Begins to watch; `closing` ends it. */
export function watch({ config }: Startup, log: Logger, closing: Closing): Watching {
  const store = new MemoryStore();
  const clock = { now: () => Date.now() };
  const { actions, commandEnvironments } = config;
  const senses = localSenses(clock, { state: store.state, actions, commandEnvironments, log });
  const detector = createDetector({
    ...{ services: config.services, source: senses.metrics, samples: store.samples, inbox: store.inbox, state: store.state, clock, log },
    settings: { ...config.detector, keepMs: config.retention.samplesMs, inboxLimit: config.inbox.limit },
    onAlerts: () => undefined,
  });
  closing.add(() => detector.stop());
  return {
    ...{ store, senses, clock },
    async alertSince(from, withinMs) {
      for (const until = clock.now() + withinMs; clock.now() < until; await delay(LOOK_MS)) {
        const found = store.inbox.waiting.find(
          ({ alert }) => alert.status === 'firing' && alert.service === SERVICE && Date.parse(alert.startsAt) >= from - SLACK_MS,
        );
        if (!found) continue;
        const { fingerprint, name, source, status, severity, summary, startsAt, signal } = found.alert;
        return { fingerprint, name, source, status, severity, summary, startsAt, ...(signal === undefined ? {} : { signal }) };
      }
      return undefined;
    },
    async freeze(alert) {
      const incidentId = `inc-${randomBytes(ID_BYTES).toString('hex')}`;
      const gathering = createEvidenceActivities({
        ...{ ...store, ...senses, transitions: store.transitions, changes: [store.changes, ...senses.changes], inventory: config, clock },
        past: { knowledge: store.knowledge },
        patienceMs: config.incidents.activity.gather.timeoutMs,
      });
      const transition = { incidentId, records: [], view: openedBy(alert, incidentId) };
      const of = { incidentId, round: 1, environment: ENVIRONMENT, service: SERVICE, settings: config.incidents.evidence };
      const { evidence } = await gathering.gather({ ...of, alerts: [alert], transition });
      const bundle = await store.evidence.read(evidence.digest);
      if (!bundle) throw new NightshiftError('internal', 'The evidence of a run was not frozen.');
      return bundle;
    },
  };
}

/** What an outsider tells: nothing but that something is wrong, since a time in epoch milliseconds. */
export function toldAlert(since: number): AlertNote {
  const what = { name: 'CheckoutFailing', source: 'generic', status: 'firing', severity: 'sev2', summary: 'customers complain' } as const;
  return { fingerprint: 'told:CheckoutFailing', startsAt: new Date(since).toISOString(), ...what };
}

function openedBy(alert: AlertNote, incidentId: string): IncidentView {
  return {
    ...{ incidentId, workflowId: incidentWorkflowId(ENVIRONMENT, SERVICE), runId: '', environment: ENVIRONMENT, service: SERVICE },
    ...{ title: alert.summary, affected: SERVICE, severity: alert.severity, status: 'open', openedAt: alert.startsAt, updatedAt: alert.startsAt },
    ...{ alerts: [alert], alertCount: 1, round: 1, version: 1 },
  };
}
