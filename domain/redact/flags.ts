import { looksLikeToken } from './named';
import { NAMES, NOT_OTHERWISE, WEAK_NAMES } from './names';
import type { Mask, Rule } from './rule';
import { has, NOT_YET, SPACE } from './rule';
import { inQuotes, IS_VALUE, unquoted, VALUE } from './values';

const FLAG = String.raw`(?:${NAMES}|pass(?!w)|auth(?![a-z])|storepass|keypass|srcstorepass|deststorepass|user-?pass|requirepass|masterauth)${NOT_OTHERWISE}(?!-stdin|-file)[\w-]{0,20}`;
const FLAGS = new RegExp(
  String.raw`((?:^|(?<=[\s"'\x60,[(]))--?[\w-]{0,30}?${FLAG}(?:[${SPACE}]{1,8}|\\*["'],[${SPACE}]{0,4}(?=\\*["'])))(?!-{1,2}[a-z])${IS_VALUE}(?![|&;>])(${VALUE})`,
  'gi',
);
const WEAK_FLAGS = new RegExp(String.raw`((?:^|(?<=[\s"'\x60]))--?[\w-]{0,30}?(?:${WEAK_NAMES})[${SPACE}]{1,8})${IS_VALUE}(${VALUE})`, 'gi');
const PROGRAMS = String.raw`\b(?:mysql(?:dump|admin|import|sh)?|mariadb(?:-dump|-admin)?|sshpass|docker|podman|nerdctl|helm|az|mongo(?:sh|dump|restore|export|import)?|cqlsh|redis-cli|valkey-cli|sqlcmd|bcp|ldap(?:search|modify|add|delete|passwd|whoami)|7z|7za|unzip|zip|influx|rabbitmqadmin|curl|wget|http|https|htpasswd|smbclient|kinit|oc|cf|snmpwalk|snmpget|openssl|keytool|net|lftp|sqlplus|xfreerdp|ConvertTo-SecureString)\b`;
/** Most characters of a command that are looked at. */
const COMMAND = new RegExp(String.raw`${PROGRAMS}[^\n|]{1,2000}`, 'g');
const SHORT_FLAG: readonly (readonly [programs: RegExp, flag: RegExp])[] = [
  [/^(?:mysql|mariadb|7z|7za|sshpass|snmp)/, new RegExp(String.raw`((?:^|\s)-[pP])${NOT_YET}(?!-)("[^"]*"?|'[^']*'?|[^\s"'\\=][^\s"']*)`, 'g')],
  [
    /^(?:docker|podman|nerdctl|helm|az|mongo|cqlsh|sqlcmd|bcp|sshpass|rabbitmqadmin|oc|cf|influx|unzip|zip)/,
    new RegExp(String.raw`(\s-[pP]\s{1,4})${NOT_YET}(?!-|\d{1,5}:\d|\d{2,5}(?:\s|$))("[^"]*"?|'[^']*'?|[^\s"']+)`, 'g'),
  ],
  [/^snmp/, new RegExp(String.raw`(\s-[AX]\s{1,4})${NOT_YET}("[^"]*"?|'[^']*'?|[^\s"']+)`, 'g')],
  [/^(?:redis|valkey|http)/, new RegExp(String.raw`(\s-a\s{1,4})${NOT_YET}("[^"]*"?|'[^']*'?|[^\s"']+)`, 'g')],
  [/^ldap/, new RegExp(String.raw`(\s-w\s{0,4})${NOT_YET}("[^"]*"?|'[^']*'?|[^\s"']+)`, 'g')],
  [/^curl/, new RegExp(String.raw`(\s(?:-u|--user|-U|--proxy-user)[\s=]{0,4}["']?[^\s:"']{0,128}:)${NOT_YET}([^\s"']+)`, 'g')],
  [/^(?:openssl|keytool)/, new RegExp(String.raw`(\b(?:pass|env):)${NOT_YET}([^\s"']+)`, 'g')],
  [/^openssl/, new RegExp(String.raw`(\s-[kK]\s{1,4})${NOT_YET}(?!-)([^\s"']+)`, 'g')],
  [/^htpasswd/, new RegExp(String.raw`(\s-\w{0,8}b\w{0,8}\s+\S{1,256}\s+\S{1,128}\s+)${NOT_YET}([^\s"']+)`, 'g')],
  [/^lftp/, new RegExp(String.raw`(\s-u\s{1,4}[^\s,"']{1,128},)${NOT_YET}([^\s"']+)`, 'g')],
  [/^sqlplus/, new RegExp(String.raw`(\s[\w.$-]{1,64}\/)${NOT_YET}("[^"]*"?|[^\s"'@/]+)(?=@|\s|$)`, 'g')],
  [/^xfreerdp/, new RegExp(String.raw`(\s\/p:)${NOT_YET}("[^"]*"?|'[^']*'?|[^\s"']+)`, 'g')],
  [/^ConvertTo/, new RegExp(String.raw`((?:^ConvertTo-SecureString|\s-String)\s{1,4})${NOT_YET}("[^"]*"?|'[^']*'?)`, 'g')],
  [/^smbclient/, new RegExp(String.raw`(\s-U\s{0,4}[^\s%]{1,128}%)${NOT_YET}([^\s"']+)`, 'g')],
];

/** Options with a telling name: `--password x`, `"--token", "x"`. */
export const LONG_FLAGS: readonly Rule[] = [
  {
    may: (text) => /(?:^|[\s"'`,[(])-{1,2}[a-z]/i.test(text),
    apply: (text, mask) =>
      text
        .replace(FLAGS, (_match, head: string, value: string) => head + inQuotes(value, mask))
        .replace(WEAK_FLAGS, (match, head: string, value: string) => (looksLikeToken(unquoted(value).secret) ? head + inQuotes(value, mask) : match)),
  },
];

// `ENV PASSWORD x`, `config set requirepass x`, `npm config set //host/:_authToken x`, and what Redis has in its files and its MONITOR.
const SETTING = new RegExp(
  String.raw`((?:\b(?:ENV|ARG|setenv|(?:config|configure)[ ]set)[${SPACE}]{1,4}[\w./:-]{0,60}?(?:${NAMES})${NOT_OTHERWISE}[\w-]{0,20}|\b(?:requirepass|masterauth)|"AUTH"(?=[ ]"))[${SPACE}]{1,4})${IS_VALUE}(?![=|&;-])(${VALUE})`,
  'gi',
);

// Of these three only capitals are no words of a sentence.
const IN_PROSE = /^(?:env|arg|"auth)/;

/** Settings without a separator. */
export const SETTINGS: readonly Rule[] = [
  {
    may: has('ENV', 'ARG', 'set', 'requirepass', 'masterauth', 'AUTH'),
    apply: (text, mask) => text.replace(SETTING, (match, head: string, value: string) => (IN_PROSE.test(head) ? match : head + inQuotes(value, mask))),
  },
];

/** Options of one letter, of the programs in which they stand for a password: `mysql -psecret`, `docker login -p x`, `curl -u user:x`. */
export const SHORT_FLAGS: readonly Rule[] = [
  {
    may: (text) => (text.includes(' -') && /\s--?[pPawuUbcnAXkK]/.test(text)) || /\b(?:pass|env):|sqlplus|\/p:|SecureString/.test(text),
    apply: (text, mask) => text.replace(COMMAND, (command) => withoutShortFlags(command, mask)),
  },
];

function withoutShortFlags(command: string, mask: Mask): string {
  return SHORT_FLAG.filter(([programs]) => programs.test(command)).reduce(
    (text, [, flag]) => text.replace(flag, (_match, head: string, value: string) => head + inQuotes(value, mask)),
    command,
  );
}
