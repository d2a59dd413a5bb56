import type { AlertNote } from './alert';
import { conditionName, firesText, joinsText, joinsWhy } from './incident-alerts';
import type { Joined } from './incident-alerts';
import { enter } from './incident-record';
import type { IncidentState } from './incident-state';

/** So many conditions of one message are told by name each; of more, these are named and the rest counted: a storm would bury what else happens. */
const NAMED = 3;

/** Enters what a message of alerts did to an incident; `condensed`, many of one kind are one entry. Changes `state`. */
export function enterJoined(state: IncidentState, now: number, joined: Pick<Joined, 'added' | 'refired' | 'ended'>, condensed: boolean): void {
  const telling = condensed ? enterTogether : enterEach;
  telling(state, now, joined.added, joinsText, (names, [first]) => `${names} fire (join, as ${first ? joinsWhy(first) : ''})`);
  telling(state, now, joined.refired, firesText, (names) => `${names} fire again.`);
  telling(
    state,
    now,
    joined.ended.filter(({ noData }) => noData !== true),
    (note) => `${conditionName(note)} has ended.`,
    (names) => `${names} have ended.`,
  );
  telling(
    state,
    now,
    joined.ended.filter(({ noData }) => noData === true),
    (note) => `No data of ${conditionName(note)} comes any more; whether it is well is not known.`,
    (names) => `No data of ${names} comes any more; whether they are well is not known.`,
  );
}

/** Notes that those who answer for services that join are to be told, once, after whatever else is told now. Returns whether somebody joined, so that it is written at once. Changes `state`. */
export function announceJoined(state: IncidentState, { services }: Pick<Joined, 'services'>): boolean {
  if (services.length === 0) return false;
  state.joinUntold = true;
  return true;
}

type Tell = (
  state: IncidentState,
  now: number,
  notes: readonly AlertNote[],
  one: (note: AlertNote) => string,
  many: (names: string, notes: readonly AlertNote[]) => string,
) => void;

const enterEach: Tell = (state, now, notes, one) => {
  for (const note of notes) enter(state, now, note.source, 'alert', one(note), { fingerprint: note.fingerprint });
};

const enterTogether: Tell = (state, now, notes, one, many) => {
  if (notes.length <= NAMED) return enterEach(state, now, notes, one, many);
  const named = notes.slice(0, NAMED);
  const names = `${named.map(conditionName).join(', ')} and ${String(notes.length - NAMED)} more`;
  const sources = [...new Set(notes.map((note) => note.source))];
  const data = { conditions: notes.length, fingerprints: named.map((note) => note.fingerprint) };
  enter(state, now, sources.length === 1 ? (sources[0] ?? '') : 'several', 'alert', many(names, notes), data);
};
