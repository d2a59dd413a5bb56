import type { Migration } from '../migrate';

/** What models said of a round, and what they cost: reserved before a question, settled after it. Money in millionths of a US dollar, days as `2026-03-01` by UTC. */
export const reasoning: Migration = {
  id: '0014-reasoning',
  olderReads: true,
  statements: [
    `create table nightshift.opinions (
      incident_id text not null,
      round integer not null,
      body text not null,
      primary key (incident_id, round)
    )`,
    `create table nightshift.reasoning_spending (
      incident_id text not null,
      round integer not null,
      attempt integer not null,
      day text not null,
      tokens bigint not null,
      micro_usd bigint not null,
      settled boolean not null default false,
      primary key (incident_id, round, attempt)
    )`,
    `create index reasoning_spending_day on nightshift.reasoning_spending (day)`,
  ],
};
