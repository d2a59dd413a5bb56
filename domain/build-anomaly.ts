import type { Alert, AlertNote } from './alert';
import type { Build } from './build';
import { LEAST_COMPARED } from './build-score';
import type { ScoredBuild } from './build-score';
import type { Diagnosis, Hypothesis } from './diagnosis';
import { anomalyRecord, MOST_POINTS } from './detection/anomaly-record';
import type { AnomalyRecord } from './detection/anomaly-record';
import { BUILD_MEASURES } from './build-measures';
import { cleanText, digestId } from './outside-text';
import { median, quantileOf } from './quantile';

/** Severity of alerts about builds, the mildest: a build that takes longer or fails harms no user. */
export const BUILD_SEVERITY = 'sev4';
/** Source of alerts about builds. Not our detector's own: an incident that is over does not wait for the next build. */
export const BUILD_ALERTS = 'builds';
/** Anomalous builds in a row, in the same measure, that are no chance. */
const IN_A_ROW = 2;
const NAME = 120;
/** Shares of the builds before outside of what is shown as usual, on each side. */
const BAND = [0.05, 0.95] as const;

/** What is remembered of one pipeline. Plain JSON. */
export interface PipelineState {
  /** Measures in which the newest build was odd, and how many builds running were. */
  readonly odd: Readonly<Record<string, number>>;
  /** The build that the standing alert began with; null where none stands. */
  readonly firing: { readonly build: string; readonly since: string } | null;
}

/** Of a pipeline that was not looked at yet. */
export const CALM_PIPELINE: PipelineState = { odd: {}, firing: null };

/** What a build leads to. */
export interface BuildNews {
  readonly state: PipelineState;
  readonly alerts: readonly Alert[];
  readonly record?: AnomalyRecord;
}

/**
 * Follows a pipeline build by build. An anomalous build is an anomaly; the second one in a row that is odd in the same measure is an alert, which the first normal one ends. Only builds in the pipeline's
 * usual conditions count for alerts: on a branch that has at least ten of the builds before, or without any. The build's id is in all ids.
 */
export function followBuild(state: PipelineState, build: Build, scored: ScoredBuild, before: readonly Build[]): BuildNews {
  const record = scored.verdict === 'anomalous' ? recordOf(build, scored, before) : undefined;
  const told = { ...(record && { record }) };
  if (scored.verdict === 'unknown' || !isUsual(build, before)) return { state, alerts: [], ...told };
  const odd = Object.fromEntries(scored.odd.map((name) => [name, (state.odd[name] ?? 0) + 1]));
  if (scored.verdict === 'normal') {
    return {
      state: CALM_PIPELINE,
      alerts: state.firing ? [alertOf(build, state.firing, `it is as usual again with build ${cleanText(build.run, NAME)}`, true)] : [],
    };
  }
  const again = scored.odd.find((name) => (odd[name] ?? 0) >= IN_A_ROW);
  if (state.firing || again === undefined) return { state: { odd, firing: state.firing }, alerts: [], ...told };
  const firing = { build: build.id, since: build.endedAt };
  const alert = alertOf(
    build,
    firing,
    `${String(odd[again])} builds in a row are unusual in ${again}; build ${cleanText(build.run, NAME)}: ${scored.reason}.`,
    false,
  );
  return { state: { odd, firing }, alerts: [{ ...alert, ...(record && { anomaly: record.id }) }], ...told };
}

/** Whether an incident is about builds and nothing else: each alert that counts (those that fire, or where none does, all) is. */
export function isOfBuilds(alerts: readonly Pick<AlertNote, 'source' | 'status'>[]): boolean {
  const firing = alerts.filter(({ status }) => status === 'firing');
  const counted = firing.length > 0 ? firing : alerts;
  return counted.length > 0 && counted.every(({ source }) => source === BUILD_ALERTS);
}

/** A diagnosis where only builds are amiss: a failed build may be the cause; what else was found is blamed for no trouble of the service, and nothing on it is to be undone for a build. */
export function buildDiagnosis(found: Diagnosis): Diagnosis {
  return keeping(found, ({ cause }) => cause === 'failed-build', 'only builds are amiss, which it could not be blamed for');
}

/** A diagnosis where more than builds is amiss: a rerun of a failed build would not help there. */
export function serviceDiagnosis(found: Diagnosis): Diagnosis {
  if (!found.hypotheses.some(({ cause }) => cause === 'failed-build')) return found;
  return keeping(found, ({ cause }) => cause !== 'failed-build', 'more than builds is amiss, which building again would not mend');
}

function keeping(found: Diagnosis, may: (hypothesis: Hypothesis) => boolean, reason: string): Diagnosis {
  const hypotheses = found.hypotheses.filter(may);
  const others = found.hypotheses.filter((hypothesis) => !may(hypothesis));
  return {
    ...found,
    ...{ verdict: hypotheses.length > 0 ? 'determined' : 'undetermined', cause: hypotheses[0]?.cause ?? 'undetermined', hypotheses },
    ruledOut: [...others.map(({ title, supporting }) => ({ title, reason, evidence: supporting })), ...found.ruledOut],
  };
}

function isUsual({ branch }: Build, before: readonly Build[]): boolean {
  return branch === undefined || before.filter((each) => each.branch === branch).length >= LEAST_COMPARED;
}

function alertOf(build: Build, firing: NonNullable<PipelineState['firing']>, text: string, over: boolean): Alert {
  const { environment, service, name } = build;
  const fingerprint = `build:${environment}/${service}/${digestId('pipeline', [name])}`;
  const status = over ? 'resolved' : 'firing';
  return {
    ...{ id: `${fingerprint}:${digestId('build', [firing.build])}:${status}`, fingerprint, status, source: BUILD_ALERTS, environment, service },
    ...{ name: 'BuildUnusual', severity: BUILD_SEVERITY, summary: `${service}: pipeline ${cleanText(name, NAME)}: ${text}`, startsAt: firing.since },
    ...{ signal: 'build', labels: {}, ...(over && { endsAt: build.endedAt }) },
  };
}

/** The series is the measure that is strangest, over the builds before. */
function recordOf(build: Build, { odd, reason, strength }: ScoredBuild, before: readonly Build[]): AnomalyRecord | undefined {
  const measure = BUILD_MEASURES.find(({ name }) => name === odd[0]);
  const value = measure?.of(build);
  if (!measure || value === undefined) return undefined;
  const at = Date.parse(build.endedAt);
  const points = before.flatMap((each) => {
    const told = measure.of(each);
    return told === undefined ? [] : [{ at: Date.parse(each.endedAt), value: told }];
  });
  const values = points.map((point) => point.value);
  const expected = median(values);
  const [low, high] = BAND.map((share) => quantileOf(values, share) ?? expected) as [number, number];
  const first = Math.min(at, ...points.map((point) => point.at));
  const series = {
    environment: build.environment,
    service: build.service,
    measure: `build:${build.name}/${measure.name}`,
    label: `${build.name}: ${measure.name}; ${reason}`,
  };
  const record = anomalyRecord(
    { ...series, ...unitOf(measure.name) },
    {
      ...{ at, value, kind: 'build', sign: 'value', shares: { value: 1, season: 0, spread: 0, level: 0, band: 0 } },
      ...{ score: strength / (1 + strength), threshold: 0.5, band: { low, expected, high }, direction: value >= expected ? 'above' : 'below' },
      ...{ since: at, rarity: { days: (at - first) / 86_400_000, never: true }, learning: false, alerting: false },
    },
    points.reverse().slice(-MOST_POINTS),
  );
  return { ...record, id: digestId('ano', [record.series, build.id]) };
}

function unitOf(name: string): { readonly unit?: string } {
  const units: Readonly<Record<string, string>> = { duration: 'ms', 'CPU time': 'ms', memory: 'bytes' };
  const unit = units[name];
  return unit === undefined ? {} : { unit };
}
