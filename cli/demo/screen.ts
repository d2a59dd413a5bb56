import type { AuditRecord } from '../../domain/audit';
import type { IncidentView } from '../../domain/incident-view';
import { targetId } from '../../domain/inventory';
import { plainText } from '../../domain/plain-text';
import type { CliIo } from '../deps';
import { sparkline } from '../render/sparkline';
import { createStyle } from '../render/style';
import { table } from '../render/table';
import { wrap } from '../render/wrap';
import type { WorldLedger } from './deps';

/** Tells the demo's stages as they happen; on stderr, so that `--json` keeps stdout for its one object. */
export interface Screen {
  notice(text: string): void;
  title(text: string): void;
  stage(at: number, name: string, text: string): void;
  lines(lines: readonly string[]): void;
  /** Lines that keep their form under a heading, such as a table that was made for `width`. */
  block(heading: string, lines: readonly string[]): void;
  /** Characters that a line of `block` may have. */
  readonly width: number;
  ledger(ledger: WorldLedger): void;
  /** Lines that are copied, such as commands: never broken, however narrow the terminal. */
  commands(lines: readonly string[]): void;
  errorRate(at: number, shares: readonly (number | null)[]): void;
}

const INDENT = 22;
/** Tables need the room. */
const BLOCK_INDENT = 4;

/** A screen whose clock starts at `startedAt` (epoch milliseconds). */
export function createScreen(io: CliIo, startedAt: number): Screen {
  const style = createStyle(io.color && io.stderrIsTty);
  const width = Math.min(io.columns, 120);
  const say = (text: string): void => void io.stderr.write(`${text}\n`);
  const prefix = (at: number, name: string): string => `${((at - startedAt) / 1000).toFixed(1).padStart(6)} s  ${name.padEnd(INDENT - 10)}`;
  return {
    notice: (text) => wrap(plainText(text), width - 1).forEach((line) => say(style.bold(line))),
    title: (text) => say(`\n${style.bold(text)}\n`),
    stage(at, name, text) {
      const [first = '', ...rest] = wrap(plainText(text), width - INDENT - 1);
      say(`${prefix(at, name)} ${first}`);
      for (const line of rest) say(`${' '.repeat(INDENT + 1)}${line}`);
    },
    lines: (lines) => lines.flatMap((line) => labelled(line, width - INDENT - 1)).forEach((part) => say(`${' '.repeat(INDENT + 1)}${part}`)),
    block: (heading, lines) => [style.bold(heading), ...lines].forEach((line) => say(`${' '.repeat(BLOCK_INDENT)}${line}`)),
    width: width - BLOCK_INDENT - 1,
    ledger: ({ title, headings, rows, callers }) => {
      say(`\n${style.bold(title)}\n`);
      say(table(headings, rows, width - 1));
      for (const caller of callers) say(plainText(`by ${caller}`));
    },
    commands: (lines) => lines.forEach((line) => say(`${' '.repeat(INDENT + 1)}${plainText(line)}`)),
    errorRate(at, shares) {
      const last = shares.at(-1);
      say(`${prefix(at, 'errors seen')} ${sparkline(shares, 40, 0.5)} ${last === null || last === undefined ? '' : `${(last * 100).toFixed(0)} %`}`);
    },
  };
}

/** Breaks a line whose words stand behind a label such as `target  `, or only indented, and keeps them under each other. */
function labelled(line: string, width: number): readonly string[] {
  const label = /^(?:\S+ {2,}| +)/.exec(line)?.[0] ?? '';
  const parts = wrap(plainText(line.slice(label.length)), width - label.length);
  return parts.map((part, i) => (i === 0 ? label : ' '.repeat(label.length)) + part);
}

/** Words for the stages, by kind of entry. */
const NAMES: Readonly<Partial<Record<AuditRecord['kind'], string>>> = {
  opened: 'noticed',
  evidence: 'evidence',
  triaged: 'triage',
  diagnosed: 'cause',
  proposed: 'proposal',
  decision: 'decision',
  remediating: 'acting',
  effect: 'done',
  verifying: 'measuring',
  verified: 'verdict',
  watching: 'watching',
  resolved: 'resolved',
};

/** Name of a stage on the screen. */
export function stageName(kind: AuditRecord['kind']): string {
  return NAMES[kind] ?? kind;
}

/** The exact proposal. */
export function proposalLines(view: IncidentView): string[] {
  const asked = view.proposal;
  if (!asked) return [];
  const { proposal, policy } = asked;
  return [
    `target  ${targetId(proposal.target)}`,
    ...proposal.preview.map((line) => `do      ${line}`),
    ...proposal.inverse.map((line) => `undo    ${line}`),
    `risk    ${proposal.risk}; asked because: ${policy.reason}`,
    `digest  ${proposal.digest}`,
  ];
}
