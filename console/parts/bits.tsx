import type { ComponentChildren, JSX } from 'preact';
import { relativeTime, utcTime } from '../../domain/human-time';
import type { IncidentStatus, Severity } from '../../domain/names';
import type { Polled } from '../poll';
import { spoken } from '../view/needs';

/** A severity as a badge. */
export function SeverityBadge({ severity }: { readonly severity: Severity }): JSX.Element {
  return <span class={`badge ${severity}`}>{severity}</span>;
}

/** A state as a badge. */
export function StatusBadge({ status }: { readonly status: IncidentStatus }): JSX.Element {
  return <span class={`badge state ${status}`}>{spoken(status)}</span>;
}

/** A time as a distance from `now` (epoch milliseconds), with the exact one to point at. */
export function Ago({ at, now }: { readonly at: string; readonly now: number }): JSX.Element {
  return (
    <time dateTime={at} title={utcTime(at)}>
      {relativeTime(at, now)}
    </time>
  );
}

/** A part of the page with a heading. */
export function Section({
  title,
  children,
  class: name,
}: {
  readonly title: string;
  readonly children: ComponentChildren;
  readonly class?: string;
}): JSX.Element {
  return (
    <section class={name === undefined ? 'card' : `card ${name}`} aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

/** How fresh the page is; says so when it is not. */
export function Freshness({ polled, now }: { readonly polled: Pick<Polled<unknown>, 'at' | 'failure'>; readonly now: number }): JSX.Element | null {
  const { at, failure } = polled;
  if (failure === undefined) return at === undefined ? null : <span class="live">live</span>;
  return (
    <span class="stale" role="status">
      {at === undefined ? 'not loaded' : `as it was ${relativeTime(at, now)}`}: {failure.message}
    </span>
  );
}
