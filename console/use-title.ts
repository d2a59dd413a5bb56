import { useEffect } from 'preact/hooks';

/** What the tab says: a text before the name of the page, as long as there is one. */
export function useTitle(text: string | undefined): void {
  useEffect(() => {
    document.title = text === undefined ? 'Nightshift' : `${text} · Nightshift`;
  }, [text]);
}
