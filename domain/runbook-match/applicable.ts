import type { Allowed } from '../actions/allowed';
import type { Service } from '../inventory';
import { BUILT_IN } from '../runbook';
import type { RunbookSnapshot } from '../runbook';
import { isForKind } from '../runbook-needs';
import type { ApplicableRunbooks } from './applicable-types';
import { missingFor } from './missing';
import { fitReason } from './reasons';

/** Candidates that evidence names. */
const MOST = 12;
/** Services that a reason names. */
const MOST_SERVICES = 3;

/**
 * The runbooks that the hands of at least one of the services can carry out, with why. `services` are those that may be acted on, the one in trouble first. Those for it come first, a team's
 * own before the built-in ones, then by id. Nothing that anybody writes into logs or alerts has a part in it.
 */
export function applicableRunbooks(catalogue: readonly RunbookSnapshot[], services: readonly Service[], allowed: Allowed): ApplicableRunbooks {
  const found = catalogue
    .map((snapshot) => ({ snapshot, able: services.filter((service) => isAble(snapshot, service, allowed)) }))
    .filter(({ able }) => able.length > 0)
    .sort((a, b) => Number(b.able[0] === services[0]) - Number(a.able[0] === services[0]) || byOrigin(a.snapshot, b.snapshot));
  const candidates = found.slice(0, MOST).map(({ snapshot, able }) => ({
    ...{ runbook: snapshot.runbook.id, title: fitReason(snapshot.runbook.title), version: snapshot.runbook.version, hash: snapshot.hash },
    ...(snapshot.origin === undefined ? {} : { origin: fitReason(snapshot.origin) }),
    because: fitReason(`declared for ${snapshot.runbook.causes.join(' and ') || 'no cause'}; ${ableText(able)}`),
  }));
  return { inCatalogue: catalogue.length, applicable: found.length, candidates };
}

function isAble({ runbook }: RunbookSnapshot, service: Service, allowed: Allowed): boolean {
  return service.hands !== undefined && isForKind(runbook, service.hands) && missingFor(runbook, service, allowed).length === 0;
}

function byOrigin(a: RunbookSnapshot, b: RunbookSnapshot): number {
  return Number(a.origin === BUILT_IN) - Number(b.origin === BUILT_IN) || (a.runbook.id < b.runbook.id ? -1 : 1);
}

function ableText(able: readonly Service[]): string {
  const names = able.slice(0, MOST_SERVICES).map(({ name }) => name);
  const more = able.length > names.length ? ` and ${String(able.length - names.length)} more` : '';
  return `${names.join(', ')}${more} ${able.length === 1 ? 'has' : 'have'} what it needs`;
}
