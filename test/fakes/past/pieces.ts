import { defaultsOf } from '../../../config/defaults';
import type { PastChange, PastFact, PastPage, Span } from '../../../domain/lookback/facts';
import { lookBack, type LookbackSettings } from '../../../domain/lookback/look-back';
import { assemblePast } from '../../../domain/lookback/past';
import type { LookbackReport } from '../../../domain/lookback/report';
import type { RunbookSnapshot } from '../../../domain/runbook';
import { DAY, MINUTE } from './world';

/** Noon of a working day, by which pieces are dated. */
export const NOON = Date.parse('2026-10-12T12:00:00Z');
export const SPAN = { from: NOON - 7 * DAY, to: NOON + 7 * DAY };

/** A page of a service, so many minutes after noon. */
export function page(minute: number, lasts: number, more: Partial<PastPage> = {}): PastPage {
  const begin = NOON + minute * MINUTE;
  const where = { names: ['checkout'], resources: [], account: '111122223333', region: 'eu-west-1', products: ['elasticloadbalancing'] };
  const condition = more.condition ?? 'errors';
  return {
    kind: 'page',
    id: `${condition}@${String(begin)}`,
    condition,
    source: 'cloudwatch',
    name: condition,
    begin,
    end: begin + lasts * MINUTE,
    where,
    ...more,
  };
}

/** A deployment of a service, so many minutes after noon. */
export function change(minute: number, more: Partial<PastChange> = {}): PastChange {
  const at = NOON + minute * MINUTE;
  const where = { names: ['checkout'], resources: [], account: '111122223333', region: 'eu-west-1' };
  const release = { from: '1.4.0', to: '1.5.0' };
  return {
    kind: 'change',
    id: `change@${String(minute)}`,
    what: 'deployment',
    by: 'automation',
    at,
    author: 'ana',
    summary: 'Deployment of checkout 1.5.0',
    ...release,
    where,
    ...more,
  };
}

/** Looks back on some facts with the defaults of the live engine. */
export function lookBackOn(
  facts: readonly PastFact[],
  settings: Partial<LookbackSettings> = {},
  runbooks: readonly RunbookSnapshot[] = [],
  span: Span = SPAN,
): LookbackReport {
  const { incidents, alerts, approvals, limits, brake } = defaultsOf('default');
  const policy = { rules: [], freezes: [], approvals: { ...approvals, allowUnverified: false }, limits, brake };
  const quiet = { conditions: [], flapping: alerts.flapping };
  const plain = {
    environment: 'production',
    zone: 'UTC',
    watchMs: incidents.watchMs,
    lookbackMs: incidents.evidence.lookbackMs,
    quiet,
    runbooks,
    policy,
    services: [],
  };
  return lookBack(
    assemblePast(facts, span),
    { ...plain, ...settings },
    { made: span.to, source: 'a test', gaps: [], calls: { estimated: 0, made: 0, usd: 0 } },
  );
}
