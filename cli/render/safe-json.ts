/** Characters that JSON leaves as they are but a terminal may obey: the C1 controls, format characters and line separators. */
const UNSAFE = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

/** JSON in which no character can steer a terminal, on one line or indented by so many spaces; it parses to the same value. */
export function safeJson(value: unknown, indent = 0): string {
  return (JSON.stringify(value, null, indent) ?? 'null').replace(UNSAFE, (character) =>
    Array.from({ length: character.length }, (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`).join(''),
  );
}
