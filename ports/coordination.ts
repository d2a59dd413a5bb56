/** Offices that one process a database holds at a time: `work` watches services and delivers alerts, `watch` sends notifications and sees to it that no alert is lost. */
export const OFFICES = ['work', 'watch'] as const;
/** An office that one process a database holds at a time. */
export type Office = (typeof OFFICES)[number];

/** What can wait in the store for the process that leads: alerts in the inbox, notifications in the outbox. */
export const WAITING = ['inbox', 'outbox'] as const;
/** What can wait in the store for the process that leads. */
export type Waiting = (typeof WAITING)[number];

/** Who takes care of what waits. */
export const CARES: Readonly<Record<Waiting, Office>> = { inbox: 'work', outbox: 'watch' };

/** The loops of the process that holds an office, while it does. */
export interface Term {
  /** Says that something waits. */
  wake(what: Waiting): void;
  /** Ends the loops; resolves when nothing of them is under way. */
  stop(): Promise<void>;
}

/** A process that holds an office or stands by. */
export interface Campaign {
  leads(): boolean;
  /** Ends the term, if there is one, and then lets another process have the office. */
  stop(): Promise<void>;
}

/** Processes on one database agree here on who of them runs what must not run twice: detector, dispatcher, deliverer, watcher. */
export interface Coordination {
  /** Stands by until no other process holds the office, then begins a term; again after every loss. The term has ended before another process begins one, unless this one is cut off for longer than it takes to notice. */
  campaign(office: Office, begin: () => Term): Campaign;
  /** Tells the process that takes care of it, this one or another. Never fails: who misses it looks by itself within seconds. */
  wake(what: Waiting): void;
}
