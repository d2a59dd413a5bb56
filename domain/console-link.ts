/** Where people see and answer an incident in a browser. `apiUrl` has no slash at its end. */
export function consoleLink(apiUrl: string, incidentId: string): string {
  return `${apiUrl}/#/incidents/${encodeURIComponent(incidentId)}`;
}
