import type { ResolvedService } from './command-environments';
import type { Secrets } from './secrets';

/** What is sent as `Authorization` to the Prometheus servers, by `environment/name` of the service. It stands apart from the inventory, which is shown and passed around. Mistakes are noted in `secrets`. */
export function prometheusAuth(all: readonly ResolvedService[], secrets: Secrets): Record<string, string> {
  return Object.fromEntries(
    all.flatMap(({ source, service, path }) => {
      const { metrics } = source;
      if (metrics === undefined) return [];
      const at = `${path}.metrics`;
      if ([metrics.url, metrics.prometheus, metrics.cloudwatch].filter((each) => each !== undefined).length !== 1)
        secrets.problems.push({
          path: at,
          message: 'needs either url, where the service shows its own numbers, or prometheus, a server that has them, or cloudwatch, which knows those of AWS',
        });
      const { token, basic } = metrics.prometheus ?? {};
      if (token && basic) secrets.problems.push({ path: `${at}.prometheus`, message: 'has both token and basic; leave one out' });
      const header = token
        ? bearer(secrets.read(token, `${at}.prometheus.token`))
        : basic && basicOf(basic.user, secrets.read(basic.password, `${at}.prometheus.basic.password`));
      return header === undefined ? [] : [[`${service.environment}/${service.name}`, header] as const];
    }),
  );
}

function bearer(token: string | undefined): string | undefined {
  return token === undefined ? undefined : `Bearer ${token}`;
}

function basicOf(user: string, password: string | undefined): string | undefined {
  return password === undefined ? undefined : `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
