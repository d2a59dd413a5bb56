import { sql } from 'kysely';
import type { CallCount } from '../../../domain/call-counts';
import type { CallReader, CallSums, LogReader, LogTemplate, TimeFilter } from '../../../ports/archive';
import type { Db } from '../database';

interface TemplateRow extends Omit<LogTemplate, 'createdAt' | 'minutes'> {
  readonly created_at: number;
  readonly minutes: readonly number[];
  readonly lines: readonly number[];
}

/** Reads templates of lines with their counts. */
export function logReader(db: Db): LogReader {
  return {
    templates: async ({ environment = null, service = null, level = null, from, to, limit }) => {
      // 64-bit numbers in an array come as text from one driver and as numbers from the other; double precision is the same from both and exact here.
      const { rows } = await sql<TemplateRow>`
        select t.id, t.source, t.environment, t.service, t.level, t.template, t.sample, t.created_at,
          array_agg(c.at::double precision order by c.at) as minutes, array_agg(c.lines::double precision order by c.at) as lines
        from nightshift.log_templates t join nightshift.log_counts c on c.template = t.id
        where c.at >= ${Math.ceil(from)} and c.at <= ${Math.floor(to)} and (${environment}::text is null or t.environment = ${environment})
          and (${service}::text is null or t.service = ${service}) and (${level}::text is null or t.level = ${level})
        group by t.id order by sum(c.lines) desc, t.id limit ${limit}`.execute(db);
      return rows.map(({ created_at: createdAt, minutes, lines, ...row }): LogTemplate => {
        return { ...row, createdAt, minutes: minutes.map((at, i) => ({ at, lines: lines[i] ?? 0 })) };
      });
    },
  };
}

interface CallRow extends Omit<CallCount, 'caller' | 'durationMs' | 'longestMs'> {
  readonly caller: string;
  readonly duration: number;
  readonly longest: number;
}

/** Reads calls by minute, and their sums. */
export function callReader(db: Db): CallReader & CallSums {
  const inTime = ({ environment, from, to }: Pick<TimeFilter, 'environment' | 'from' | 'to'>) =>
    sql`c.at >= ${Math.ceil(from)} and c.at <= ${Math.floor(to)} and (${environment ?? null}::text is null or e.environment = ${environment ?? null})`;
  // A sum of 64-bit numbers is a decimal, which comes as text; double precision is exact here.
  const sums = sql`sum(c.requests)::double precision as requests, sum(c.failed)::double precision as failed, sum(c.duration_ms) as duration, max(c.longest_ms) as longest`;
  return {
    calls: async ({ service = null, limit, ...when }) => {
      const { rows } = await sql<CallRow>`
        select * from (
          select e.environment, e.caller, e.callee, c.at, c.requests, c.failed, c.duration_ms as duration, c.longest_ms as longest
          from nightshift.call_edges e join nightshift.call_counts c on c.edge = e.id
          where ${inTime(when)} and (${service}::text is null or e.caller = ${service} or e.callee = ${service})
          order by c.at desc, e.caller, e.callee limit ${limit}
        ) newest order by at, caller, callee`.execute(db);
      return rows.map(callOf);
    },
    totals: async ({ service = null, limit, ...when }) => {
      const { rows } = await sql<CallRow>`
        select e.environment, e.caller, e.callee, max(c.at) as at, ${sums}
        from nightshift.call_edges e join nightshift.call_counts c on c.edge = e.id
        where ${inTime(when)} and (${service}::text is null or e.caller = ${service} or e.callee = ${service})
        group by e.id, e.environment, e.caller, e.callee order by sum(c.requests) desc, e.caller, e.callee limit ${limit}`.execute(db);
      return rows.map(callOf);
    },
    received: async ({ service, limit, ...when }) => {
      const { rows } = await sql<CallRow>`
        select * from (
          select e.environment, min(e.caller) as caller, e.callee, c.at, ${sums}
          from nightshift.call_edges e join nightshift.call_counts c on c.edge = e.id
          where ${inTime(when)} and e.callee = ${service} and e.caller <> e.callee
          group by e.environment, e.callee, e.caller = '', c.at order by c.at desc, min(e.caller) limit ${limit}
        ) newest order by at, caller`.execute(db);
      return rows.map(callOf);
    },
  };
}

function callOf({ environment, caller, callee, at, requests, failed, duration: durationMs, longest: longestMs }: CallRow): CallCount {
  return { environment, ...(caller !== '' && { caller }), callee, at, requests, failed, durationMs, longestMs };
}
