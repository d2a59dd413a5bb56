import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbedded } from '../../../adapters/postgres/open';
import type { Store } from '../../../ports/store';
import { CHANNELS } from './samples-of-data';
import { storeContract } from './store-contract';

describe('the embedded store', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-'));
  let store: Store;
  beforeAll(async () => {
    store = await openEmbedded({ home: join(folder, 'home'), channels: CHANNELS });
  }, 120_000);
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  storeContract(() => store);

  test('its home is for its owner alone', () => {
    expect(statSync(join(folder, 'home')).mode & 0o777).toBe(0o700);
  });
});
