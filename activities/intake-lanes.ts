import type { Alert } from '../domain/alert';
import type { Inventory } from '../domain/inventory';
import { placeOf, routeAlert, type AlertRoute } from '../domain/routing';
import type { InboxItem } from '../ports/store';
import type { RoutedItem } from './correlation';

/** Undelivered alerts of one workflow, oldest first. */
export interface Lane extends AlertRoute {
  readonly items: readonly InboxItem[];
}

/** Limits of one signal. */
export interface ChunkLimits {
  readonly alerts: number;
  /** Of the alerts' JSON in UTF-8. */
  readonly bytes: number;
}

/** Places (`placeOf`) that a lane's alerts come from. */
export function placesOf(lane: Lane): ReadonlySet<string> {
  return new Set(lane.items.map(({ alert }) => placeOf(alert)));
}

/** Groups alerts by the workflow of their service, keeping their order. */
export function lanesOf(inventory: Inventory, items: readonly InboxItem[]): readonly Lane[] {
  return lanesBy(items.map((item) => ({ item, route: routeAlert(inventory, item.alert) })));
}

/** Groups alerts by the workflow that they are routed to, keeping their order. */
export function lanesBy(routed: readonly RoutedItem[]): readonly Lane[] {
  const lanes = new Map<string, AlertRoute & { readonly items: InboxItem[] }>();
  for (const { item, route } of routed) {
    const lane = lanes.get(route.workflowId);
    if (lane) lane.items.push(item);
    else lanes.set(route.workflowId, { ...route, items: [item] });
  }
  return [...lanes.values()].map((lane) => (isOfOthers(lane) ? { ...lane, mustRun: true } : lane));
}

/** Nothing in it would open the incident, and something joins it. */
function isOfOthers({ items }: Lane): boolean {
  return items.some(({ alert }) => alert.joins !== undefined) && items.every(({ alert }) => alert.joins !== undefined || alert.status === 'resolved');
}

/** Cuts a lane into signals within the limits; an alert that is too large by itself goes alone. */
export function chunksOf(items: readonly InboxItem[], limits: ChunkLimits): readonly (readonly InboxItem[])[] {
  const chunks: InboxItem[][] = [];
  let chunk: InboxItem[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = jsonBytes(item.alert);
    if (chunk.length > 0 && (chunk.length >= limits.alerts || bytes + size > limits.bytes)) {
      chunks.push(chunk);
      chunk = [];
      bytes = 0;
    }
    chunk.push(item);
    bytes += size;
  }
  if (chunk.length > 0) chunks.push(chunk);
  return chunks;
}

// One byte more for the comma between two alerts.
function jsonBytes(alert: Alert): number {
  return Buffer.byteLength(JSON.stringify(alert)) + 1;
}
