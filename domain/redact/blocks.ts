import type { Rule } from './rule';
import { has, whole } from './rule';

/** How the first and the last line of an armoured key or certificate look: PEM, OpenSSH, OpenPGP, SSH2. */
export const ARMOUR = { begin: /-{4,5} ?BEGIN [A-Z0-9 ]{1,40}-{4,5}/, end: /-{4,5} ?END [A-Z0-9 ]{1,40}-{4,5}/ } as const;

const ARMOURED = new RegExp(String.raw`${ARMOUR.begin.source}[\s\S]*?(?:${ARMOUR.end.source}|$)`, 'g');

/** Keys in armour, whole; one without an end goes up to the end of the text. */
export const BLOCKS: readonly Rule[] = [
  whole('armour', has('---BEGIN ', '--- BEGIN '), ARMOURED),
  // Base64 of `-----BEGIN`, as Kubernetes keeps keys.
  whole('armour', has('LS0tLS1CRUdJT'), /LS0tLS1CRUdJT[A-Za-z0-9+/_-]+={0,2}/g),
  whole('age', has('AGE-SECRET-KEY-', 'AGE-PLUGIN-'), /AGE-(?:SECRET-KEY|PLUGIN)-[A-Z0-9-]{20,}/g),
  whole('putty', has('Private-Lines:'), /(?<=Private-Lines: ?\d{1,3}\r?\n)(?:[A-Za-z0-9+/=]{1,80}(?:\r?\n|$)){1,200}/g),
];
