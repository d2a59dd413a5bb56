import pc from 'picocolors';
import type { IncidentStatus, Severity } from '../../domain/names';

type Paint = (text: string) => string;

/** Colours by meaning; each leaves the text as it is where colours are off. */
export interface Style {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly good: Paint;
  readonly bad: Paint;
  readonly warn: Paint;
  severity(severity: Severity): Paint;
  status(status: IncidentStatus): Paint;
}

/** Colours for a terminal, or none. */
export function createStyle(enabled: boolean): Style {
  const { bold, dim, green, red, yellow } = pc.createColors(enabled);
  const plain: Paint = (text) => text;
  return {
    bold,
    dim,
    good: green,
    bad: red,
    warn: yellow,
    severity: (severity) => (severity === 'sev1' ? red : severity === 'sev2' ? yellow : plain),
    status: (status) => (status === 'resolved' ? green : status === 'escalated' || status === 'awaiting-approval' ? yellow : plain),
  };
}
