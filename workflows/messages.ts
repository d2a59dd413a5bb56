import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Alert } from '../domain/alert';
import type { Decision } from '../domain/approval';
import type { AuditEntry, AuditHead } from '../domain/audit';
import type { SignedClosing } from '../domain/closing';
import type { DoneByHand, IncidentView } from '../domain/incident-view';
import type { Progress } from '../domain/steps';

/** Answer of an update. */
export interface UpdateReply {
  readonly result: string;
  readonly message: string;
}

/** What a person says with an update: who, and a note where it helps. An incident id, where given, must be this one's: workflow ids are used again. */
export interface PersonMessage {
  readonly person: string;
  readonly note?: string;
  readonly incidentId?: string;
  /** With `resolve`: what was done by hand. */
  readonly byHand?: DoneByHand;
  /** The same as a door signed it; without it the person's word earns no runbook anything. */
  readonly closing?: SignedClosing;
}

/** A batch of alerts joins the incident. */
export const alertsSignal = defineSignal<[readonly Alert[]]>('alerts');
/** A remediation tells that its effects are done. */
export const progressSignal = defineSignal<[Progress]>('progress');
/** The same decision as the update, for people who act from the Temporal UI. */
export const decideSignal = defineSignal<[Decision]>('decide');
/** A remediation is asked to stop at its next safe point. */
export const stopSignal = defineSignal<[{ readonly reason: string }]>('stop');

/** Approve, reject, or approve with edited parameters. */
export const decideUpdate = defineUpdate<UpdateReply, [Decision]>('decide');
/** A person has seen the incident. */
export const acknowledgeUpdate = defineUpdate<UpdateReply, [PersonMessage]>('acknowledge');
/** A person takes the incident; Nightshift stops at the next safe point. */
export const takeOverUpdate = defineUpdate<UpdateReply, [PersonMessage]>('takeOver');
/** A person gives the incident back; a new round begins. */
export const handBackUpdate = defineUpdate<UpdateReply, [PersonMessage]>('handBack');
/** A person adds a note to the history. */
export const noteUpdate = defineUpdate<UpdateReply, [PersonMessage]>('note');
/** A person closes the incident and says why. */
export const resolveUpdate = defineUpdate<UpdateReply, [PersonMessage]>('resolve');

/** The incident as the API shows it. */
export const incidentQuery = defineQuery<IncidentView>('incident');
/** Its newest history entries. */
export const timelineQuery = defineQuery<readonly AuditEntry[]>('timeline');
/** Last audit record that the store confirmed, so that a tail cut from the store shows. */
export const auditHeadQuery = defineQuery<AuditHead & { readonly incidentId: string }>('auditHead');
