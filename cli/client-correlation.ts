import type { ApiRequest } from './http';
import type { Reply } from '../ports/incidents';

/** What rules of correlation would have made of the alerts of the past, as the API shows it. */
export interface PreviewShown {
  readonly from: string;
  readonly alerts: number;
  readonly incidentsThen: number;
  readonly incidentsNow: number;
  readonly pagesFewer: number;
  readonly changed: number;
  readonly complete: boolean;
  /** The preview is of alerts up to this time. */
  readonly until: string;
  readonly merges: readonly {
    readonly environment: string;
    readonly service: string;
    readonly at: string;
    readonly incidents: readonly string[];
    readonly joined: readonly { readonly service: string; readonly alert: string; readonly at: string; readonly reason: string }[];
  }[];
  readonly related: readonly { readonly environment: string; readonly service: string; readonly other: string; readonly at: string; readonly reason: string }[];
}

/** The part of the API about alerts of several services. */
export interface CorrelationClient {
  /** `correlation` is a section of a configuration; what runs now when undefined. */
  preview(since: string, correlation: unknown): Promise<PreviewShown>;
  split(id: string, service: string): Promise<Reply>;
}

/** Makes that part over a call of the API. */
export function correlationClient(call: <T>(request: ApiRequest) => Promise<T>, post: <T>(path: string, body: unknown) => Promise<T>): CorrelationClient {
  return {
    preview: (since, correlation) =>
      call({ method: 'POST', path: '/v1/correlation/preview', body: { since, ...(correlation === undefined ? {} : { correlation }) }, waitMs: PREVIEW_MS }),
    split: (id, service) => post(`/v1/incidents/${encodeURIComponent(id)}/split`, { service }),
  };
}

/** Months of alerts take their time. */
const PREVIEW_MS = 120_000;
