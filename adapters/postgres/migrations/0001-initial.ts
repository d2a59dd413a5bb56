import type { Migration } from '../migrate';
import { APPEND_AUDIT, APPLY_TRANSITION } from './0001-functions';

/**
 * The first tables. JSON is kept as text: it is the exact text that digests cover, and jsonb refuses what outside text may hold (an escaped NUL, half a surrogate pair).
 * Times are epoch milliseconds.
 */
export const initial: Migration = {
  id: '0001-initial',
  olderReads: false,
  statements: [
    `create table nightshift.inbox (
      position bigint generated always as identity primary key,
      alert_id text not null unique,
      body text not null,
      received_at bigint not null,
      workflow_id text
    )`,
    `create index inbox_undelivered on nightshift.inbox (position) include (received_at) where workflow_id is null`,
    `create table nightshift.samples (
      environment text not null,
      service text not null,
      at bigint not null,
      instance text not null,
      body text not null,
      primary key (environment, service, at, instance)
    )`,
    `create index samples_at on nightshift.samples (at)`,
    `create table nightshift.changes (
      id text primary key,
      environment text not null,
      service text not null,
      at bigint not null,
      body text not null
    )`,
    `create index changes_of_service on nightshift.changes (environment, service, at)`,
    `create table nightshift.evidence (
      incident_id text not null,
      round integer not null,
      digest text not null unique,
      body text not null,
      primary key (incident_id, round)
    )`,
    `create table nightshift.runbooks (hash text primary key, body text not null)`,
    `create table nightshift.proposals (digest text primary key, incident_id text not null, round integer not null, body text not null)`,
    `create index proposals_of_incident on nightshift.proposals (incident_id, round)`,
    `create table nightshift.audit (
      position bigint primary key,
      stream text not null,
      seq integer not null,
      body text not null,
      prev text not null,
      hash text not null,
      ledger text not null,
      unique (stream, seq)
    )`,
    // One row: locking it is what makes positions gapless. exported_position: every record up to there is known to be in its file.
    `create table nightshift.audit_ledger (
      id integer primary key check (id = 1),
      position bigint not null,
      hash text not null,
      exported_position bigint not null
    )`,
    `insert into nightshift.audit_ledger values (1, 0, repeat('0', 64), 0)`,
    `create table nightshift.incidents (
      incident_id text primary key,
      environment text not null,
      service text not null,
      severity text not null,
      status text not null,
      opened_at bigint not null,
      closed_at bigint,
      version integer not null,
      body text not null
    )`,
    `create index incidents_by_age on nightshift.incidents (opened_at desc, incident_id)`,
    `create index incidents_by_status on nightshift.incidents (status, opened_at desc, incident_id)`,
    `create index incidents_of_service on nightshift.incidents (environment, service, opened_at desc, incident_id)`,
    `create index incidents_open on nightshift.incidents (opened_at desc, incident_id) where status <> 'resolved'`,
    `create index incidents_closed on nightshift.incidents (environment, service, closed_at desc) where closed_at is not null`,
    `create table nightshift.outcomes (
      incident_id text not null,
      round integer not null,
      verdict text not null,
      runbook text not null,
      runbook_hash text not null,
      environment text not null,
      service text not null,
      cause text not null,
      at bigint not null,
      primary key (incident_id, round, verdict)
    )`,
    `create index outcomes_of_runbook on nightshift.outcomes (runbook, environment, at)`,
    `create table nightshift.intents (
      token text primary key,
      incident_id text not null,
      round integer not null,
      step text not null,
      target text not null,
      runbook text not null,
      state text not null,
      intended_at bigint not null,
      detail text
    )`,
    `create index intents_by_time on nightshift.intents (intended_at)`,
    `create index intents_of_target on nightshift.intents (target, intended_at)`,
    `create table nightshift.kill_switch (
      id integer primary key check (id = 1),
      is_on boolean not null,
      set_by text,
      set_at text,
      reason text
    )`,
    `insert into nightshift.kill_switch values (1, false, null, null, null)`,
    `create table nightshift.keys (
      id text primary key,
      name text not null,
      role text not null,
      secret_hash text not null,
      created_at text not null,
      revoked_at text
    )`,
    `create index keys_of_person on nightshift.keys (name) where revoked_at is null`,
    `create table nightshift.secrets (name text primary key, value text not null)`,
    `create table nightshift.outbox (
      position bigint generated always as identity,
      id text not null,
      channel text not null,
      body text not null,
      attempts integer not null default 0,
      next_at bigint not null default 0,
      state text not null default 'waiting',
      sent_at bigint,
      last_error text,
      primary key (id, channel)
    )`,
    `create index outbox_waiting on nightshift.outbox (position) where state = 'waiting'`,
    `create table nightshift.loop_state (name text primary key, body text not null)`,
    APPEND_AUDIT,
    APPLY_TRANSITION,
  ],
};
