import { humanDuration } from '../human-time';
import type { Span } from './facts';
import type { PlacedChange } from './places';
import type { Suspect } from './suspects';

/** A change this long before the trouble is named as what it followed; earlier ones are only listed. */
const NEAR_MS = 45 * 60_000;
/** A service that is changed so often that this share of any time follows a change tells nothing by following one. */
const MOST_CHANCE = 0.25;
const LEAST_LEAD_MS = 60_000;
const DAY_MS = 86_400_000;

/** A suspect with what speaks for it. */
export interface Weighed {
  readonly suspect: Suspect;
  /** Whether it is named as the likely cause; at most one is. */
  readonly named: boolean;
  /** One sentence. */
  readonly why: string;
  /** How likely a change of this service lies so near before any moment, 0 to 1; absent for events of the provider. */
  readonly chance?: number;
}

/**
 * Says of suspects, the strongest first, why, and names the first that is near, touched where it hurt, is not ruled out by the engine, and is not near by mere chance. The chance is
 * that of at least one change in so much time, when as many as the span had come at random (a Poisson process).
 */
export function weighSuspects(suspects: readonly Suspect[], changes: readonly PlacedChange[], span: Span): readonly Weighed[] {
  let open = true;
  return suspects.map((suspect): Weighed => {
    const perDay = changesADay(suspect, changes, span);
    const chance = suspect.nearest === 'provider' ? undefined : 1 - Math.exp((-perDay * Math.max(suspect.leadMs, LEAST_LEAD_MS)) / DAY_MS);
    const doubt = doubtOf(suspect, chance);
    const named = open && doubt === undefined;
    if (named) open = false;
    return { suspect, named, why: whyOf(suspect, chance, perDay, doubt), ...(chance !== undefined && { chance: Math.round(chance * 10_000) / 10_000 }) };
  });
}

function doubtOf(suspect: Suspect, chance: number | undefined): string | undefined {
  if (suspect.ruledOut !== undefined) return suspect.ruledOut;
  if (!suspect.hypothesis) return 'the rules make no hypothesis of it';
  if (suspect.nearest === 'healthy-dependency') return `${suspect.service} itself did not page`;
  if (suspect.leadMs > NEAR_MS) return `more than ${humanDuration(NEAR_MS)} lie between`;
  if ((chance ?? 0) > MOST_CHANCE) return 'it is changed so often that one is always near';
  return undefined;
}

function whyOf(suspect: Suspect, chance: number | undefined, perDay: number, doubt: string | undefined): string {
  const { leadMs, service, placed } = suspect;
  if (suspect.nearest === 'provider') {
    const until = placed.past.until === undefined ? 'and no end of it is known' : `for ${humanDuration(placed.past.until - placed.past.at)}`;
    return leadMs === 0
      ? `it was in force when the trouble began, ${until}, and ${service} uses what it is about`
      : `it began ${humanDuration(leadMs)} before${ending(doubt)}`;
  }
  const when =
    leadMs === 0 ? 'as the trouble began' : leadMs < 0 ? `${humanDuration(-leadMs)} after the trouble began` : `${humanDuration(leadMs)} before the trouble`;
  if (leadMs < 0) return `${when}, on ${service}, so that it cannot be the cause`;
  const often = chance === undefined ? '' : `; ${service} is changed ${rate(perDay)}, so that one is this near by chance ${odds(chance)}`;
  return `${when}, on ${service}${often}${ending(doubt)}`;
}

function ending(doubt: string | undefined): string {
  return doubt === undefined ? '' : `; not named, as ${doubt}`;
}

function rate(perDay: number): string {
  return perDay >= 1.5
    ? `${String(Math.round(perDay))} times a day`
    : perDay >= 0.8
      ? 'about once a day'
      : `every ${humanDuration(Math.round(DAY_MS / perDay / 3_600_000) * 3_600_000)}`;
}

function odds(chance: number): string {
  return chance >= 0.1 ? `${String(Math.round(chance * 100))} % of the time` : `1 time in ${String(Math.round(1 / chance))}`;
}

function changesADay({ service }: Suspect, changes: readonly PlacedChange[], span: Span): number {
  const own = changes.filter(({ past, services }) => services.includes(service) && past.what !== 'run' && past.what !== 'restart' && past.by !== 'provider');
  return Math.max(1, own.length) / Math.max(1, (span.to - span.from) / DAY_MS);
}
