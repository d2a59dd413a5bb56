/** Whole windows of time that something is read in; milliseconds. */
export interface WindowRule {
  /** Length, and the grid that windows begin on. */
  readonly windowMs: number;
  /** What belongs to a window may come so long after its end. */
  readonly settleMs: number;
  /** How far back the first look goes, and how far one does after a long pause. */
  readonly firstMs: number;
  readonly reachMs: number;
  /** Most windows in one go. */
  readonly most: number;
}

/** A span of time, epoch milliseconds; its end is not part of it. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

/** Windows that are over, and not read by `since` (undefined: none was), oldest first, and whether more are due. They are the same ones after a restart. */
export function dueWindows(
  since: number | undefined,
  now: number,
  { windowMs, settleMs, firstMs, reachMs, most }: WindowRule,
): { readonly windows: readonly TimeWindow[]; readonly more: boolean } {
  const gridded = (at: number): number => Math.floor(at / windowMs) * windowMs;
  const end = gridded(now - settleMs);
  const begin = gridded(since === undefined ? end - firstMs : Math.max(since, end - reachMs));
  const due = Math.max(0, (end - begin) / windowMs);
  const windows = Array.from({ length: Math.min(most, due) }, (_none, i) => ({ from: begin + i * windowMs, to: begin + (i + 1) * windowMs }));
  return { windows, more: due > most };
}
