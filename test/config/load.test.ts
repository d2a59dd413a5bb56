import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../config/load';
import { configJsonSchema } from '../../config/json-schema';
import type { NightshiftConfig } from '../../config/types';
import { NightshiftError } from '../../domain/errors';
import type { Problem } from '../../domain/errors';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nightshift-config-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

type Env = Record<string, string>;

function load(text: string | undefined, env: Env = {}): NightshiftConfig {
  if (text !== undefined) writeFileSync(join(folder, 'nightshift.yaml'), text);
  return loadConfig({ env, cwd: folder, runbookIds: () => ['rollback-release', 'restart-service'] });
}

function failure(text: string | undefined, env: Env = {}): NightshiftError {
  try {
    load(text, env);
  } catch (error) {
    if (error instanceof NightshiftError) return error;
    throw error;
  }
  throw new Error('the configuration was taken');
}

const lines = (problems: readonly Problem[]) => problems.map(({ path, message }) => `${path}: ${message}`);
const problemsOf = (text: string | undefined, env: Env = {}) => lines(failure(text, env).problems);

const target = '{ provider: local, partition: local, account: bookshop-local, region: local, kind: service, id: bookshop }';
const full = `
home: var
services:
  - name: bookshop
    environment: prod
    tier: critical
    owner: shop-team
    dependsOn: [payments]
    metrics:
      url: http://127.0.0.1:8080/metrics
      every: 5s
      names: { requests: bookshop_requests_total, latency: bookshop_request_seconds }
      saturation: [{ name: handles, used: handles_in_use, limit: handles_limit }, { name: cache, used: cache_bytes, limit: 1000000 }]
    logs: { file: log/bookshop.jsonl }
    limits:
      errorShare: { above: 0.05, for: 3s }
      latencyP95: { above: 800ms, for: 3s }
      silence: { for: 10s }
      minRequests: 30
    hands: { kind: supervisor, url: 'http://127.0.0.1:8081', target: ${target} }
  - { name: payments, environment: prod }
policy:
  rules:
    - { runbook: rollback-release, environment: prod, tier: critical, mode: approve, quorum: 2, reason: two pairs of eyes }
  approvals:
    approvers: [{ person: ana, services: [bookshop] }, { role: admin }]
    remindAfter: 10m
    notAuthor: true
    breakGlass: { enabled: true }
  limits: { actionsPerHour: 3 }
  freezes:
    - { name: weekend, zone: Europe/Berlin, environments: [prod], from: Fri 16:00, to: Mon 06:00 }
incidents: { watch: 0s, verification: { window: 5m }, activity: { effect: { grace: 7s } } }
notifications:
  - { channel: terminal, kind: terminal, on: [escalated] }
  - { channel: pager, kind: webhook, format: pagerduty, routingKey: { file: pd.key } }
  - { channel: chat, kind: webhook, format: slack, url: { env: SLACK_URL }, secret: { env: HOOK_SECRET }, timeout: 3s }
runbooks: { directory: ours }
`;

describe('the configuration', () => {
  it('has production defaults without any file', () => {
    const config = load(undefined);
    expect(config).toMatchObject({
      home: join(folder, '.nightshift'),
      profile: 'default',
      api: { host: '127.0.0.1', port: 7070, bodyLimitBytes: 1_048_576, doorTimeoutMs: 5000 },
      temporal: { namespace: 'default', taskQueue: 'nightshift' },
      store: {},
      services: [],
      detector: { everyMs: 15_000, windowMs: 60_000 },
      inbox: { limit: 100_000 },
      retention: { samplesMs: 86_400_000 },
      notifications: [{ channel: 'terminal', kind: 'terminal' }],
      policy: {
        rules: [],
        limits: { actionsPerHour: 10, attemptsPerTargetPerDay: 4, targetsAtOnce: 3, shareOfFleet: 0.5 },
        brake: { incidents: 10, withinMs: 600_000 },
        freezes: [],
        approvals: { remindAfterMs: 1_800_000, expireAfterMs: 259_200_000, validForMs: 3_600_000 },
      },
      incidents: {
        evidence: { baselineMs: 1_800_000, lookbackMs: 7_200_000, stepMs: 60_000 },
        verification: { settleMs: 60_000, windowMs: 180_000, minRequests: 50, timeoutMs: 1_200_000 },
        watchMs: 1_800_000,
        selfHealMs: 1_200_000,
        maxHypotheses: 3,
        lockRetry: { firstMs: 5000, maxMs: 300_000 },
        dedupeSize: 500,
        maxHistoryEvents: 3000,
      },
    });
    expect(config).not.toHaveProperty('file');
  });

  it('has a fast profile for tests and the demo, by file or environment', () => {
    const fast = {
      profile: 'fast',
      detector: { everyMs: 1000, windowMs: 4000 },
      incidents: {
        evidence: { baselineMs: 20_000, lookbackMs: 60_000, stepMs: 1000 },
        verification: { settleMs: 2000, windowMs: 4000, minRequests: 20, timeoutMs: 40_000 },
        watchMs: 4000,
        selfHealMs: 45_000,
        lockRetry: { firstMs: 200, maxMs: 2000 },
      },
    };
    expect(load('profile: fast')).toMatchObject(fast);
    expect(load('profile: default', { NIGHTSHIFT_PROFILE: 'fast' })).toMatchObject(fast);
  });

  it('reads a whole file: durations in ms, paths from the file, secrets by reference', () => {
    writeFileSync(join(folder, 'pd.key'), 'R0UT1NG\n');
    const config = load(full, { SLACK_URL: 'https://hooks.slack.example/T/B/x', HOOK_SECRET: 's3cret' });
    expect(config.home).toBe(join(folder, 'var'));
    expect(config.file).toBe(join(folder, 'nightshift.yaml'));
    expect(config.services).toEqual([
      {
        name: 'bookshop',
        environment: 'prod',
        tier: 'critical',
        owner: 'shop-team',
        dependsOn: ['payments'],
        metrics: {
          url: 'http://127.0.0.1:8080/metrics',
          everyMs: 5000,
          names: { requests: 'bookshop_requests_total', latency: 'bookshop_request_seconds' },
          saturation: [
            { name: 'handles', used: 'handles_in_use', limit: 'handles_limit' },
            { name: 'cache', used: 'cache_bytes', limit: 1_000_000 },
          ],
        },
        logs: { file: join(folder, 'log/bookshop.jsonl') },
        limits: { errorShare: { above: 0.05, forMs: 3000 }, latencyP95Ms: { above: 800, forMs: 3000 }, silence: { forMs: 10_000 }, minRequests: 30 },
        hands: {
          kind: 'supervisor',
          url: 'http://127.0.0.1:8081',
          target: { provider: 'local', partition: 'local', account: 'bookshop-local', region: 'local', kind: 'service', id: 'bookshop' },
        },
      },
      { name: 'payments', environment: 'prod', tier: 'standard', dependsOn: [] },
    ]);
    expect(config.policy.rules).toEqual([
      { runbook: 'rollback-release', environment: 'prod', tier: 'critical', mode: 'approve', quorum: 2, reason: 'two pairs of eyes' },
    ]);
    expect(config.policy.approvals).toMatchObject({
      approvers: [
        { person: 'ana', services: ['bookshop'], environments: ['*'] },
        { role: 'admin', services: ['*'], environments: ['*'] },
      ],
      notAuthor: true,
      remindAfterMs: 600_000,
      breakGlass: { enabled: true, role: 'admin' },
    });
    expect(config.policy.limits).toEqual({ actionsPerHour: 3, attemptsPerTargetPerDay: 4, targetsAtOnce: 3, shareOfFleet: 0.5 });
    expect(config.incidents).toMatchObject({ watchMs: 0, verification: { settleMs: 60_000, windowMs: 300_000 }, activity: { effect: { graceMs: 7000 } } });
    expect(config.notifications).toEqual([
      { channel: 'terminal', kind: 'terminal', on: ['escalated'] },
      {
        channel: 'pager',
        kind: 'webhook',
        format: 'pagerduty',
        url: 'https://events.pagerduty.com/v2/enqueue',
        routingKey: 'R0UT1NG',
        timeoutMs: 10_000,
        allowPrivate: false,
      },
      { channel: 'chat', kind: 'webhook', format: 'slack', url: 'https://hooks.slack.example/T/B/x', secret: 's3cret', timeoutMs: 3000, allowPrivate: false },
    ]);
    expect(config.runbooks).toEqual({ directory: join(folder, 'ours') });
  });

  it('is frozen to its depth', () => {
    writeFileSync(join(folder, 'pd.key'), 'x');
    const config = load(full, { SLACK_URL: 'https://hooks.slack.example/x', HOOK_SECRET: 's' });
    const open: string[] = [];
    const visit = (value: unknown, path: string): void => {
      if (typeof value !== 'object' || value === null) return;
      if (!Object.isFrozen(value)) open.push(path);
      for (const [key, member] of Object.entries(value)) visit(member, `${path}.${key}`);
    };
    visit(config, 'config');
    expect(open).toEqual([]);
  });

  it('takes unsigned decisions by default only where the store is embedded', () => {
    const both = (config: NightshiftConfig) => [config.policy.approvals.allowUnverified, config.incidents.allowUnverified];
    expect(both(load(''))).toEqual([true, true]);
    expect(both(load('', { DATABASE_URL: 'postgres://db/x' }))).toEqual([false, false]);
    expect(both(load('policy: { approvals: { allowUnverified: true } }', { DATABASE_URL: 'postgres://db/x' }))).toEqual([true, true]);
    expect(both(load('policy: { approvals: { allowUnverified: false } }'))).toEqual([false, false]);
  });

  it('lets the environment win over the file', () => {
    const text = 'home: var\ntemporal: { address: "a:1", namespace: n }\nstore: { databaseUrl: { env: OTHER } }';
    const env = {
      TEMPORAL_ADDRESS: 'b:2',
      TEMPORAL_NAMESPACE: 'm',
      NIGHTSHIFT_HOME: 'elsewhere',
      DATABASE_URL: 'postgresql://db/one',
      OTHER: 'postgresql://db/two',
    };
    expect(load(text, env)).toMatchObject({
      home: join(folder, 'elsewhere'),
      temporal: { address: 'b:2', namespace: 'm' },
      store: { databaseUrl: 'postgresql://db/one' },
    });
    expect(load(text, { OTHER: env.OTHER })).toMatchObject({
      home: join(folder, 'var'),
      temporal: { address: 'a:1', namespace: 'n' },
      store: { databaseUrl: 'postgresql://db/two' },
    });
  });

  it('is found by NIGHTSHIFT_CONFIG, and must then be there', () => {
    mkdirSync(join(folder, 'conf'));
    writeFileSync(join(folder, 'conf/n.yaml'), 'profile: fast');
    expect(load(undefined, { NIGHTSHIFT_CONFIG: 'conf/n.yaml' })).toMatchObject({ profile: 'fast', home: join(folder, 'conf/.nightshift') });
    expect(failure(undefined, { NIGHTSHIFT_CONFIG: 'gone.yaml' })).toMatchObject({
      code: 'invalid_config',
      message: expect.stringContaining(`there is no file ${join(folder, 'gone.yaml')}`),
    });
    expect(failure(undefined, { NIGHTSHIFT_CONFIG: 'conf' }).message).toMatch(/is a folder/);
  });

  it('has a published JSON Schema that is current (node scripts/run.mjs --script scripts/write-schemas.js writes it)', () => {
    expect(JSON.parse(readFileSync(join(__dirname, '../../config/nightshift.schema.json'), 'utf8'))).toEqual(configJsonSchema());
  });
});

describe('a wrong configuration', () => {
  it('tells every problem at once, over all sections', () => {
    const error = failure(
      [
        'polcy: {}',
        'profile: quick',
        'api: { port: 70000, host: 7 }',
        'services:',
        '  - { name: Book Shop, environment: prod }',
        '  - { name: cart, environment: prod, dependsOn: [bok], limits: { silence: { for: 10 } } }',
        '  - { name: book, environment: prod, dependsOn: [cartt], metrics: { url: "ftp://x" } }',
        'incidents: { watch: soon }',
        'detector: { every: 2m }',
        'store: { databaseUrl: "postgres://u:hunter2@db/x" }',
      ].join('\n'),
    );
    expect(error.code).toBe('invalid_config');
    expect(error.message).toBe(`10 things are wrong in the configuration (${join(folder, 'nightshift.yaml')}).`);
    expect(lines(error.problems)).toEqual([
      'polcy: is not a known key; did you mean policy?',
      'profile: must be one of default, fast',
      'api.host: must be text; put it in quotes: "7"',
      'api.port: is too large; at most 65535',
      'services.0.name: is not a usable name; use small letters, digits, dots, _ and -, at most 63, beginning with a letter or digit',
      'services.1.limits.silence.for: 10 has no unit; write 10s, 10m or 10h',
      'services.2.metrics.url: must begin with http:// or https://',
      'incidents.watch: is not a duration; write a whole number and a unit, such as 500ms, 90s, 15m, 2h or 3d',
      'store.databaseUrl: is a secret, which is never written here; write {env: NAME} to read a variable of the environment, or {file: path} to read a file',
      'detector.window: must not be shorter than every',
    ]);
    expect(JSON.stringify(error.problems) + error.message).not.toContain('hunter2');
  });

  it.each<[string, string, string]>([
    ['unknown key deep inside', 'incidents: { verification: { setle: 1s } }', 'incidents.verification.setle: is not a known key; did you mean settle?'],
    ['unknown key in a list', 'policy: { rules: [{ mode: approve, run_book: x }] }', 'policy.rules.0.run_book: is not a known key; did you mean runbook?'],
    [
      'unknown key in a channel',
      'notifications: [{ channel: t, kind: terminal, url: x }]',
      'notifications.0.url: is not a known key; known: channel, kind, on',
    ],
    ['unknown kind of channel', 'notifications: [{ channel: t, kind: email }]', 'notifications.0.kind: must be one of terminal, webhook'],
    [
      'zone that is none',
      'policy: { freezes: [{ name: w, zone: Berlin, from: Fri 16:00, to: Mon 06:00 }] }',
      'policy.freezes.0.zone: Berlin is not a time zone; write an IANA name such as Europe/Berlin, America/New_York or UTC',
    ],
    [
      'runbook that is not in the catalogue',
      'policy: { rules: [{ mode: approve, runbook: rollback-relase }] }',
      'policy.rules.0.runbook: rollback-relase is not in the catalogue; did you mean rollback-release?',
    ],
    [
      'approver scope that names nobody',
      'policy: { approvals: { approvers: [{ services: ["*"] }] } }',
      'policy.approvals.approvers.0: names nobody; give a person, or a role for everyone who has it',
    ],
    [
      'role that may not approve',
      'policy: { approvals: { approvers: [{ role: viewer }] } }',
      'policy.approvals.approvers.0.role: must be one of approver, admin',
    ],
    [
      'quorum that nobody can reach',
      'policy: { approvals: { quorum: 2, approvers: [{ person: ana }] } }',
      'policy.approvals.quorum: asks for 2 persons, but approvers names only 1; nobody could ever approve',
    ],
    [
      'reminder after the expiry',
      'policy: { approvals: { remindAfter: 4d } }',
      'policy.approvals.remindAfter: must be shorter than expireAfter, or nobody is ever reminded',
    ],
    [
      'time-out shorter than the measure',
      'incidents: { verification: { timeout: 1m } }',
      'incidents.verification.timeout: must be at least settle and window together',
    ],
    [
      'channel named twice',
      'notifications: [{ channel: t, kind: terminal }, { channel: t, kind: terminal }]',
      'notifications.1.channel: t is used twice; give each channel its own name',
    ],
    [
      'Temporal address that is a URL',
      'temporal: { address: "http://x:7233" }',
      'temporal.address: must be host:port, such as 127.0.0.1:7233, without http://',
    ],
    [
      'password in a URL',
      'api: { publicUrl: "https://u:p@x.example" }',
      'api.publicUrl: holds a user or a password; leave them out, and keep secrets as {env: NAME} or {file: path}',
    ],
    [
      'PagerDuty without its key',
      'notifications: [{ channel: c, kind: webhook, format: pagerduty }]',
      'notifications.0.routingKey: is missing; PagerDuty needs the integration key as {env: NAME} or {file: path}',
    ],
    [
      'inline secret',
      'notifications: [{ channel: c, kind: webhook, url: "http://x.example", secret: abc }]',
      'notifications.0.secret: is a secret, which is never written here; write {env: NAME} to read a variable of the environment, or {file: path} to read a file',
    ],
    [
      'variable that is not set',
      'store: { firstAdminKey: { env: NOPE } }',
      'store.firstAdminKey: the environment has no variable NOPE, or it is empty; set it',
    ],
    [
      'text that is not YAML',
      'api: [',
      'line 1, column 7: is not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    ['list as a whole', '- a', ': the file must hold a group of keys such as services: and policy:'],
  ])('%s is told with its path', (_, text, problem) => {
    expect(problemsOf(text)).toContain(problem);
  });

  it('of services that do not fit together is told', () => {
    const hands = `hands: { kind: supervisor, url: "http://127.0.0.1:1", target: ${target} }`;
    const text = `
services:
  - { name: bookshop, environment: prod, dependsOn: [paymnts, bookshop], ${hands} }
  - { name: payments, environment: prod, ${hands}, limits: { silence: { for: 5s } } }
  - { name: payments, environment: prod }
  - { name: payments, environment: demo }
policy:
  rules: [{ mode: observe, service: bookshp }]
  freezes: [{ name: w, zone: UTC, environments: [production], from: Fri 16:00, to: Mon 06:00 }]
`;
    expect(problemsOf(text)).toEqual([
      'services.0.dependsOn.0: paymnts is not a service in prod; did you mean payments?',
      'services.0.dependsOn.1: names the service itself; remove it',
      'services.1.limits: cannot be watched without metrics; add metrics.url',
      'services.2.name: prod/payments is declared twice; names are used once in an environment',
      'services.1.hands.target: local/local/bookshop-local/local/service/bookshop is the target of another service too; each service has its own',
      'policy.rules.0.service: no service of the inventory fits service bookshp; did you mean bookshop?',
      'policy.freezes.0.environments.0: no service of the inventory fits environment production; did you mean prod?',
    ]);
  });

  it('by the environment is told by its variable, without its secret', () => {
    expect(problemsOf(undefined, { NIGHTSHIFT_PROFILE: 'fsat', TEMPORAL_ADDRESS: 'http://x', DATABASE_URL: 'mysql://u:hunter2@x' })).toEqual([
      'DATABASE_URL: must begin with postgres:// or postgresql://; other databases are not supported',
      'NIGHTSHIFT_PROFILE: fsat is not a profile; did you mean fast?',
      'TEMPORAL_ADDRESS: must be host:port, such as 127.0.0.1:7233, without http://',
    ]);
  });
});
