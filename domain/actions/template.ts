// A name in double braces is left as it stands: `docker inspect --format {{json}}`.
const PLACEHOLDER = /(?<!\{)\{([A-Za-z_][A-Za-z0-9_]*)\}(?!\})/g;

/** What every allowed command and call may hold besides its own inputs. */
export const KNOWN_NAMES = ['token', 'incident', 'service', 'environment'] as const;

/** Names of the placeholders `{name}` in a text. */
export function templateNames(text: string): string[] {
  return [...text.matchAll(PLACEHOLDER)].map((match) => match[1] ?? '');
}

/** A text with every placeholder filled once; a value is never read as a placeholder itself. What no value is known for is left out. */
export function fillTemplate(text: string, values: Readonly<Record<string, string>>, encode: (value: string) => string = (value) => value): string {
  return text.replace(PLACEHOLDER, (_whole, name: string) => (Object.hasOwn(values, name) ? encode(values[name] ?? '') : ''));
}
