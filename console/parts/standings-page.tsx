import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { actsAlone } from '../../domain/confidence/rungs';
import { standingNumbers, standingTitle } from '../../domain/confidence/standing-lines';
import type { StandingView } from '../../domain/confidence/standing-view';
import type { Client } from '../client';
import { loadStandings } from '../load-standings';
import type { AllStandings } from '../load-standings';
import { useNow, usePoll } from '../poll';
import { useTitle } from '../use-title';
import { aloneText, byRung, fitting, grantLines, modeText } from '../view/standings';
import type { GrantLine } from '../view/standings';
import { Freshness } from './bits';

/** A record changes with incidents, so that asking seldom is enough. */
const EVERY_MS = 30_000;

/** Where runbooks stand: what each may do by itself, why, what is missing for more, and what people granted. */
export function StandingsPage({ client }: { readonly client: Client }): JSX.Element {
  const polled = usePoll(() => loadStandings(client), EVERY_MS, 'standings');
  const now = useNow();
  useTitle('Standings');
  return (
    <>
      <div class="title">
        <h1>Standings of runbooks</h1>
        <Freshness polled={polled} now={now} />
      </div>
      {polled.value === undefined ? <Loading failed={polled.failure !== undefined} /> : <Found all={polled.value} now={now} />}
    </>
  );
}

function Loading({ failed }: { readonly failed: boolean }): JSX.Element | null {
  return failed ? null : <p class="card empty">Loading …</p>;
}

function Found({ all: { standings, more, grants }, now }: { readonly all: AllStandings; readonly now: number }): JSX.Element {
  const [typed, setTyped] = useState('');
  const shown = fitting(byRung(standings), typed);
  if (standings.length === 0) return <Nothing />;
  return (
    <>
      <p class="quiet">
        {aloneText(standings)} A bound is the least success that the outcomes prove; policy is the ceiling of every mode.
        {more && ' There are more than are shown. All: npx nightshift autonomy'}
      </p>
      <label class="only">
        Show only
        <input type="search" value={typed} placeholder="runbook, service, cause or mode" onInput={(event) => setTyped(event.currentTarget.value)} />
      </label>
      {shown.length === 0 && (
        <p class="card empty" role="status">
          None has all of these words.
        </p>
      )}
      <ul class="standings">
        {shown.map((each) => (
          <Standing key={JSON.stringify([each.runbook.id, each.environment, each.service, each.cause])} of={each} grants={grantLines(each, grants, now)} />
        ))}
      </ul>
    </>
  );
}

function Standing({ of, grants }: { readonly of: StandingView; readonly grants: readonly GrantLine[] }): JSX.Element {
  return (
    <li class={actsAlone(of.mode) ? 'card standing alone' : 'card standing'} aria-label={standingTitle(of)}>
      <p class="badges">
        <span class={`badge rung-${of.mode}`}>{of.mode}</span>
        {of.harmsHeld > 0 && <span class="tag bad">did harm</span>}
        <span class="quiet">{of.runbook.title}</span>
      </p>
      <h2>{standingTitle(of)}</h2>
      <p>{standingNumbers(of).join(' · ')}</p>
      <p class="quiet">{modeText(of)}</p>
      <Sentences title="Why" sentences={of.reasons} />
      {of.next !== undefined && <Sentences title={`Missing for ${of.next.mode}`} sentences={of.next.missing} />}
      {grants.length > 0 && <Grants grants={grants} />}
    </li>
  );
}

function Sentences({ title, sentences }: { readonly title: string; readonly sentences: readonly string[] }): JSX.Element | null {
  if (sentences.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul class="plain">
        {sentences.map((sentence, i) => (
          <li key={i}>{sentence}</li>
        ))}
      </ul>
    </>
  );
}

function Grants({ grants }: { readonly grants: readonly GrantLine[] }): JSX.Element {
  return (
    <>
      <h3>Grants of people</h3>
      <ul class="plain">
        {grants.map(({ id, inForce, text }) => (
          <li key={id} class={inForce ? undefined : 'quiet'}>
            {text}
          </li>
        ))}
      </ul>
    </>
  );
}

function Nothing(): JSX.Element {
  return (
    <p class="card empty">
      <strong>No runbook can act on a service.</strong>
      <span class="quiet">A service needs "hands", and a runbook a cause that it is for. See: npx nightshift runbook list</span>
    </p>
  );
}
