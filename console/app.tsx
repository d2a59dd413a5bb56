import type { JSX } from 'preact';
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import type { Client, Me } from './client';
import { createClient } from './client';
import { Header } from './parts/header';
import { IncidentList } from './parts/incident-list';
import { IncidentPage } from './parts/incident-page';
import { SignIn } from './parts/sign-in';
import { StandingsPage } from './parts/standings-page';
import type { Route } from './route';
import { routeOf } from './route';
import { keepKey, keptKey } from './session';

/** The whole page: sign-in, then what the address names. */
export function App(): JSX.Element {
  const [key, setKey] = useState(keptKey());
  const [why, setWhy] = useState<string>();
  const route = useRoute();
  const signOut = useCallback((reason?: string) => {
    keepKey(undefined);
    setKey(undefined);
    setWhy(reason);
  }, []);
  const signIn = useCallback((entered: string) => {
    keepKey(entered);
    setWhy(undefined);
    setKey(entered);
  }, []);
  if (key === undefined) return <SignIn why={why} onKey={signIn} />;
  return <Inside key={key} bearer={key} route={route} onSignOut={signOut} />;
}

function Inside({ bearer, route, onSignOut }: { readonly bearer: string; readonly route: Route; readonly onSignOut: (why?: string) => void }): JSX.Element {
  const client = useMemo(() => createClient(bearer, { refused: () => onSignOut('This key is not valid any more. Enter one that is.') }), [bearer, onSignOut]);
  const me = useMe(client);
  return (
    <>
      <Header client={client} me={me} route={route} onSignOut={() => onSignOut()} />
      <main>
        <Page client={client} me={me} route={route} />
      </main>
    </>
  );
}

function Page({ client, me, route }: { readonly client: Client; readonly me: Me | undefined; readonly route: Route }): JSX.Element {
  if (route.page === 'incident') return <IncidentPage client={client} me={me} id={route.id} />;
  if (route.page === 'standings') return <StandingsPage client={client} />;
  return <IncidentList client={client} closedToo={route.closedToo} />;
}

function useMe(client: Client): Me | undefined {
  const [me, setMe] = useState<Me>();
  useEffect(() => {
    // Without an answer the page shows what it can; the API checks the role anyway.
    client.me().then(setMe, () => undefined);
  }, [client]);
  return me;
}

function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const changed = (): void => {
      setHash(location.hash);
      scrollTo(0, 0);
    };
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  return useMemo(() => routeOf(hash), [hash]);
}
