import { awsPast } from '../../adapters/aws/lookback/reader';
import type { PastReader } from '../../ports/lookback';
import { accessTo } from '../../test/fakes/aws/access';
import { startFakeAws } from '../../test/fakes/aws/server';
import { fillAws } from '../../test/fakes/past/fill-aws';
import type { Fortnight } from '../../test/fakes/past/world';

/** A reader with what ends it. */
export interface OpenReader {
  readonly reader: PastReader;
  readonly close: () => Promise<void>;
}

/** A fortnight behind the fake of AWS, with pages as large as the services give them, read over loopback by the SDK. Spaced calls do not wait: the fake has no allowance. */
export async function throughAws(world: Fortnight): Promise<OpenReader> {
  const aws = await startFakeAws({ pageSize: 'real' });
  fillAws(aws, world);
  const ids = [...new Set([world.account, ...world.deployments.map(({ account }) => account)])];
  const access = accessTo(
    aws,
    ids.map((id) => ({ id, regions: world.regions, environment: 'production' })),
  );
  const reader = awsPast(access, { now: () => Date.now(), wait: () => Promise.resolve() });
  return { reader, close: () => aws.close() };
}
