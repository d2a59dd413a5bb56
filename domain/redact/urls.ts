import { isMixed } from './random';
import type { Rule } from './rule';
import { after, EDGE, has, NOT_YET, PLACEHOLDER } from './rule';

const WEBHOOKS = [
  String.raw`hooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)\/`,
  String.raw`(?:ptb\.|canary\.)?discord(?:app)?\.com\/api\/(?:v\d+\/)?webhooks\/\d+\/`,
  String.raw`[\w-]{1,64}\.webhook\.office\.com\/webhookb?2?\/`,
  String.raw`outlook\.office\.com\/webhook\/`,
  String.raw`[\w.-]{1,64}\.logic\.azure\.com(?::443)?\/workflows\/`,
  String.raw`hooks\.zapier\.com\/hooks\/(?:catch|standard)\/`,
  String.raw`hook\.(?:\w{2,4}\d?\.)?(?:make|integromat)\.com\/`,
  String.raw`maker\.ifttt\.com\/trigger\/[\w-]{1,64}\/with\/key\/`,
  String.raw`api\.telegram\.org\/(?:file\/)?bot`,
  String.raw`events\.pagerduty\.com\/integration\/`,
  String.raw`alert\.victorops\.com\/integrations\/generic\/\d+\/alert\/`,
  String.raw`open\.(?:feishu\.cn|larksuite\.com)\/open-apis\/bot\/v\d\/hook\/`,
  String.raw`(?:hc-ping\.com|hchk\.io|healthchecks\.io\/ping)\/`,
].join('|');

const AT = /@|%40/;
const ADDRESS = /:\/\/|%3A%2F%2F|:\\\/\\\//i;
const OF_WEBHOOKS = /\.(?:com|org|cn|io)[/:]/;

/** What addresses carry: user and password, webhooks that are a secret themselves, signatures. */
export const URLS: readonly Rule[] = [
  {
    may: (text) => AT.test(text) && ADDRESS.test(text),
    apply: (text, mask) =>
      text
        .replace(PASSWORD_OF_STORE, (match, head: string) => `${head}${mask('login', match.slice(head.length, -1))}@`)
        .replace(PASSWORD, (match, head: string) => `${head}${mask('login', match.slice(head.length, -1))}@`)
        .replace(USER_ALONE, (match, head: string) => `${head}${mask('login', match.slice(head.length, -1))}@`)
        .replace(ENCODED, (match, head: string) => `${head}${mask('login', match.slice(head.length, -3))}%40`),
  },
  after('webhook', (text) => OF_WEBHOOKS.test(text), new RegExp(`(${WEBHOOKS})${NOT_YET}[^\\s"'<>\\\\)\\]},;?]+`, 'g')),
  // Drivers' own form: user:password@tcp(host:port)/database, and Oracle's user/password@host.
  after('login', has('@tcp(', '@unix('), new RegExp(String.raw`((?:^|(?<=[\s"'=(\`]))[\w.-]{1,64}:)${NOT_YET}[^\s:@"'/]{1,256}(?=@(?:tcp|unix|udp)\()`, 'g')),
  after('login', has('jdbc:oracle:'), new RegExp(String.raw`(jdbc:oracle:\w{1,8}:[^\s/@"']{1,64}\/)${NOT_YET}[^\s@"']{1,256}(?=@)`, 'g')),
  after(
    'signed',
    (text) => text.includes('=') && /(?:sig|policy|hdnts|hdnea)=/i.test(text),
    new RegExp(String.raw`([?&;]|%26|\\u0026|SharedAccessSignature (?:sr=[^&\s]{1,512}&)?)(?:sig|hdnts|hdnea|Policy)=${NOT_YET}[^&\s"'<>,;\\]{8,}`, 'gi'),
  ),
  // Codes that are changed for a token, and keys of APIs, where they are no word, number or path.
  {
    may: has('key=', 'code='),
    apply: (text, mask) =>
      text.replace(/([?&](?:key|code)=)([\w~%-]{16,512})(?=[&#\s"'<>,;)\]]|$)/g, (match, head: string, value: string) =>
        isMixed(value) ? head + mask('signed', value) : match,
      ),
  },
];

const SCHEME = String.raw`${EDGE}[a-z][a-z0-9+.-]{1,20}:(?:\/\/|\\\/\\\/)`;
const PASSWORD = new RegExp(String.raw`(${SCHEME}[^\s/?#:@"'<>]{0,128}:)(?!${PLACEHOLDER}@)[^\s/?#]{1,512}@`, 'gi');
// Passwords of stores are written as they are, with a slash or a question mark in them.
const PASSWORD_OF_STORE = new RegExp(
  String.raw`(${EDGE}(?:postgres(?:ql)?|mysql2?|mariadb|mongodb(?:\+srv)?|rediss?|amqps?|mssql|sqlserver|oracle|clickhouse|cockroachdb|snowflake|nats|kafka|ldaps?|smtps?|ftps?|sftp)(?:\+\w{1,16})?:\/\/[^\s/?#:@"'<>]{0,128}:)(?!${PLACEHOLDER}@|\d{1,5}[/?,])[^\s"'<>@,]{1,256}(?:@(?=[^\s/]{1,256}@))?[^\s"'<>@,]{0,256}@`,
  'gi',
);
// A name alone before the @ that is as long as a token: Sentry's DSN, tokens of Git.
const USER_ALONE = new RegExp(String.raw`(${SCHEME})${NOT_YET}(?=[\w-]{0,64}\d)[\w-]{20,256}@`, 'gi');
const ENCODED = new RegExp(String.raw`([a-z][a-z0-9+.-]{1,20}%3A%2F%2F[\w.-]{0,128}%3A)${NOT_YET}[\w.!~*'()+%-]{1,512}?%40`, 'gi');
