const PLACEHOLDER = /\$\{\{(.*?)\}\}/g;
const REFERENCE = /^\s*parameters\.([A-Za-z_][A-Za-z0-9_]*)\s*$/;

/** Names of the parameters that a text refers to by `${{ parameters.name }}`, and the placeholders that mean nothing. */
export function placeholdersIn(text: string): { readonly names: readonly string[]; readonly malformed: readonly string[] } {
  const found = [...text.matchAll(PLACEHOLDER)];
  const names = found.flatMap((match) => REFERENCE.exec(match[1] ?? '')?.[1] ?? []);
  const malformed = found.filter((match) => !REFERENCE.test(match[1] ?? '')).map((match) => match[0]);
  const open = text.replace(PLACEHOLDER, '');
  return { names, malformed: open.includes('${{') ? [...malformed, open.slice(open.indexOf('${{'))] : malformed };
}

/** Fills every placeholder once; what a value contains is never read as a placeholder. The names must have been checked: an unknown one stays as it is. */
export function fillPlaceholders(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(PLACEHOLDER, (whole, inner: string) => {
    const name = REFERENCE.exec(inner)?.[1];
    return name !== undefined && Object.hasOwn(values, name) ? (values[name] ?? whole) : whole;
  });
}
