import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sealedFolder } from '../../../adapters/local/sealed-folder';
import { allOf } from '../../fakes/all-of';

describe('a folder of sealed texts', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'nightshift-sealed-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('comes to be with the first text, and gives all that begin so in their order', async () => {
    const sealed = sealedFolder(join(folder, 'deep', 'down'));
    expect(await allOf(sealed.all('anchor-'))).toEqual([]);
    await sealed.seal('anchor-2', 'b');
    await sealed.seal('anchor-1', 'a');
    writeFileSync(join(folder, 'deep', 'down', 'README'), 'x');
    const found = await Promise.all((await allOf(sealed.all('anchor-'))).map(async ({ key, name, read }) => [key, name, await read()]));
    expect(found).toEqual([1, 2].map((n) => [`anchor-${n}`, join(folder, 'deep', 'down', `anchor-${n}`), ' ab'[n]]));
  });

  test('never replaces one, and leaves nothing half written behind', async () => {
    const sealed = sealedFolder(folder);
    await sealed.seal('anchor-1', 'a');
    await expect(sealed.seal('anchor-1', 'b')).rejects.toMatchObject({ code: 'conflict' });
    expect(readdirSync(folder)).toEqual(['anchor-1']);
    expect(statSync(join(folder, 'anchor-1')).mode & 0o222).toBe(0);
  });
});
