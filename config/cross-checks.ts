import type { Problem } from '../domain/errors';
import { targetId } from '../domain/inventory';
import type { Service } from '../domain/inventory';
import { suggestion } from '../domain/nearest';
import type { Policy } from '../domain/policy-types';
import { unmatchedRules } from '../domain/runbook-source';
import { commandProblems } from './command-checks';
import { seriesNameProblems } from './resolve-series';
import { alertProblems } from './resolve-alerts';
import { awsHandsProblems } from './resolve-aws-hands';
import { cloudWatchProblems } from './resolve-cloudwatch';
import { correlationProblems } from './resolve-correlation';
import { triageProblems } from './resolve-triage';
import type { NightshiftConfig } from './types';

/** What the cross-checks look at beside the configuration. */
export interface CrossCheckFacts {
  /** Path in the file of each service. */
  readonly servicePaths: readonly string[];
  /** True when the file has services that could not be read; names are then not called unknown. */
  readonly incomplete: boolean;
  /** Ids of the catalogue, where it is known. */
  readonly runbookIds?: readonly string[] | undefined;
}

/** What does not fit together although each part is well formed. */
export function crossCheck(config: NightshiftConfig, facts: CrossCheckFacts): Problem[] {
  return [
    ...config.services.flatMap((service, i) => serviceProblems(service, facts.servicePaths[i] ?? `services.${i}`, config.services, facts)),
    ...repeated(
      config.services,
      facts,
      (service) => `${service.environment}/${service.name}`,
      'name',
      'is declared twice; names are used once in an environment',
    ),
    ...repeated(
      config.services,
      facts,
      (service) => (service.hands ? targetId(service.hands.target) : undefined),
      'hands.target',
      'is the target of another service too; each service has its own',
    ),
    ...(facts.incomplete ? [] : nameProblems(config, config.services)),
    ...runbookProblems(config.policy, facts.runbookIds),
    ...approvalProblems(config.policy),
    ...timeProblems(config),
    ...triageProblems(config.triage),
    ...correlationProblems(config.correlation, config.services, facts.incomplete),
    ...seriesNameProblems(config.series),
    ...alertProblems(config.alerts),
    ...cloudWatchProblems(config, facts.servicePaths),
    ...awsHandsProblems(config, facts.servicePaths),
    ...channelProblems(config, facts),
  ];
}

function serviceProblems(service: Service, path: string, services: readonly Service[], facts: CrossCheckFacts): Problem[] {
  const peers = services.filter((each) => each.environment === service.environment).map((each) => each.name);
  const problems: Problem[] = [];
  for (const [i, name] of service.dependsOn.entries()) {
    const at = `${path}.dependsOn.${i}`;
    if (name === service.name) problems.push({ path: at, message: 'names the service itself; remove it' });
    else if (!peers.includes(name) && !facts.incomplete) {
      problems.push({
        path: at,
        message: `${name} is not a service in ${service.environment}; ${suggestion(
          name,
          peers.filter((peer) => peer !== service.name),
        )}`,
      });
    }
  }
  if (service.limits !== undefined && service.metrics === undefined)
    problems.push({ path: `${path}.limits`, message: 'cannot be watched without metrics; add metrics.url' });
  return [...problems, ...commandProblems(service, path)];
}

function repeated(
  services: readonly Service[],
  facts: CrossCheckFacts,
  key: (service: Service) => string | undefined,
  member: string,
  message: string,
): Problem[] {
  const keys = services.map(key);
  return keys.flatMap((each, i) =>
    each !== undefined && keys.indexOf(each) < i ? [{ path: `${facts.servicePaths[i] ?? `services.${i}`}.${member}`, message: `${each} ${message}` }] : [],
  );
}

/** A mistyped name in a rule or a freeze would silently match nothing, which is the less cautious outcome. */
function nameProblems({ policy, triage }: Pick<NightshiftConfig, 'policy' | 'triage'>, services: readonly Service[]): Problem[] {
  const known = { service: [...new Set(services.map((each) => each.name))], environment: [...new Set(services.map((each) => each.environment))] };
  const unknown = (kind: keyof typeof known, name: string | undefined, path: string): Problem[] =>
    name === undefined || name === '*' || services.length === 0 || known[kind].includes(name)
      ? []
      : [{ path, message: `no service of the inventory fits ${kind} ${name}; ${suggestion(name, known[kind])}` }];
  return [
    ...policy.rules.flatMap((rule, i) => [
      ...unknown('service', rule.service, `policy.rules.${i}.service`),
      ...unknown('environment', rule.environment, `policy.rules.${i}.environment`),
    ]),
    ...triage.rules.flatMap(({ when }, i) => [
      ...unknown('service', when.service, `triage.rules.${i}.when.service`),
      ...unknown('environment', when.environment, `triage.rules.${i}.when.environment`),
    ]),
    ...policy.approvals.approvers.flatMap((scope, i) => [
      ...scope.services.flatMap((name, j) => unknown('service', name, `policy.approvals.approvers.${i}.services.${j}`)),
      ...scope.environments.flatMap((name, j) => unknown('environment', name, `policy.approvals.approvers.${i}.environments.${j}`)),
    ]),
    ...policy.freezes.flatMap((freeze, i) => freeze.environments.flatMap((name, j) => unknown('environment', name, `policy.freezes.${i}.environments.${j}`))),
  ];
}

function runbookProblems({ rules }: Policy, ids: readonly string[] | undefined): Problem[] {
  return ids === undefined ? [] : unmatchedRules(rules, ids, (id) => `${id} is not in the catalogue; ${suggestion(id, ids)}`);
}

function approvalProblems({ approvals, rules }: Policy): Problem[] {
  const problems: Problem[] = [];
  if (approvals.remindAfterMs >= approvals.expireAfterMs) {
    problems.push({ path: 'policy.approvals.remindAfter', message: 'must be shorter than expireAfter, or nobody is ever reminded' });
  }
  const persons = new Set(approvals.approvers.flatMap((scope) => (scope.person === undefined ? [] : [scope.person])));
  const closed = approvals.approvers.length > 0 && approvals.approvers.every((scope) => scope.person !== undefined);
  const wanted = [
    { quorum: approvals.quorum, path: 'policy.approvals.quorum' },
    ...rules.map((rule, i) => ({ quorum: rule.quorum ?? 1, path: `policy.rules.${i}.quorum` })),
  ];
  for (const { quorum, path } of closed ? wanted : []) {
    if (quorum > persons.size)
      problems.push({ path, message: `asks for ${quorum} persons, but approvers names only ${persons.size}; nobody could ever approve` });
  }
  return problems;
}

function timeProblems({ incidents, detector }: NightshiftConfig): Problem[] {
  const { verification, lockRetry, evidence, activity } = incidents;
  const ordered = (low: number, high: number, path: string, message: string): Problem[] => (low <= high ? [] : [{ path, message }]);
  return [
    ...ordered(
      verification.settleMs + verification.windowMs,
      verification.timeoutMs,
      'incidents.verification.timeout',
      'must be at least settle and window together',
    ),
    ...ordered(lockRetry.firstMs, lockRetry.maxMs, 'incidents.lockRetry.max', 'must not be shorter than first'),
    ...ordered(evidence.baselineMs, evidence.lookbackMs, 'incidents.evidence.lookback', 'must not be shorter than baseline'),
    ...ordered(evidence.stepMs, evidence.baselineMs, 'incidents.evidence.step', 'must not be longer than baseline'),
    ...ordered(detector.everyMs, detector.windowMs, 'detector.window', 'must not be shorter than every'),
    ...(['quick', 'gather', 'effect'] as const).flatMap((kind) =>
      ordered(activity[kind].firstMs, activity[kind].maxMs, `incidents.activity.${kind}.max`, 'must not be shorter than first'),
    ),
  ];
}

function channelProblems({ notifications, services, catchAll }: NightshiftConfig, { servicePaths }: CrossCheckFacts): Problem[] {
  const names = notifications.map((each) => each.channel);
  const unknown = (channels: readonly string[] = [], path: string): Problem[] =>
    channels.filter((each) => !names.includes(each)).map((each) => ({ path, message: `${each} is no channel in notifications; ${suggestion(each, names)}` }));
  const repeatedNames = names.flatMap((name, i) =>
    names.indexOf(name) < i ? [{ path: `notifications.${i}.channel`, message: `${name} is used twice; give each channel its own name` }] : [],
  );
  return [
    ...repeatedNames,
    ...services.flatMap((service, i) => unknown(service.channels, `${servicePaths[i] ?? `services.${i}`}.channel`)),
    ...unknown(catchAll.channels, 'catalogue.catchAll.channel'),
  ];
}
