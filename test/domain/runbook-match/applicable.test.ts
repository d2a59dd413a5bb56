import { buildEvidence } from '../../../domain/evidence-build';
import type { Service } from '../../../domain/inventory';
import { linesOf } from '../../../domain/reasoning/lines';
import { witnessOf } from '../../../domain/reasoning/trust';
import { applicableRunbooks } from '../../../domain/runbook-match/applicable';
import { BUILT_IN } from '../../../domain/runbook';
import { evidenceTexts } from '../../../domain/runbook-match/texts';
import { badRelease } from '../../fakes/practice-faults';
import { sketched } from '../../fakes/sketched-runbooks';

const allowed = { commands: [], calls: [] };
const base = { environment: 'demo', tier: 'standard', dependsOn: [] } as const;
const target = { provider: 'local', partition: 'local', account: 'me', region: 'here', kind: 'process', id: 'shop' };
const hands = { kind: 'supervisor', url: 'http://127.0.0.1:1', target } as unknown as NonNullable<Service['hands']>;
const shop: Service = { ...base, name: 'shop', hands };
const payments: Service = { ...base, name: 'payments', hands };
const handless: Service = { ...base, name: 'ledger' };
const catalogue = sketched({ drain: { title: 'Drain the queue' }, flush: { causes: 'resource-exhaustion' } });
const found = (services: readonly Service[], of = catalogue) => applicableRunbooks(of, services, allowed);

test('each names its version, its hash, and why it could be given', () => {
  expect(found([shop, payments]).candidates[0]).toEqual({
    ...{
      runbook: 'drain',
      title: 'Drain the queue',
      version: 1,
      hash: catalogue[0]?.hash,
      because: 'declared for bad-release; shop, payments have what it needs',
    },
    ...(catalogue[0]?.origin === undefined ? {} : { origin: catalogue[0].origin }),
  });
});

test('a service without hands can be given nothing, and what a dependency can be given stands there', () => {
  expect(found([handless])).toEqual({ inCatalogue: 2, applicable: 0, candidates: [] });
  expect(found([handless, payments]).candidates.map(({ because }) => because)[0]).toBe('declared for bad-release; payments has what it needs');
});

test('a team’s own come before the built-in ones, and at most twelve are named of all that are counted', () => {
  const many = sketched(Object.fromEntries(Array.from({ length: 15 }, (_, i) => [`book-${String.fromCharCode(97 + i)}`, {}])));
  const mixed = many.map((each, i) => ({ ...each, origin: i === 14 ? 'directory:own.yaml' : BUILT_IN }));
  const { applicable, candidates } = found([shop], mixed);
  expect([applicable, candidates.length, candidates[0]?.runbook, candidates[1]?.runbook]).toEqual([15, 12, 'book-o', 'book-a']);
});

test('in evidence they are a platform fact with an id that can be cited, no witness of a cause, and no text that runbooks are matched with', () => {
  const bundle = buildEvidence({ ...badRelease(), runbooks: found([shop]) });
  const item = bundle.items.at(-1);
  expect(item).toMatchObject({
    ...{ id: `E0${String(bundle.items.length)}`, kind: 'runbooks', source: 'runbooks:catalogue', trust: 'platform' },
    title: '2 of 2 runbooks could be given: drain, flush',
  });
  expect(item && witnessOf(item)).toEqual({ trust: 'platform' });
  expect(item && evidenceTexts(bundle, []).some(({ id }) => id === item.id)).toBe(false);
  expect(item && linesOf(item).facts).toContain(`drain, version 1, sha256 ${catalogue[0]?.hash.slice(0, 12) ?? ''}`);
});

test('the ids of all other facts are the same with it', () => {
  const without = buildEvidence(badRelease()).items;
  expect(buildEvidence({ ...badRelease(), runbooks: found([shop]) }).items.slice(0, -1)).toEqual(without);
});
