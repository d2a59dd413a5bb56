import { type Bookshop, badlyAnswered, call, loadBookshop, pause, scratch, until } from './support/bookshop';

const folder = scratch();
let bookshop: Bookshop;

/** Failed share of the last `ms` milliseconds. */
function share(ms: number): number {
  const now = Date.now();
  return badlyAnswered(bookshop, folder.dir, now - ms, now);
}

beforeAll(async () => {
  bookshop = await loadBookshop();
});
afterAll(() => folder.remove());

test('two-releases: errors begin after both, 1.5.0 does not heal them, 1.4.0 does', async () => {
  const { launching, faults } = bookshop;
  const shop = await launching.launch({ dir: folder.dir });
  const deploy = (release: string) => call('POST', `${shop.supervisor.url}/v1/deploy`, { release, by: 'nightshift' });
  const failing = () => until('an error share over 0.15', 20_000, () => (share(1250) > 0.15 ? true : undefined));
  try {
    await pause(1000);
    const { startedAt, injectedAt } = await faults.inject('two-releases', { dir: folder.dir });
    await failing();
    expect(badlyAnswered(bookshop, folder.dir, startedAt, injectedAt)).toBe(0);

    expect((await deploy('1.5.0')).status).toBe(200);
    await failing();
    expect((await deploy('1.4.0')).status).toBe(200);
    await pause(3000);
    expect(share(2000)).toBe(0);

    const { body } = await call('GET', `${shop.supervisor.url}/v1/changes?from=${startedAt}&to=${Date.now()}`);
    expect(body['changes']).toMatchObject([
      { kind: 'deployment', from: '1.4.0', to: '1.5.0', author: 'release-train' },
      { kind: 'deployment', from: '1.5.0', to: '1.5.1', author: 'release-train' },
      { kind: 'rollback', from: '1.5.1', to: '1.5.0', author: 'nightshift' },
      { kind: 'rollback', from: '1.5.0', to: '1.4.0', author: 'nightshift' },
    ]);
  } finally {
    await shop.stop();
  }
}, 70_000);
