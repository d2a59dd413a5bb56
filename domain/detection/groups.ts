import { sha256 } from '../digest';
import type { Service } from '../inventory';
import type { SeriesDefinition } from '../series/definition';

/** Workflow id of a group's detection; one task queue has one of each. */
export function detectionId(taskQueue: string, group: number, groups: number): string {
  return `detection:${taskQueue}:${groupName(group, groups)}`;
}

/** `1/4` is the second of four groups. */
export function groupName(group: number, groups: number): string {
  return `${String(group)}/${String(groups)}`;
}

/** The services of a group: those with metrics, shared out by a hash of their name, so that a new service moves no other one. */
export function groupServices(services: readonly Service[], group: number, groups: number): readonly Service[] {
  return services.filter((service) => service.metrics && groupOf(`${service.environment}/${service.name}`, groups) === group);
}

/** The declared series of a group that are judged by their own history. */
export function groupSeries(series: readonly SeriesDefinition[], group: number, groups: number): readonly SeriesDefinition[] {
  return series.filter(({ name, anomalies }) => anomalies && groupOf(`series:${name}`, groups) === group);
}

function groupOf(key: string, groups: number): number {
  return parseInt(sha256(key).slice(0, 8), 16) % groups;
}
