import type { Doors } from './start';

/** Where the doors are and what to do next, for the person who started it. */
export function doorLines(doors: Doors): readonly string[] {
  const http = [`  Console      ${doors.api}/  (for a browser; it asks for a key)`, `  API          ${doors.api}  (described at ${doors.api}/openapi.json)`];
  return [
    doors.role === 'all' ? 'Nightshift is up.' : `Nightshift is up, role ${doors.role}.`,
    ...(doors.role === 'worker' ? [`  Health       ${doors.api}/readyz`] : http),
    ...(doors.temporalUi === null ? [] : [`  Temporal UI  ${doors.temporalUi}`]),
    `  Temporal     ${doors.temporal}`,
    ...(doors.role === 'all' ? [`  Data         ${doors.home}`] : []),
    ...(doors.keyFile === null ? [] : [`  First key    ${doors.keyFile} (role admin; the command line finds it there)`]),
    `${doors.role === 'worker' ? '' : 'Next: npx nightshift incident list. '}Stop with Ctrl-C.`,
  ];
}
