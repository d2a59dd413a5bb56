import { CHAIN_START, ledgerHash, recordHash } from '../../domain/audit-chain';

/** Whole lines of an audit file with so many records of one stream. */
export function auditLines(count: number, stream = 'inc-abcdefgh23456723'): readonly string[] {
  let prev = CHAIN_START;
  let ledger = CHAIN_START;
  return Array.from({ length: count }, (_, i) => {
    const seq = i + 1;
    const content = {
      at: `2026-11-20T14:0${i}:00.000Z`,
      actor: 'nightshift',
      kind: i === 0 ? ('opened' as const) : ('note' as const),
      summary: `happened ${seq}`,
      data: { n: seq },
    };
    const hash = recordHash(stream, seq, content, prev);
    ledger = ledgerHash(ledger, hash);
    const line = JSON.stringify({ ...content, stream, seq, position: seq, prev, hash, ledger });
    prev = hash;
    return line;
  });
}
