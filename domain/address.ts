/** What an IP address belongs to: the internet, a private network (this machine included), or nothing that a message may be sent to. */
export type AddressKind = 'public' | 'private' | 'forbidden';

type Range = readonly [string, number];

const PRIVATE: readonly Range[] = [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['::1', 128],
  ['fc00::', 7],
];
// Link-local first, where clouds keep the credentials of a machine; the others are no address of one host, or carry another address within them.
const FORBIDDEN: readonly Range[] = [
  ['169.254.0.0', 16],
  ['fd00:ec2::254', 128],
  ['0.0.0.0', 8],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];
const GLOBAL_V6: Range = ['2000::', 3];

/** IPv4 addresses stand in the range that IPv6 has for them, so that both ways to write one are the same. */
const MAPPED = 0xffffn << 32n;
const BITS = 128n;

/** The kind of an IP address as text; `forbidden` for text that is none. An IPv4 address written as an IPv6 one counts as itself. */
export function addressKind(text: string): AddressKind {
  const address = numberOf(text);
  if (address === undefined || FORBIDDEN.some((range) => contains(range, address))) return 'forbidden';
  if (PRIVATE.some((range) => contains(range, address))) return 'private';
  return address >> 32n === MAPPED >> 32n || contains(GLOBAL_V6, address) ? 'public' : 'forbidden';
}

/** True for text that is an IP address. */
export function isAddress(text: string): boolean {
  return numberOf(text) !== undefined;
}

function contains([base, bits]: Range, address: bigint): boolean {
  const shift = BITS - BigInt(base.includes(':') ? bits : bits + 96);
  return address >> shift === (numberOf(base) ?? 0n) >> shift;
}

/** The 128 bits of an address; square brackets around it are allowed, as URLs have them. */
function numberOf(text: string): bigint | undefined {
  const bare = /^\[(.*)\]$/.exec(text)?.[1] ?? text;
  const v4 = v4Of(bare);
  return v4 === undefined ? v6Of(bare) : MAPPED | v4;
}

function v4Of(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) return undefined;
  return parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
}

function v6Of(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2 || !text.includes(':')) return undefined;
  const [head, tail] = halves.map(groupsOf);
  if (!head || (halves.length === 2 && !tail)) return undefined;
  const given = [...head, ...(tail ?? [])];
  if (halves.length === 1 ? given.length !== 8 : given.length > 7) return undefined;
  const zeros = Array.from({ length: 8 - given.length }, () => 0n);
  return [...head, ...zeros, ...(tail ?? [])].reduce((sum, group) => (sum << 16n) | group, 0n);
}

/** Groups of 16 bits; the last 32 bits may be written as an IPv4 address. */
function groupsOf(text: string): bigint[] | undefined {
  if (text === '') return [];
  const words = text.split(':');
  const last = v4Of(words.at(-1) ?? '');
  const hex = last === undefined ? words : words.slice(0, -1);
  if (!hex.every((word) => /^[0-9a-f]{1,4}$/i.test(word))) return undefined;
  return [...hex.map((word) => BigInt(`0x${word}`)), ...(last === undefined ? [] : [last >> 16n, last & 0xffffn])];
}
