import { awsAccess } from '../adapters/aws/access';
import { cloudWatchQueries } from '../adapters/aws/metric-queries';
import { cloudWatchNumbers } from '../adapters/aws/service-numbers';
import type { AwsConfig } from '../config/types';
import { errorMessage } from '../domain/errors';
import type { Service } from '../domain/inventory';
import type { Clock } from '../ports/clock';
import type { Finding } from './doctor-services';

/** So much of the past is looked at, hour by hour: a service that is used has values in it. */
const DAYS = 14;
const HOUR_MS = 3_600_000;

/** Asks CloudWatch for the numbers of a service, as the running system would; one question a metric, which is billed. */
export async function cloudWatchFinding(service: Service, clock: Clock, aws: AwsConfig | undefined): Promise<Finding> {
  const check = `${service.name} metrics`;
  const resources = service.metrics?.cloudwatch ?? [];
  if (!aws) return { check, ok: false, detail: 'no account of AWS is configured', mend: 'Add aws.accounts to nightshift.yaml; docs/aws.md says how.' };
  try {
    const now = clock.now();
    const refused = (_place: string, reason: unknown): never => {
      throw reason;
    };
    const samples = await cloudWatchNumbers(cloudWatchQueries(awsAccess(aws)), clock, refused).past(service, now - DAYS * 24 * HOUR_MS, now, HOUR_MS);
    const requests = samples.flatMap(({ routes }) => Object.values(routes)).reduce((sum, route) => sum + route.requests, 0);
    const telling = new Set(samples.map(({ instance }) => instance)).size;
    const detail = `CloudWatch counts ${String(Math.round(requests))} requests in ${String(DAYS)} days; ${String(telling)} of ${String(resources.length)} resources have values`;
    const mend = 'Is it used, and are namespace, name and dimensions those of aws cloudwatch list-metrics?';
    return { check, ok: telling > 0, detail, ...(telling === 0 && { mend }) };
  } catch (error) {
    return { check, ok: false, detail: errorMessage(error), mend: 'npx nightshift doctor --aws says what the credentials may read.' };
  }
}
