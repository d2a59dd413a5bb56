import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLogSets } from '../../../bench/logs/loghub';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'nightshift-logs-'))));
afterEach(() => rm(folder, { recursive: true }));

test('reads lines with commas, quotes and line breaks, and their truth', async () => {
  await writeFile(join(folder, 'Shop_2k.log_structured_corrected.csv'), 'LineId,Content,EventId,EventTemplate\n1,"a ""b"", c",E1,"a ""<*>"", c"\r\n2,d,E2,d\n');
  expect(await readLogSets(folder)).toEqual([
    {
      system: 'Shop',
      lines: ['a "b", c', 'd'],
      truth: [
        { group: 'E1', template: 'a "<*>", c' },
        { group: 'E2', template: 'd' },
      ],
    },
  ]);
});

test('says what is missing', async () => {
  await expect(readLogSets(folder)).rejects.toThrow(/--data/);
  await writeFile(join(folder, 'Shop_2k.log_structured.csv'), 'LineId,Content\n1,a\n');
  await expect(readLogSets(folder)).rejects.toThrow(/Shop has no column EventTemplate/);
});
