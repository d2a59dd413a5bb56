/* eslint-disable jest/no-export -- a suite that is run against every database */
import crypto from 'node:crypto';
import type { Store } from '../../../ports/store';
import { at } from './samples-of-data';

/** What holds for the keys of people, whichever database is behind them. */
export function keyContract(getStore: () => Store): void {
  test('a key opens until it is revoked, and only whole', async () => {
    const { keys } = getStore();
    const { info, key } = await keys.create({ name: 'ana', role: 'approver' }, at(0));
    expect(key).toMatch(/^nsk_[a-z0-9]+_[A-Za-z0-9_-]{43}$/);
    expect(await keys.authenticate(key)).toEqual({ name: 'ana', role: 'approver' });
    for (const wrong of ['', 'nsk_', key.slice(0, -1), `${key}A`, key.replace(/.$/, (c) => (c === 'A' ? 'B' : 'A')), key.toUpperCase()])
      expect(await keys.authenticate(wrong)).toBeUndefined();
    expect(await keys.list()).toContainEqual({ id: info.id, name: 'ana', role: 'approver', createdAt: at(0) });
    expect(JSON.stringify(await keys.list())).not.toContain(key.split('_').slice(2).join('_'));
    expect(await keys.revoke(info.id, at(1))).toBe('revoked');
    expect([await keys.revoke(info.id, at(2)), await keys.revoke('nobody', at(1))]).toEqual(['unknown', 'unknown']);
    expect(await keys.authenticate(key)).toBeUndefined();
    expect(await keys.roleOf('ana')).toBeUndefined();
  });

  test('the last admin stays, also when two are revoked at the same moment', async () => {
    const { keys } = getStore();
    const live = async () => (await keys.list()).filter((key) => key.role === 'admin' && key.revokedAt === undefined);
    const two = await Promise.all([0, 1].map((n) => keys.create({ name: `last-${String(n)}`, role: 'admin' }, at(0))));
    for (const key of await live()) if (!two.some(({ info }) => info.id === key.id)) await keys.revoke(key.id, at(1));
    const answers = await Promise.all(two.map(({ info }) => keys.revoke(info.id, at(2))));
    expect(answers.sort()).toEqual(['last-admin', 'revoked']);
    expect(await live()).toHaveLength(1);
  });

  test('a key is checked by one comparison that takes as long wherever it differs, and as long for a key that nobody made', async () => {
    const { keys } = getStore();
    const { key } = await keys.create({ name: 'tim', role: 'viewer' }, at(0));
    const compare = jest.spyOn(crypto, 'timingSafeEqual');
    try {
      for (const given of [key, key.replace(/.{43}$/, 'A'.repeat(43)), `nsk_${'0'.repeat(12)}_${'B'.repeat(43)}`, 'anything']) {
        compare.mockClear();
        await keys.authenticate(given);
        expect(compare.mock.calls.map(([a, b]) => [a.byteLength, b.byteLength])).toEqual([[32, 32]]);
      }
    } finally {
      compare.mockRestore();
    }
  });

  test('a person has the strongest role of the keys that are left', async () => {
    const { keys } = getStore();
    await keys.create({ name: 'ben', role: 'viewer' }, at(0));
    const { info } = await keys.create({ name: 'ben', role: 'admin' }, at(0));
    expect(await keys.roleOf('ben')).toBe('admin');
    await keys.revoke(info.id, at(1));
    expect(await keys.roleOf('ben')).toBe('viewer');
    expect(await keys.roleOf('nobody')).toBeUndefined();
  });

  test('a key of the configuration is made once, follows it, and stays revoked', async () => {
    const { keys } = getStore();
    const given = 'a-long-and-random-text-from-a-file-0001';
    await keys.ensure({ name: 'root', role: 'admin' }, given, at(0));
    await keys.ensure({ name: 'root', role: 'responder' }, given, at(1));
    expect(await keys.authenticate(given)).toEqual({ name: 'root', role: 'responder' });
    const mine = (await keys.list()).filter((k) => k.name === 'root');
    expect(mine).toHaveLength(1);
    await keys.revoke(mine[0]?.id ?? '', at(2));
    await keys.ensure({ name: 'root', role: 'admin' }, given, at(3));
    expect(await keys.authenticate(given)).toBeUndefined();
    await expect(keys.ensure({ name: 'root', role: 'admin' }, 'short', at(0))).rejects.toMatchObject({ code: 'invalid_input' });
    const { key } = await keys.create({ name: 'eve', role: 'viewer' }, at(0));
    const forged = key.slice(0, -43) + 'A'.repeat(43);
    await expect(keys.ensure({ name: 'root', role: 'admin' }, forged, at(0))).rejects.toMatchObject({ code: 'conflict' });
  });

  test('all doors have one key of 32 bytes', async () => {
    const secrets = await Promise.all([getStore().doorKey.secret(), getStore().doorKey.secret()]);
    expect(secrets[0]).toHaveLength(32);
    expect(secrets[1]).toEqual(secrets[0]);
  });
}
