import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { upsertSearchAttributes } from '@temporalio/workflow';
import type { IncidentState } from '../domain/incident-state';
import { ATTRIBUTES } from '../domain/search-attributes';

const keys = {
  severity: defineSearchAttributeKey(ATTRIBUTES.severity, SearchAttributeType.KEYWORD),
  status: defineSearchAttributeKey(ATTRIBUTES.status, SearchAttributeType.KEYWORD),
  cause: defineSearchAttributeKey(ATTRIBUTES.cause, SearchAttributeType.KEYWORD),
  runbook: defineSearchAttributeKey(ATTRIBUTES.runbook, SearchAttributeType.KEYWORD),
};

/** Publishes what people filter by; each call is billed, so none is made when `now` equals what was published last. Returns `now`. */
export function publishAttributes(state: IncidentState, last: string, now: string): string {
  if (now === last) return last;
  const runbook = state.asked?.proposal.runbook.id;
  upsertSearchAttributes([
    { key: keys.status, value: state.status },
    { key: keys.severity, value: state.severity },
    ...(state.cause === undefined ? [] : [{ key: keys.cause, value: state.cause }]),
    ...(runbook === undefined ? [] : [{ key: keys.runbook, value: runbook }]),
  ]);
  return now;
}
