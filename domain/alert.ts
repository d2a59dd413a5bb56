import type { Severity } from './names';

/** How much of a service will be too little, and when. Times are epoch milliseconds. */
export interface Shortage {
  /** The earliest that its limit is broken. */
  readonly from: number;
  /** The last that it is, as far as the forecast reaches. */
  readonly until: number;
  /** How many times what there is now it would take to stay within the limit at the worst. */
  readonly factor: number;
}

/** A condition that began or ended, in our words, already redacted. Times are ISO 8601 in UTC. */
export interface Alert {
  /** Dedupe id: the same message has the same id, whoever sends it and how often. */
  readonly id: string;
  /** Identity of the condition: its firing and its resolved messages share it. */
  readonly fingerprint: string;
  readonly status: 'firing' | 'resolved';
  /** Who says so: `detector`, `generic`, `alertmanager`, … */
  readonly source: string;
  readonly environment: string;
  readonly service: string;
  /** Name of the condition, for example `ErrorShareHigh`. */
  readonly name: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly startsAt: string;
  readonly endsAt?: string;
  /** What is measured, where the source says it: `errorShare`, `latencyP95Ms`, `silence`, or the source's own metric. */
  readonly signal?: string;
  readonly value?: number;
  readonly threshold?: number;
  /** Id of the anomaly that it comes from; only our own detector says so. */
  readonly anomaly?: string;
  /** On an end: no data of it comes any more, so whether it is well is not known. */
  readonly noData?: true;
  /** What a prediction of ours says in numbers, where it is of something that fills up; no message from outside has it. */
  readonly shortage?: Shortage;
  readonly labels: Readonly<Record<string, string>>;
  /** Why it goes to the incident of another service, as what follows "joins, as"; only correlation says so. */
  readonly joins?: string;
  readonly link?: string;
}

/** What an incident remembers of an alert. */
export interface AlertNote {
  readonly fingerprint: string;
  readonly name: string;
  readonly source: string;
  readonly status: 'firing' | 'resolved';
  readonly severity: Severity;
  readonly summary: string;
  readonly startsAt: string;
  readonly signal?: string;
  /** Id of the newest anomaly of the condition. */
  readonly anomaly?: string;
  /** It ended as no data of it comes any more: whether it is well is not known. */
  readonly noData?: true;
  /** What a prediction of ours says in numbers. */
  readonly shortage?: Shortage;
  /** Service that it is about, where that is not the incident's own: unknown services share one. */
  readonly service?: string;
  /** Why it is in the incident of another service. */
  readonly joined?: string;
}
