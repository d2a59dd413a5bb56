import { readFileSync } from 'node:fs';
import { partitionOf } from './place';
import { unlikeIds } from './scaling';
import { settingsSchema } from './settings-schema';
import type { Actuator, Observer, Reasoner, Settings } from './settings-schema';

/** Actions that a policy allows are more than nothing: one of these must be there. */
const TARGETS = ['automation', 'command', 'codedeploy', 'codebuild', 'codepipeline', 'ecs', 'lambda', 'autoScalingGroups', 'scalableTargets'] as const;

/** Settings that are wrong, with everything that is. */
export class SettingsError extends Error {
  constructor(
    readonly file: string,
    readonly problems: readonly string[],
  ) {
    super(`${file} cannot be used:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

/** Reads a settings file. Throws a SettingsError that tells all that is wrong. */
export function readSettings(file: string): Settings {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new SettingsError(file, ['it cannot be read; copy nightshift.infra.example.json to nightshift.infra.json and write your accounts into it']);
  }
  try {
    return parseSettings(JSON.parse(text), file);
  } catch (error) {
    if (error instanceof SyntaxError) throw new SettingsError(file, [`it is no JSON: ${error.message}`]);
    throw error;
  }
}

/** Settings of a value, which `file` names in errors. Throws a SettingsError. */
export function parseSettings(value: unknown, file: string): Settings {
  const { success, data, error } = settingsSchema.safeParse(value);
  if (!success)
    throw new SettingsError(
      file,
      error.issues.map(({ path, message }) => `${pathText(path)} ${message}`),
    );
  const problems = [
    ...data.observers.flatMap((one, i) => observerProblems(one, `observers[${String(i)}]`)),
    ...(data.reasoner ? reasonerProblems(data.reasoner) : []),
    ...data.actuators.flatMap((one, i) => actuatorProblems(one, `actuators[${String(i)}]`)),
    ...twice(data.observers.map(({ account }) => account)).map((account) => `observers names the account ${account} twice; put its regions into one entry`),
    ...twice(data.actuators.map(({ account, environment }) => `${environment} of ${account}`)).map((each) => `actuators names ${each} twice`),
    ...partitionProblems(data),
  ];
  if (problems.length > 0) throw new SettingsError(file, problems);
  return data;
}

/** `observers[0].regions[1]`. */
function pathText(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${String(part)}]` : `.${String(part)}`)).join('');
  return text === '' ? 'the file' : text.replace(/^\./, '');
}

function twice(list: readonly string[]): readonly string[] {
  return [...new Set(list.filter((each, i) => list.indexOf(each) !== i))];
}

function observerProblems({ regions, logs, hook, archive, alarmTopics }: Observer, path: string): readonly string[] {
  const wanted = { 'logs.regions': logs?.regions ?? [], 'hook.regions': hook?.regions ?? [], 'archive.region': archive?.region ? [archive.region] : [] };
  const outside = Object.entries(wanted).flatMap(([field, list]) =>
    list.filter((each) => !regions.includes(each)).map((each) => `${path}.${field} ${each} is not among ${path}.regions`),
  );
  const deaf = alarmTopics
    .filter((topic) => !regions.includes(topic.split(':')[3] ?? ''))
    .map((topic) => `${path}.alarmTopics ${topic} is in no region of ${path}.regions, and an alarm tells only topics of its own region`);
  return [...outside, ...deaf];
}

function reasonerProblems({ models, profiles }: Reasoner): readonly string[] {
  return models.length + profiles.length > 0 ? [] : ['reasoner must name one of models or profiles'];
}

function actuatorProblems(actuator: Actuator, path: string): readonly string[] {
  const nothing = TARGETS.every((target) => actuator[target] === undefined) ? [`${path} may do nothing; name what it may act on (${TARGETS.join(', ')})`] : [];
  const unlike = (actuator.scalableTargets ?? [])
    .filter(({ namespace, dimension }) => !dimension.startsWith(`${namespace}:`))
    .map(({ namespace, dimension }) => `${path}.scalableTargets ${dimension} is not a dimension of ${namespace}`);
  const ids = (actuator.scalableTargets ?? []).flatMap(unlikeIds).map((problem) => `${path}.scalableTargets ${problem}`);
  return [...nothing, ...unlike, ...ids];
}

/** Roles cannot be assumed across partitions. */
function partitionProblems({ observers, reasoner, actuators }: Settings): readonly string[] {
  const regions = [...[...observers, ...actuators].flatMap((one) => one.regions), ...(reasoner ? [reasoner.region] : [])];
  const partitions = [...new Set(regions.map(partitionOf))];
  return partitions.length > 1 ? [`the regions are of ${partitions.join(' and ')}, between which no role can be assumed; use a file for each`] : [];
}
