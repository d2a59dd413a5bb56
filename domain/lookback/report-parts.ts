import { defined } from '../defined';
import type { Weighed } from './cause';
import type { PageKind } from './noise';
import type { PlacedPage } from './places';
import type { ReportPage, ReportSuspect } from './report';

/** A page as a report tells it. */
export function pageOf(page: PlacedPage, kind: PageKind, night: boolean): ReportPage {
  const { id, name, source, service, severity, summary, signal, value, threshold, link } = page.alert;
  const { account, region } = page.where;
  const end = page.end === undefined ? undefined : new Date(page.end).toISOString();
  return defined({
    ...{ id, name, source, service, severity, begin: new Date(page.begin).toISOString(), end, kind, account, region },
    ...{ signal, value, threshold, summary, link, night },
  });
}

/** A suspect as a report tells it. */
export function suspectOf({ suspect, named, why, chance }: Weighed): ReportSuspect {
  const { past, change } = suspect.placed;
  const { id, at, author, summary, from, to, link } = change;
  return defined({
    ...{ id, kind: past.what, by: past.by, at, service: suspect.service, author, summary, from, to, link },
    ...{ leadMs: suspect.leadMs, score: suspect.hypothesis?.score, chance, named, why },
  });
}
