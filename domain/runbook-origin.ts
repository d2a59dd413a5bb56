/** Where a runbook of a repository is from: `owner/name@commit:path`. */
export function originOf(repository: string, commit: string, path: string): string {
  return `${repository}@${commit}:${path}`;
}

/** The same for a table: repository and twelve characters of the commit; other origins as they are. */
export function shortOrigin(origin: string): string {
  return origin.replace(/@([0-9a-f]{12})[0-9a-f]{28}:.*$/s, '@$1');
}

/** Whether it names a commit of a repository. */
export function isOfRepository(origin: string | undefined): origin is string {
  return origin !== undefined && shortOrigin(origin) !== origin;
}
