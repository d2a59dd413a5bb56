import type { AlertMatch } from '../domain/quiet/match';
import type { ApiRequest } from './http';

/** A silence as it is asked for. */
export interface SilenceBody {
  readonly match: AlertMatch;
  readonly reason: string;
  readonly owner?: string;
  readonly for?: string;
  readonly endsAt?: string;
}

/** A silence as the API shows it. */
export interface SilenceShown {
  readonly id: string;
  readonly origin: string;
  readonly scope: string;
  readonly owner: string;
  readonly reason: string;
  readonly startsAt: string;
  readonly endsAt: string;
}

/** What is held back, as the API shows it. */
export interface HeldShown {
  readonly held: readonly {
    readonly id: string;
    readonly service: string;
    readonly environment: string;
    readonly name: string;
    readonly severity: string;
    readonly until: string;
    readonly why: string;
  }[];
  readonly count: number;
  readonly flapping: readonly {
    readonly service: string;
    readonly environment: string;
    readonly name: string;
    readonly since: string;
    readonly folded: number;
  }[];
  readonly folded: Readonly<Record<string, number>>;
}

/** The part of the API about silences and what is held back. */
export interface QuietClient {
  silences(): Promise<readonly SilenceShown[]>;
  addSilence(body: SilenceBody): Promise<SilenceShown>;
  endSilence(id: string): Promise<void>;
  held(): Promise<HeldShown>;
}

/** Makes that part over a call of the API. */
export function quietClient(call: <T>(request: ApiRequest) => Promise<T>): QuietClient {
  return {
    silences: async () => (await call<{ silences: readonly SilenceShown[] }>({ method: 'GET', path: '/v1/silences' })).silences,
    addSilence: (body) => call({ method: 'POST', path: '/v1/silences', body }),
    endSilence: (id) => call({ method: 'DELETE', path: `/v1/silences/${encodeURIComponent(id)}` }),
    held: () => call({ method: 'GET', path: '/v1/alerts/held' }),
  };
}
