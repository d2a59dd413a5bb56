import type { Migration } from '../migrate';

/**
 * The outcome ledger with what confidence is computed from: who acted, in which mode, whether something confirms it, the diagnosis' score, and for how long an incident was left
 * alone. The table `outcomes` is written on as before, and lines that stand only there were written by a version that did not tell these things. Grants are as their door signed them.
 */
export const outcomeLines: Migration = {
  id: '0016-outcome-lines',
  olderReads: true,
  statements: [
    `create table nightshift.outcome_lines (
      incident_id text not null,
      round integer not null,
      acted_by text not null,
      verdict text not null,
      at bigint not null,
      runbook text not null,
      runbook_hash text not null,
      version integer,
      environment text not null,
      service text not null,
      tier text,
      likeness text,
      cause text not null,
      mode text,
      corroborated boolean not null,
      score double precision,
      waited_ms bigint,
      primary key (incident_id, round, acted_by, verdict)
    )`,
    `create index outcome_lines_of_kind on nightshift.outcome_lines (environment, cause, service, runbook, at)`,
    `create index outcome_lines_of_runbook on nightshift.outcome_lines (runbook, environment, service, cause)`,
    `create index outcome_lines_scored on nightshift.outcome_lines (at) where score is not null and acted_by <> 'nobody'`,
    `create table nightshift.autonomy_grants (
      id text primary key,
      runbook text not null,
      environment text not null,
      ends_at bigint not null,
      body text not null,
      revoked_at text,
      revoked_by text,
      revoked_why text
    )`,
    `create index autonomy_grants_in_force on nightshift.autonomy_grants (runbook, environment) where revoked_at is null`,
  ],
};
