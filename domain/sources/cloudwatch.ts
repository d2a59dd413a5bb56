import { cleanText, digestId } from '../outside-text';
import { detailTypeOf, everyPart, isConfirmation, nothing, readParts } from './aws-envelope';
import { arnParts, consoleLink } from './aws-names';
import { alarmOfEvent, alarmOfSns } from './cloudwatch-alarm';
import type { ToldAlarm, ToldMetric } from './cloudwatch-alarm';
import { alarmEnvironment, alarmService, alarmSeverity } from './cloudwatch-names';
import type { Reading, Source, SourceContext, WireMessage } from './source';
import { toAlert } from './to-alert';
import { hasMembers } from './wire';

const SERVICE = 'aws.cloudwatch';
const STATE_CHANGE = 'CloudWatch Alarm State Change';

/** Alarms of CloudWatch by SNS, by EventBridge, or as Lambda functions are called with them. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Acting_Alarm_Changes.html */
export const cloudwatch: Source = {
  name: 'cloudwatch',
  title: 'Amazon CloudWatch alarms, by SNS or EventBridge',
  gives: ['alert'],
  recognises: (message) =>
    isConfirmation(message.json) || everyPart(message, (json) => bySns(json) || byLambda(json) || detailTypeOf(json, SERVICE) !== undefined),
  read: (message, context) => readParts(message, context, readPart),
};

function bySns(json: unknown): boolean {
  return hasMembers(json, 'AlarmName', 'NewStateValue');
}

function byLambda(json: unknown): boolean {
  return hasMembers(json, 'alarmData', 'source') && json['source'] === SERVICE;
}

function readPart(part: WireMessage, context: SourceContext): Reading {
  const type = detailTypeOf(part.json, SERVICE);
  if (type !== undefined && type !== STATE_CHANGE) return nothing(`"${cleanText(type, 100)}", as only changes of the state of whole alarms are kept`);
  // A message of neither kind is described by the form that SNS has.
  const told = type === STATE_CHANGE || byLambda(part.json) ? alarmOfEvent(part) : alarmOfSns(part);
  return leftAside(told) ?? { objects: [alertOf(told, part, context)], passedOver: [] };
}

function leftAside({ name, state, suppressedBy }: ToldAlarm): Reading | undefined {
  const alarm = `the alarm ${cleanText(name, 255)}`;
  if (state === 'INSUFFICIENT_DATA') return nothing(`${alarm} has too little data to tell its state`);
  if (state !== 'ALARM' && state !== 'OK') return nothing(`${alarm} is in the state "${cleanText(state, 40)}", which is not known here`);
  // Half of these two always stands in ALARM: that is how scaling in works.
  if (name.startsWith('TargetTracking-')) return nothing(`${alarm} belongs to target tracking, which scales by it`);
  if (state === 'ALARM' && suppressedBy) return nothing(`actions of ${alarm} are suppressed (${cleanText(suppressedBy, 100)})`);
  return undefined;
}

function alertOf(told: ToldAlarm, part: WireMessage, context: SourceContext) {
  const { arn, name, state, at, metrics, contributor } = told;
  const resolved = state === 'OK';
  const identity = [arn ?? name, contributor].filter((each) => each !== undefined).join('#');
  // A message that names no time is itself all that tells it from another.
  const moment = at ?? told.changedAt ?? Buffer.from(part.bytes).toString('base64');
  const parts = arnParts(arn);
  const main = metrics.find((metric) => metric.compared) ?? metrics[0];
  return toAlert(
    {
      ...{ source: 'cloudwatch', status: resolved ? 'resolved' : 'firing', name, severity: alarmSeverity(told) },
      ...{ service: alarmService(told, context), environment: alarmEnvironment(told, context) },
      ...{ id: digestId('al', [identity, state, moment]), fingerprint: `cloudwatch:${identity}` },
      // An alarm that has ended says by SNS only when it did.
      ...{ startsAt: resolved ? (told.alarmSince ?? at) : at, endsAt: resolved ? at : undefined },
      ...{ signal: main && signalOf(main), value: told.value, threshold: told.threshold },
      summary: [told.reason, told.description].filter((each) => each !== undefined && each.trim() !== '').join(' '),
      labels: labelsOf(told, parts),
      link: consoleLink(parts?.region, 'cloudwatch/home', `alarmsV2:alarm/${encode(name)}`),
    },
    context,
  );
}

/** The metric, or the label that people gave an expression. */
function signalOf({ name, label, expression }: ToldMetric): string | undefined {
  const chosen = label !== undefined && !/^Expression\d*$/.test(label) ? label : undefined;
  return name ?? chosen ?? expression ?? label;
}

/** What tells the alarm from others: where it is, its metric, and the dimensions that all of its metrics share. */
function labelsOf({ metrics, tags }: ToldAlarm, parts: ReturnType<typeof arnParts>): Record<string, string> {
  const [first, ...others] = metrics.filter((metric) => Object.keys(metric.dimensions).length > 0);
  const shared = Object.entries(first?.dimensions ?? {}).filter(([name, value]) => others.every((metric) => metric.dimensions[name] === value));
  const namespace = metrics.find((metric) => metric.namespace !== undefined)?.namespace;
  // Of an expression no single metric is the one that is meant.
  const main = metrics.find((metric) => metric.compared && metric.name !== undefined);
  return {
    ...(parts && { region: parts.region, account: parts.account }),
    ...(namespace !== undefined && { namespace }),
    ...(main?.name !== undefined && { metric: main.name }),
    ...(main?.statistic !== undefined && { statistic: main.statistic }),
    ...Object.fromEntries(shared),
    ...tags,
  };
}

/** Part of an address; a lone half of a surrogate pair has none. */
function encode(text: string): string {
  return encodeURIComponent(text.replace(/[\ud800-\udfff]/gu, ''));
}
