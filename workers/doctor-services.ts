import { createFileLog } from '../adapters/local/file-log';
import { readText } from '../adapters/local/http';
import { parsePrometheusText, parsePrometheusTypes } from '../adapters/local/prometheus-format';
import { samplesOf } from '../adapters/local/prometheus-text';
import { programProblems } from '../config/command-checks';
import type { NightshiftConfig } from '../config/types';
import { errorMessage } from '../domain/errors';
import type { Service } from '../domain/inventory';
import { recognisedLines, recogniseMetrics } from '../domain/metric-conventions';
import type { RunbookSnapshot } from '../domain/runbook';
import { isForKind, missingHands } from '../domain/runbook-needs';
import type { Clock } from '../ports/clock';
import type { Hands, TargetState } from '../ports/hands';
import { cloudWatchFinding } from './doctor-cloudwatch';
import { prometheusFinding } from './doctor-prometheus';
import { localSenses, NO_STATE } from './senses';

/** One thing that was looked at. */
export interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly mend?: string;
}

const LOOK = { timeoutMs: 5_000, maxBytes: 4 * 1024 * 1024 } as const;
const TAIL_BYTES = 256 * 1024;

/** Looks at the metrics, the log and the hands of every service, as the running system would; nothing is changed. */
export async function serviceFindings(config: NightshiftConfig, catalogue: readonly RunbookSnapshot[], clock: Clock): Promise<Finding[]> {
  const { hands } = localSenses(clock, { state: NO_STATE, commandEnvironments: config.commandEnvironments, actions: config.actions });
  const missing = programProblems(config).map((problem) => ({
    check: 'programs',
    ok: false,
    detail: `${problem.path}: ${problem.message}`,
    mend: 'Correct the path, or install it.',
  }));
  const found = await Promise.all(
    config.services.map(async (service) => [
      ...(await metricsFindings(service, clock, config)),
      ...(await logFindings(service, clock)),
      ...(await handsFindings(service, catalogue, hands)),
    ]),
  );
  return [...missing, ...found.flat()];
}

async function metricsFindings(service: Service, clock: Clock, { prometheusAuth: authorization, aws }: NightshiftConfig): Promise<Finding[]> {
  if (!service.metrics) return [];
  if (service.metrics.prometheus) return [await prometheusFinding(service, clock.now(), { ...LOOK, authorization })];
  if (service.metrics.cloudwatch) return [await cloudWatchFinding(service, clock, aws)];
  const { url, names } = service.metrics;
  const check = `${service.name} metrics`;
  let text: string;
  try {
    text = await readText(url, LOOK);
  } catch (error) {
    return [{ check, ok: false, detail: errorMessage(error), mend: 'Is the service up, and is this its address as seen from here?' }];
  }
  const [sample] = samplesOf(service, text, clock.now(), service.name);
  if (sample?.up === true) {
    const requests = Object.values(sample.routes).reduce((sum, route) => sum + route.requests, 0);
    const latency =
      sample.latency.counts.length > 0 ? `${names.latency} tells how long they take` : `${names.latency} has no buckets, so latency is not watched`;
    return [{ check, ok: true, detail: `${url} counts ${requests} requests in ${names.requests}; ${latency}` }];
  }
  const lines = recognisedLines(recogniseMetrics(parsePrometheusText(text), parsePrometheusTypes(text)));
  return [
    {
      check,
      ok: false,
      detail: `${url} answers, but has neither ${names.requests} nor ${names.latency}`,
      mend: `Set metrics.names. Found there: ${lines.join('; ')}.`,
    },
  ];
}

async function logFindings(service: Service, clock: Clock): Promise<Finding[]> {
  if (!service.logs) return [];
  const check = `${service.name} log`;
  try {
    const lines = await createFileLog({ maxBytes: TAIL_BYTES }).read(service, 0, clock.now(), 1);
    const last = lines.at(-1);
    if (last) return [{ check, ok: true, detail: `${service.logs.file}, last line of ${new Date(last.at).toISOString()}` }];
    const mend = 'Lines are read that are JSON with a time, or begin with one.';
    return [{ check, ok: false, detail: `${service.logs.file} has no line with a time that is understood`, mend }];
  } catch (error) {
    return [{ check, ok: false, detail: errorMessage(error), mend: 'Correct logs.file, or let this user read it.' }];
  }
}

const MENDS: Readonly<Record<NonNullable<Service['hands']>['kind'], string>> = {
  commands: 'Run it by hand in hands.directory. docs/your-service.md says what it must print.',
  supervisor: 'Is the supervisor up?',
  aws: 'The role actuator.role of the account must trust these credentials, with its external id and session tags; infra/ has its policy.',
};

async function handsFindings(service: Service, catalogue: readonly RunbookSnapshot[], hands: Hands): Promise<Finding[]> {
  const own = service.hands;
  if (!own) return [];
  const check = `${service.name} hands`;
  try {
    const state = await hands.describe(service);
    const detail = own.kind === 'aws' ? `${state.account}/${state.region} answers its actuator` : stateText(state);
    const fitting = catalogue.filter(({ runbook }) => isForKind(runbook, own));
    const lacking = fitting.flatMap(({ runbook }) => {
      const missing = missingHands(runbook, own);
      return missing.length > 0 ? [`${runbook.id} is never proposed: it needs ${missing.join(', ')}`] : [];
    });
    return [{ check, ok: true, detail: [detail, ...lacking].join('; ') }];
  } catch (error) {
    return [
      {
        check,
        ok: false,
        detail: errorMessage(error),
        mend: MENDS[own.kind],
      },
    ];
  }
}

function stateText({ release, releases, startedAt }: TargetState): string {
  const since = startedAt === undefined ? 'nothing tells since when, so that a restart could not be confirmed' : `since ${startedAt}`;
  return `${release ?? 'an unknown release'} runs, ${since}; releases: ${releases.join(', ') || 'none'}`;
}
