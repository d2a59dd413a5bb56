import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { errorCode, errorMessage } from '../../domain/errors';
import { createClient } from '../client';
import { Logo } from './header';

/** What a header can carry, and the API takes. */
const KEY = /^[\x21-\x7e]{1,512}$/;

/** Asks for the key of the person and tries it before it is kept. */
export function SignIn({ why, onKey }: { readonly why: string | undefined; readonly onKey: (key: string) => void }): JSX.Element {
  const [key, setKey] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(why);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const entered = key.trim();
    if (entered === '' || busy) return;
    if (!KEY.test(entered)) return setProblem('That is no key: keys have no spaces and only plain letters, digits and signs.');
    setBusy(true);
    try {
      await createClient(entered).me();
      onKey(entered);
    } catch (error) {
      setProblem(errorCode(error) === 'unauthenticated' ? 'This key is not known here, or it was revoked.' : errorMessage(error));
      setBusy(false);
    }
  };
  return (
    <main class="sign-in">
      <form class="card" onSubmit={(event) => void submit(event)}>
        <h1>
          <Logo /> Nightshift
        </h1>
        <label for="key">Your key</label>
        <input
          id="key"
          type="password"
          autocomplete="off"
          spellcheck={false}
          autofocus
          value={key}
          aria-invalid={problem !== undefined}
          aria-describedby="key-help"
          onInput={(event) => setKey(event.currentTarget.value)}
        />
        {problem !== undefined && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        <button class="primary" disabled={busy}>
          {busy ? 'One moment…' : 'Sign in'}
        </button>
        <p class="quiet" id="key-help">
          It stays in this tab, and is gone when you close it. An admin makes keys with <code>npx nightshift key create</code>; the first one stands in{' '}
          <code>.nightshift/admin.key</code>.
        </p>
      </form>
    </main>
  );
}
