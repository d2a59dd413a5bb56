import { createPublicKey } from 'node:crypto';
import { ANCHORS, anchorName, anchorText, signAnchor, toldByName } from '../domain/audit-anchor';
import type { Anchor } from '../domain/audit-anchor';
import { errorMessage, NightshiftError } from '../domain/errors';
import type { AnchorKey, Anchors, LedgerReader } from '../ports/audit';
import type { Clock } from '../ports/clock';
import type { SealedTexts } from '../ports/sealed';
import { repeat } from './repeat';
import type { Repeated } from './repeat';

/** What signing works with; without a place nothing is kept. */
export interface AnchorDeps {
  readonly ledger: LedgerReader;
  readonly key: AnchorKey;
  readonly clock: Clock;
  readonly place?: SealedTexts | undefined;
}

/** Signed heads of the ledger, on demand. */
export function anchorsOf(deps: AnchorDeps): Anchors {
  return {
    publicKey: async () =>
      createPublicKey(await deps.key.privateKey())
        .export({ type: 'spki', format: 'pem' })
        .toString(),
    sign: (since) => signEnd(deps, since),
    keep: async () => {
      if (!deps.place)
        throw new NightshiftError('not_found', 'No place for anchors is configured: write `audit.anchor` into the configuration, or say where to with --out.');
      return keepAnchor(deps, deps.place);
    },
  };
}

async function signEnd({ ledger, key, clock }: AnchorDeps, since?: number): Promise<Anchor> {
  const at = new Date(clock.now()).toISOString();
  const end = await ledger.end(since ?? Number.MAX_SAFE_INTEGER);
  // A place that knows of more than there is gets all streams: something is missing here, and their names will be needed.
  const again = since !== undefined && since > end.count;
  const { count, ledger: hash, streams } = again ? await ledger.end(0) : end;
  return signAnchor({ count, ledger: hash, at, since: again ? 0 : Math.min(since ?? count, count), streams }, await key.privateKey());
}

async function keepAnchor(deps: AnchorDeps, place: SealedTexts): Promise<{ readonly anchor: Anchor; readonly name: string }> {
  const anchor = await signEnd(deps, (await lastIn(place, deps.clock.now())).count);
  const key = anchorName(anchor);
  await place.seal(key, anchorText(anchor));
  return { anchor, name: `${place.name}/${key}` };
}

/** The longest ledger and the newest time that names of anchors in a place tell of; a time that has not come is none of ours. */
async function lastIn(place: SealedTexts, now: number): Promise<{ readonly count: number; readonly at: number }> {
  const last = { count: 0, at: -Infinity };
  for await (const { key } of place.all(ANCHORS)) {
    const told = toldByName(key);
    if (!told || told.at > now) continue;
    last.count = Math.max(last.count, told.count);
    last.at = Math.max(last.at, told.at);
  }
  return last;
}

/** What keeping again and again works with; durations in milliseconds. */
export interface AnchorerDeps extends AnchorDeps {
  readonly place: SealedTexts;
  readonly everyMs: number;
  readonly log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  readonly failedMs?: number;
}

const FAILED_MS = 5 * 60_000;

/** Keeps a signed head each time that the newest one in the place has become old enough; a restart neither doubles nor skips one. */
export function createAnchorer(deps: AnchorerDeps): Repeated {
  const { place, everyMs, clock, log, failedMs = FAILED_MS } = deps;
  return repeat(async () => {
    try {
      const dueMs = (await lastIn(place, clock.now())).at + everyMs - clock.now();
      if (dueMs > 0) return Math.min(dueMs, everyMs);
      const { anchor, name } = await keepAnchor(deps, place);
      log.info({ count: anchor.count, to: name }, 'the head of the audit is signed and kept');
      return everyMs;
    } catch (error) {
      log.warn({ to: place.name, error: errorMessage(error) }, 'the head of the audit could not be kept; it is tried again');
      return failedMs;
    }
  });
}
