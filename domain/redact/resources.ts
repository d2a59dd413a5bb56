// Ids of resources of AWS, by which people and the look back know what was changed: digits in hexadecimal can look like a card number, and paths like a secret key.
const SHORT_ID =
  '(?:acl|ami|dopt|eipalloc|eipassoc|eni|fs|i|igw|lt|nat|pcx|pl|rtb|sg|sgr|snap|subnet|tgw|vol|vpc|vpce|vpn)-(?:[0-9a-f]{17}|[0-9a-f]{8})(?![\\w-])';
/** Ids of resources that stay as they are, but for what people put into them. */
export const RESOURCE = new RegExp(
  String.raw`(?<![\w-])(?:arn:aws[a-z-]{0,20}:[a-z0-9-]{1,40}:[a-z0-9-]{0,30}:(?:\d{12}|aws)?:[\w./:*+-]{1,1024}|${SHORT_ID})`,
  'g',
);

// What people name themselves, such as keys of S3 and what hangs on an ARN by : or /, may be a secret: only a whole part of 40 characters is taken for a key there, and only digits that
// are no hexadecimal id and no account are looked at.
const ARN = /^(arn:[^:]*:([^:]*):[^:]*:[^:]*:)(.*)$/;
const KEY_PART = /(?<![A-Za-z0-9+])[A-Za-z0-9+]{40}(?![A-Za-z0-9+])|(?<=:)[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])/g;
const ACCOUNT = String.raw`(?<![0-9A-Za-z])\d{12}(?![0-9A-Za-z])`;
const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const ACCOUNTS = new RegExp(ACCOUNT, 'g');
const IDS = new RegExp(String.raw`(?<![\w-])${SHORT_ID}|(?<![0-9A-Za-z])(?:${UUID}|(?=\d{0,63}[a-f])[0-9a-f]{16,64})(?![0-9A-Za-z])|${ACCOUNT}`, 'g');

/** Applies one change to what stands before, between and after what a pattern finds, and another to what it finds. */
export function beside(pattern: RegExp, text: string, apply: (part: string) => string, within: (found: string) => string): string {
  if (text.search(pattern) < 0) return apply(text);
  const kept: string[] = [];
  let done = 0;
  for (const { index, 0: found } of text.matchAll(pattern)) {
    kept.push(apply(text.slice(done, index)), within(found));
    done = index + found.length;
  }
  return kept.join('') + apply(text.slice(done));
}

/** A resource's id with each part of 40 characters that looks like a secret key changed. */
export function withKeyParts(resource: string, change: (part: string) => string): string {
  return resource.replace(ARN, (_arn, head: string, _service, named: string) => head + named.replace(KEY_PART, change));
}

/** An ARN with what in it is neither an account nor a hexadecimal id changed. */
export function withinArn(resource: string, change: (part: string) => string): string {
  return resource.replace(ARN, (_arn, head: string, service: string, named: string) => {
    return head + beside(service.startsWith('s3') ? ACCOUNTS : IDS, named, change, (id) => id);
  });
}
