import type { JSX } from 'preact';
import type { Client, Me } from '../client';
import { usePoll } from '../poll';
import type { Route } from '../route';
import { hrefOf } from '../route';

const HALT_MS = 10_000;

/** The moon. */
export function Logo(): JSX.Element {
  return (
    <svg class="logo" viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
      <path d="M24 21.5A11 11 0 0 1 11 6.6 11 11 0 1 0 24 21.5z" />
    </svg>
  );
}

/** Name, the way to the standings, kill switch, and who is signed in. */
export function Header({
  client,
  me,
  route,
  onSignOut,
}: {
  readonly client: Client;
  readonly me: Me | undefined;
  readonly route: Route;
  readonly onSignOut: () => void;
}): JSX.Element {
  const halt = usePoll(() => client.halt(), HALT_MS, 'halt').value;
  return (
    <>
      <header class="top">
        <a class="brand" href="#/">
          <Logo /> Nightshift
        </a>
        <a class="way" href={hrefOf({ page: 'standings' })} aria-current={route.page === 'standings' ? 'page' : undefined}>
          Standings
        </a>
        <span class="who">
          {me && (
            <>
              {me.name} <span class="quiet">({me.role})</span>
            </>
          )}
          <button class="plain" onClick={onSignOut}>
            Sign out
          </button>
        </span>
      </header>
      {halt?.on === true && (
        <p class="halt" role="alert">
          <strong>The kill switch is on:</strong> nothing is changed anywhere. {halt.by !== undefined && `Switched on by ${halt.by}`}
          {halt.reason !== undefined && `: ${halt.reason}`}
        </p>
      )}
    </>
  );
}
