/** Names of the six search attributes; all are keywords and hold enums and inventory ids only. */
export const ATTRIBUTES = {
  service: 'NightshiftService',
  environment: 'NightshiftEnvironment',
  severity: 'NightshiftSeverity',
  status: 'NightshiftStatus',
  cause: 'NightshiftCause',
  runbook: 'NightshiftRunbook',
} as const;
