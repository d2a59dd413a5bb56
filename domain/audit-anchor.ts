import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { z } from 'zod';
import type { AuditFault, AuditHead } from './audit';
import { canonicalJson } from './canonical-json';

/** What an anchor says: how long the ledger was at a time, and the hash over all of it. */
export interface AnchorFacts {
  /** Records over all streams: the position of the last one. */
  readonly count: number;
  /** The ledger's hash after that record. */
  readonly ledger: string;
  /** When it was said, ISO 8601. */
  readonly at: string;
  /** `streams` holds the heads of those streams that got records behind this position. */
  readonly since: number;
  readonly streams: Readonly<Record<string, AuditHead>>;
}

/** A signed head of the ledger, as it is kept outside of the store. */
export interface Anchor extends AnchorFacts {
  readonly nightshift: 'audit-anchor';
  readonly format: 1;
  /** Id of the key that signed; see `keyIdOf`. */
  readonly key: string;
  /** Ed25519 (RFC 8032) over the canonical JSON of all other members, in base64. */
  readonly signature: string;
}

const KEY_ID_CHARACTERS = 16;
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().min(0);
const anchorSchema: z.ZodType<Anchor> = z.strictObject({
  nightshift: z.literal('audit-anchor'),
  format: z.literal(1),
  count,
  ledger: hash,
  at: z.iso.datetime(),
  since: count,
  streams: z.record(z.string(), z.strictObject({ count, hash })),
  key: z.string().max(100),
  signature: z.string().max(200),
});

/** Signs the facts. */
export function signAnchor(facts: AnchorFacts, privateKey: string): Anchor {
  const key = createPrivateKey(privateKey);
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
  const { count: records, ledger, at, since, streams } = facts;
  const said = { nightshift: 'audit-anchor', format: 1, count: records, ledger, at, since, streams, key: keyIdOf(publicKey) } as const;
  return { ...said, signature: sign(null, Buffer.from(canonicalJson(said)), key).toString('base64') };
}

/** Names a public key: the first 16 hex characters of the SHA-256 of its DER. Throws for what is no public key of Ed25519. */
export function keyIdOf(publicKey: string): string {
  const key = createPublicKey(publicKey);
  if (key.asymmetricKeyType !== 'ed25519') throw new TypeError('The key is none of Ed25519.');
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, KEY_ID_CHARACTERS);
}

/** The text that an anchor is kept as. */
export function anchorText(anchor: Anchor): string {
  return `${canonicalJson(anchor)}\n`;
}

/** Begin of the names that anchors are kept under. */
export const ANCHORS = 'anchor-';
const ANCHOR_NAME = /^anchor-(\d{12})-(\d{8}T\d{9}Z)\.json$/;

/** The name that an anchor is kept under: in the order of names the newest of the longest ledger is the last. */
export function anchorName({ count: records, at }: AnchorFacts): string {
  return `${ANCHORS}${String(records).padStart(12, '0')}-${at.replace(/[-:.]/g, '')}.json`;
}

/** What the name of an anchor tells without it being read; undefined for other names. `at` in epoch milliseconds. */
export function toldByName(name: string): { readonly count: number; readonly at: number } | undefined {
  const [, records, at = ''] = ANCHOR_NAME.exec(name) ?? [];
  if (records === undefined) return undefined;
  const [, date, hour, minute, second, ms] = /^(\d{8})T(\d\d)(\d\d)(\d\d)(\d{3})Z$/.exec(at) ?? [];
  const day = (date ?? '').replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');
  return { count: Number(records), at: Date.parse(`${day}T${hour ?? ''}:${minute ?? ''}:${second ?? ''}.${ms ?? ''}Z`) };
}

/** A text that was kept as an anchor, with where. */
export interface KeptText {
  readonly name: string;
  readonly text: string;
}

/** Anchors that one of the keys signed, the shortest ledger first, and a fault for every other text. `publicKeys` are PEM; without any, no signature is looked at. */
export function readAnchors(texts: readonly KeptText[], publicKeys: readonly string[]): { readonly anchors: readonly Anchor[]; readonly faults: AuditFault[] } {
  const keys = new Map(publicKeys.map((key) => [keyIdOf(key), key]));
  const anchors: Anchor[] = [];
  const faults: AuditFault[] = [];
  for (const { name, text } of texts) {
    const anchor = parseAnchor(text);
    const unread = keys.size === 0 ? undefined : anchor && complaintOf(anchor, keys);
    const complaint = anchor ? unread : 'it is no anchor, or not a whole one';
    if (anchor && complaint === undefined) anchors.push(anchor);
    else faults.push({ kind: 'forged-anchor', stream: 'anchors', message: `${name} does not count: ${complaint ?? ''}.` });
  }
  return { anchors: anchors.sort((a, b) => a.count - b.count || (a.at < b.at ? -1 : 1)), faults };
}

function parseAnchor(text: string): Anchor | undefined {
  try {
    return anchorSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function complaintOf(anchor: Anchor, keys: ReadonlyMap<string, string>): string | undefined {
  const key = keys.get(anchor.key);
  if (key === undefined) return `it names the key ${anchor.key}, and the key that was given is ${[...keys.keys()].join(', ')}`;
  const { signature, ...said } = anchor;
  return verify(null, Buffer.from(canonicalJson(said)), createPublicKey(key), Buffer.from(signature, 'base64')) ? undefined : 'its signature is wrong';
}
