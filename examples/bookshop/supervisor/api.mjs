import { HttpError, route } from '../lib/http.mjs';
import { isHealthy } from './instance.mjs';

/** Identity of what the supervisor acts on. */
const IDENTITY = { account: 'bookshop-local', region: 'local', service: 'bookshop' };

/**
 * A call from its body. Throws HttpError 400 with what to send.
 * @param {unknown} body @returns {import('./deployer.mjs').Call}
 */
function callOf(body) {
  if (typeof body !== 'object' || body === null) throw new HttpError(400, 'Please send a JSON object with "by", and "release" for a deployment.');
  const { by, token, reason, release } = /** @type {Record<string, unknown>} */ (body);
  if (typeof by !== 'string' || by === '') throw new HttpError(400, 'Please say in "by" who asks.');
  for (const [name, value] of Object.entries({ token, reason, release })) {
    if (value !== undefined && value !== null && typeof value !== 'string') throw new HttpError(400, `"${name}" must be text.`);
  }
  return {
    by,
    token: typeof token === 'string' ? token : null,
    ...(typeof reason === 'string' ? { reason } : {}),
    ...(typeof release === 'string' ? { release } : {}),
  };
}

/** @param {URLSearchParams} query @param {string} name @param {number} otherwise */
function timeOf(query, name, otherwise) {
  const text = query.get(name);
  const time = text === null || text === '' ? otherwise : Number(text);
  if (Number.isFinite(time)) return time;
  throw new HttpError(400, `"${name}" is a time in milliseconds since the epoch.`);
}

/** @param {import('./ledger.mjs').Entry} entry @returns {import('../lib/http.mjs').Reply} */
function answer(entry) {
  return entry.state === 'done' ? { status: 200, body: { entry } } : { status: 409, body: { error: entry.detail, entry } };
}

/**
 * The HTTP door of the supervisor.
 * @param {import('./deployer.mjs').Deployer} deployer @param {string} url stable address of the service
 * @returns {import('../lib/http.mjs').Route[]}
 */
export function apiRoutes(deployer, url) {
  return [
    route('GET', '/v1/state', async () => {
      const { current, previous } = deployer.pointer.now;
      const { runner } = deployer;
      const instances = await Promise.all(
        runner.instances.map(async ({ id, name, release, pid, port, startedAt }) => {
          const draining = runner.isDrained(name);
          return { id, name, release, pid, port, startedAt, draining, healthy: !draining && (await isHealthy(port)) };
        }),
      );
      return { status: 200, body: { ...IDENTITY, current, previous, releases: deployer.releases(), instances, url } };
    }),
    route('GET', '/v1/ledger', ({ query }) => ({ status: 200, body: { entries: deployer.ledger.list(query.get('token')) } })),
    route('GET', '/v1/changes', ({ query }) => {
      const changes = deployer.changes.list(timeOf(query, 'from', 0), timeOf(query, 'to', Date.now()));
      return { status: 200, body: { changes } };
    }),
    route('POST', '/v1/deploy', async ({ body }) => {
      const call = callOf(body);
      if (call.release === undefined) throw new HttpError(400, 'Please say in "release" what to deploy.');
      const { release } = call;
      const known = deployer.releases().includes(release);
      const reply = answer(await deployer.deploy({ ...call, release }));
      return known ? reply : { ...reply, status: 422 };
    }),
    route('POST', '/v1/conditions', async ({ body }) => {
      deployer.runner.conditions.set(body);
      await deployer.runner.route(0);
      return { status: 200, body: deployer.runner.conditions.now };
    }),
    route('POST', '/v1/restart', async ({ body }) => answer(await deployer.restart(callOf(body)))),
    route('GET', '/healthz', () => ({ status: 200, body: { status: 'ok' } })),
  ];
}
