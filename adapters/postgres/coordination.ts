import { sql } from 'kysely';
import pg from 'pg';
import { CARES, WAITING } from '../../ports/coordination';
import type { Campaign, Coordination, Office, Term, Waiting } from '../../ports/coordination';
import type { Db } from './database';

// Any number does, as long as nothing else in the database takes it.
const LOCKS: Readonly<Record<Office, number>> = { work: 7_203_418_804, watch: 7_203_418_806 };
const CHANNEL = 'nightshift';
const CONNECT_MS = 5_000;
/** How often who stands by asks for the lock, and who leads asks whether its connection still lives. */
const LOOK_MS = 1_000;
/** A question without an answer for so long ends the term. */
const ANSWER_MS = 3_000;
/** After this long without a sign of life the server gives up a connection and with it the lock: long after the leader has noticed. */
const SERVER_KEEPALIVE = ['tcp_keepalives_idle = 10', 'tcp_keepalives_interval = 5', 'tcp_keepalives_count = 3'] as const;

/**
 * Coordination by an advisory lock that a connection of its own holds: it is free the moment the leader's process or the server ends, however it ends. On the same connection
 * the leader listens for wakes. It must reach the server itself, or a pooler that keeps sessions.
 */
export function lockCoordination(databaseUrl: string, db: Db): Coordination {
  const terms = new Map<Office, Term>();
  const wake = wakerOf(db);
  return {
    campaign: (office, begin) => campaign({ databaseUrl, office, begin, onTerm: (now) => (now ? terms.set(office, now) : terms.delete(office)) }),
    wake: (what) => {
      const term = terms.get(CARES[what]);
      if (term) term.wake(what);
      else wake(what);
    },
  };
}

/** Sends a notice after each wake, never two of a kind at once: those that come meanwhile become one. */
function wakerOf(db: Db): (what: Waiting) => void {
  const busy = new Set<Waiting>();
  const again = new Set<Waiting>();
  const send = async (what: Waiting): Promise<void> => {
    busy.add(what);
    do {
      again.delete(what);
      await sql`select pg_notify(${CHANNEL}, ${what})`.execute(db).catch(() => undefined);
    } while (again.has(what));
    busy.delete(what);
  };
  return (what) => {
    if (busy.has(what)) again.add(what);
    else void send(what);
  };
}

interface CampaignOptions {
  readonly databaseUrl: string;
  readonly office: Office;
  readonly begin: () => Term;
  readonly onTerm: (term: Term | undefined) => unknown;
}

function campaign({ databaseUrl, office, begin, onTerm }: CampaignOptions): Campaign {
  const stopping = new AbortController();
  let leads = false;
  const lead = async (session: Session): Promise<void> => {
    const term = begin();
    leads = true;
    onTerm(term);
    session.onNotice((what) => {
      if (CARES[what] === office) term.wake(what);
    });
    try {
      while (!stopping.signal.aborted && (await session.alive())) await session.pause(stopping.signal);
    } finally {
      leads = false;
      onTerm(undefined);
      await term.stop();
    }
  };
  const running = (async () => {
    while (!stopping.signal.aborted) {
      const session = new Session(databaseUrl, office);
      try {
        await session.open();
        while (!stopping.signal.aborted && !(await session.takeLock())) await session.pause(stopping.signal);
        if (!stopping.signal.aborted) await lead(session);
      } catch {
        // The database is away; whoever needs it says so.
      } finally {
        await session.close();
      }
      if (!stopping.signal.aborted) await pause(LOOK_MS, stopping.signal);
    }
  })();
  return {
    leads: () => leads,
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

/** One connection to the server, for one try at leading. */
class Session {
  private readonly client: pg.Client;
  private readonly lost = new AbortController();

  constructor(
    databaseUrl: string,
    private readonly office: Office,
  ) {
    this.client = new pg.Client({
      ...{ connectionString: databaseUrl, connectionTimeoutMillis: CONNECT_MS, query_timeout: ANSWER_MS, keepAlive: true },
      application_name: 'nightshift leader',
    });
    const lose = (): void => this.lost.abort();
    this.client.on('error', lose).on('end', lose);
  }

  async open(): Promise<void> {
    await this.client.connect();
    for (const setting of SERVER_KEEPALIVE) await this.client.query(`set ${setting}`);
  }

  async takeLock(): Promise<boolean> {
    const { rows } = await this.client.query<{ mine: boolean }>('select pg_try_advisory_lock($1::bigint) as mine', [LOCKS[this.office]]);
    if (rows[0]?.mine !== true) return false;
    await this.client.query(`listen ${CHANNEL}`);
    return true;
  }

  onNotice(take: (what: Waiting) => void): void {
    this.client.on('notification', ({ payload }) => {
      const what = WAITING.find((one) => one === payload);
      if (what !== undefined) take(what);
    });
  }

  async alive(): Promise<boolean> {
    if (this.lost.signal.aborted) return false;
    return this.client.query('select 1').then(
      () => true,
      () => false,
    );
  }

  /** Ends early when the connection is lost or `stop` is. */
  pause(stop: AbortSignal): Promise<void> {
    return pause(LOOK_MS, stop, this.lost.signal);
  }

  /** Gives up the lock with the connection. */
  async close(): Promise<void> {
    await Promise.race([this.client.end().catch(() => undefined), pause(ANSWER_MS)]);
  }
}

function pause(ms: number, ...signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      for (const signal of signals) signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    for (const signal of signals) {
      if (signal.aborted) return end();
      signal.addEventListener('abort', end);
    }
  });
}
