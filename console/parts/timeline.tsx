import type { JSX } from 'preact';
import type { AuditRecord } from '../../domain/audit';
import { utcTime } from '../../domain/human-time';
import { spoken } from '../view/needs';
import { Section } from './bits';

/** The audit records of the incident, newest first; times in UTC. */
export function Timeline({ timeline }: { readonly timeline: readonly AuditRecord[] }): JSX.Element {
  return (
    <Section title="Timeline">
      <ol class="timeline" reversed>
        {[...timeline].reverse().map((record) => (
          <li key={record.seq} class={`k-${record.kind}`}>
            <p class="quiet">
              <time dateTime={record.at} title={utcTime(record.at)}>
                {record.at.slice(11, 19)}
              </time>{' '}
              <span class="kind-name">{spoken(record.kind)}</span> {record.actor}
            </p>
            <p>{record.summary}</p>
          </li>
        ))}
      </ol>
    </Section>
  );
}
