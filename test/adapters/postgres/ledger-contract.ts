/* eslint-disable jest/no-export -- a suite that is run against every database */
import { createPrivateKey } from 'node:crypto';
import type { AuditRecord } from '../../../domain/audit';
import { signAnchor } from '../../../domain/audit-anchor';
import { LEDGER_START, LedgerWalk } from '../../../domain/ledger-walk';
import type { IntentRow, Store } from '../../../ports/store';
import { incident, NOON, transition } from './samples-of-data';

/** Every record, read page by page. */
export async function wholeLedger({ ledger }: Store, size = 7): Promise<AuditRecord[]> {
  const all: AuditRecord[] = [];
  for (let page = await ledger.page(0, size); page.length > 0; page = await ledger.page(page.at(-1)?.position ?? 0, size)) all.push(...page);
  return all;
}

/** What must hold of the one sequence over all incidents, and of what auditors ask. */
export function ledgerContract(getStore: () => Store): void {
  test('pages of the ledger are all records without a gap, and lead to its end and to a signed head', async () => {
    const store = getStore();
    const [a, b] = [incident(), incident()];
    const { count: before } = await store.ledger.end(0);
    await store.transitions.apply(transition(a, 1, 2));
    const end = await store.ledger.end(before);
    await store.transitions.apply(transition(b, 1, 3));
    const records = await wholeLedger(store);
    expect(records.map(({ position }) => position)).toEqual(records.map((_, i) => i + 1));
    const head = (await store.audit.read(a)).at(-1);
    expect(end).toEqual({ count: before + 2, ledger: head?.ledger, streams: { [a]: { count: 2, hash: head?.hash } } });
    const whole = await store.ledger.end(0);
    expect(Object.keys(whole.streams).sort()).toEqual([...(await store.audit.streams())].sort());
    const anchor = signAnchor({ ...whole, at: new Date(NOON).toISOString(), since: 0 }, await store.anchorKey.privateKey());
    const walk = new LedgerWalk(LEDGER_START, [anchor]);
    for (const record of records) walk.record(record);
    expect([walk.finish({ whole: 'all' }), walk.end.ledger]).toEqual([[], whole.ledger]);
    expect((await store.ledger.end(whole.count)).streams).toEqual({});
  });

  test('the key of signed heads stays the same, and is one of Ed25519', async () => {
    const { anchorKey } = getStore();
    const [one, two] = await Promise.all([anchorKey.privateKey(), anchorKey.privateKey()]);
    expect(one).toBe(two);
    expect(createPrivateKey(one).asymmetricKeyType).toBe('ed25519');
  });

  test('intents of a time are read in pages, also those of the same moment', async () => {
    const { intents } = getStore();
    // Long before those that other tests count.
    const from = NOON - 900 * 86_400_000;
    const row = (i: number) => ({
      token: `page-${i}`,
      incidentId: 'inc-paged',
      round: 1,
      step: 's',
      target: `t${i}`,
      runbook: 'r',
      intendedAt: from + Math.floor(i / 3),
    });
    await intents.prepare([4, 2, 0, 3, 1, 5, 6].map(row), () => []);
    const seen: IntentRow[] = [];
    for (let page = await intents.between(from, from + 1, 2); page.length > 0; page = await intents.between(from, from + 1, 2, page.at(-1))) seen.push(...page);
    expect(seen.map(({ token, state }) => [token, state])).toEqual([0, 1, 2, 3, 4, 5].map((i) => [`page-${i}`, 'intended']));
  });
}
