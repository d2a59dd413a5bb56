import type { RecognisedMetrics } from '../domain/metric-conventions';

/** What a first configuration is written for. */
export interface StarterOptions {
  readonly service: string;
  readonly environment: string;
  readonly metricsUrl?: string;
  /** What was found there; absent where nothing answered or nobody looked. */
  readonly metrics?: RecognisedMetrics;
  /** Absolute path. */
  readonly log?: string;
  /** Folder that the program starts in, absolute, where it is not the file's own. */
  readonly directory?: string;
  /** Program, with its first arguments, that takes `current`, `releases`, `deploy RELEASE` and `restart`. */
  readonly program?: readonly string[];
}

/** How every first configuration ends: approvals and channels. */
export const STARTER_END = `  approvals:
    quorum: 1 # persons who must approve

# Where it says so, besides the terminal. Secrets are never written here: {env: NAME} reads a variable, {file: path} a file.
#notifications:
#  - { channel: terminal, kind: terminal }
#  - { channel: team, kind: webhook, format: slack, url: { env: SLACK_WEBHOOK_URL } }
`;

/** A first `nightshift.yaml` for one service, with remarks: watched, and only watched until its owner changes the rule at its end. */
export function starterText(options: StarterOptions): string {
  const { service, environment } = options;
  return `# Nightshift's configuration, written by \`nightshift init\`. docs/your-service.md says how to go on, docs/nightshift.example.yaml shows every setting.
# After a change: npx nightshift config check, then start again.

services:
  - name: ${quoted(service)}
    environment: ${quoted(environment)}
    tier: standard # critical, standard or low
    #owner: your team
    #dependsOn: [] # other services of this file that it calls; their health is evidence
${metricsText(options)}${logText(options)}${limitsText(options)}${handsText(options)}
# What Nightshift may do. Of the rules that match, the most cautious wins.
policy:
  rules:
    # A new service is observed: Nightshift says what it would do, and does nothing. Once you agree with what it says, go on:
    #   suggest   it shows the exact remedy, and a person does it
    #   approve   it does the remedy after a person has approved exactly that
    - { service: ${quoted(service)}, mode: observe, reason: it is new here }
${STARTER_END}`;
}

function metricsText({ metricsUrl, metrics }: StarterOptions): string {
  const found = metrics?.saturation ?? [];
  const memory = '- { name: memory, used: process_resident_memory_bytes, limit: 1073741824 } # a number is a limit that you set';
  const lines = [
    '    metrics: # Prometheus text format',
    `      url: ${quoted(metricsUrl ?? 'http://127.0.0.1:8000/metrics')}`,
    '      every: 15s',
    ...nameLines(metrics),
    ...(metrics && metrics.ownRoutes.length > 0 ? [`      ignoreRoutes: ${flow(metrics.ownRoutes)} # no use of the service`] : []),
    `      ${found.length > 0 ? '' : '#'}saturation: # resources that can fill up: a gauge, and its limit as a gauge or a number`,
    ...found.map(({ name, used, limit }) => `        - { name: ${quoted(name)}, used: ${used}, limit: ${limit} }`),
    ...(found.length === 0 || metrics?.memory === true ? [`      #  ${memory}`] : []),
  ];
  return text(lines, metricsUrl === undefined);
}

function nameLines(metrics: RecognisedMetrics | undefined): string[] {
  if (metrics === undefined) return ['      names: { requests: http_requests_total, latency: http_request_duration_seconds } # the usual ones; name yours'];
  if (metrics.requests === undefined) {
    const maybe = metrics.candidates.length > 0 ? `; it may be one of ${metrics.candidates.join(', ')}` : '';
    return [
      `      # No counter of requests was recognised${maybe}.`,
      '      # Name yours and its histogram; labels for status and route are found by their usual names, or named too (status:, route:).',
      '      #names: { requests: http_requests_total, latency: http_request_duration_seconds }',
    ];
  }
  const { requests, latency, unit, hasStatus } = metrics;
  const parts = [`requests: ${requests}`, ...(latency === undefined ? [] : [`latency: ${latency}`]), ...(unit === undefined ? [] : [`unit: ${unit}`])];
  return [
    `      names: { ${parts.join(', ')} }`,
    ...(hasStatus ? [] : ['      # These requests carry no status. Where failures are counted apart, add to names: errors: <that counter>']),
  ];
}

function logText({ log }: StarterOptions): string {
  return text(
    [
      '    logs: # JSON lines with a time, a level and a message, or plain lines that begin with a time',
      `      file: ${quoted(log ?? '/var/log/service.log')}`,
    ],
    log === undefined,
  );
}

function limitsText({ metricsUrl, metrics }: StarterOptions): string {
  const judged = metrics === undefined || (metrics.requests !== undefined && metrics.hasStatus);
  const lines = [
    '    limits: # what opens an incident: broken for so long, without a break',
    ...switchable('      errorShare: { above: 0.05, for: 2m } # share of failed requests, 0 to 1', judged),
    ...switchable('      latencyP95: { above: 1500ms, for: 5m }', metrics === undefined || metrics.latency !== undefined),
    ...switchable('      silence: { for: 3m } # no answer, or no request at all; leave it out for a service that is idle at times', false),
    '      minRequests: 20 # with fewer in the window, error share and latency are not judged',
  ];
  return text(lines, metricsUrl === undefined);
}

function handsText({ program, directory }: StarterOptions): string {
  const call = (...words: string[]): string => flow([...(program ?? ['./ctl']), ...words]);
  return text(
    [
      '    hands: # commands of yours, program and arguments; no shell reads them. Leave out what you do not have',
      '      kind: commands',
      '      commands:',
      `        current: ${call('current')} # prints the release that runs`,
      `        releases: ${call('releases')} # prints the releases, the newest first, with the time of their deployment`,
      `        deploy: ${call('deploy', '{release}')}`,
      `        restart: ${call('restart')}`,
      directory === undefined ? '      #directory: . # where they run' : `      directory: ${quoted(directory)} # where they run`,
      '      #pass: [SSH_AUTH_SOCK] # variables that they get besides PATH, HOME and the language',
      '      #secrets: { DEPLOY_KEY: { env: DEPLOY_KEY } }',
    ],
    program === undefined,
  );
}

/** Lines as they are, or switched off. */
function text(lines: readonly string[], off: boolean): string {
  const written = off
    ? lines.map((line) => line.replace(/^( {4})(.*)$/, (_whole, space: string, rest: string) => `${space}#${rest.replace(/^( *)#/, '$1')}`))
    : lines;
  return `${written.join('\n')}\n`;
}

function switchable(line: string, on: boolean): string[] {
  return [on ? line : line.replace(/^( *)/, '$1#')];
}

function flow(words: readonly string[]): string {
  return `[${words.map(quoted).join(', ')}]`;
}

/** A text as YAML reads it back: plain where nothing can be mistaken, else in quotes. */
export function quoted(word: string): string {
  if (/^(--?)?[A-Za-z./][A-Za-z0-9./_-]*$/.test(word) && !/^(true|false|yes|no|on|off|null|y|n|\.+)$/i.test(word)) return word;
  return /^[\x20-\x7e]+$/.test(word) ? `'${word.replaceAll("'", "''")}'` : JSON.stringify(word);
}
