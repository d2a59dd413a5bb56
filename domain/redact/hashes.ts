import type { Rule } from './rule';
import { grouped, has, whole } from './rule';

/** Passwords as they are kept: whoever has one can try all day. */
export const HASHES: readonly Rule[] = [
  grouped(has('$'), [
    whole('hash', has('$2'), /\$2[abxy]?\$\d\d\$[./A-Za-z0-9]{53}/g),
    whole('hash', () => true, /\$(?:1|5|6|7|y|gy|apr1|md5|sha1|scrypt|pbkdf2(?:-sha\d{1,3})?|S|P|H)\$[^\s:"'\\,;<>]{16,512}/g),
    whole('hash', has('$argon2'), /\$argon2(?:id?|d)\$(?:[a-z]=[\da-z,=]{1,64}\$){0,3}[A-Za-z0-9+/$_-]{16,512}/g),
    whole(
      'hash',
      has('pbkdf2_', 'bcrypt', 'argon2', 'scrypt'),
      /(?:pbkdf2_sha\d{1,3}\$\d{1,8}|bcrypt(?:_sha256)?\$|argon2\$|scrypt[:$]\d{1,8}:\d{1,4}:\d{1,4})\$[^\s:"'\\,;<>]{16,512}/g,
    ),
    whole('hash', has('SCRAM-SHA-'), /SCRAM-SHA-\d{1,3}\$\d{1,8}:[A-Za-z0-9+/=]{8,128}\$[A-Za-z0-9+/=]{16,128}:[A-Za-z0-9+/=]{16,128}/g),
  ]),
  whole('hash', has('}'), /\{(?:S?SHA(?:256|512)?|S?MD5|CRYPT|PBKDF2[\w-]{0,16})\}[A-Za-z0-9+/=$.]{16,512}/g),
  whole('hash', has('*'), /(?<![A-Za-z0-9*])\*[0-9A-F]{40}(?![0-9A-F])/g),
  whole('hash', has(':::'), /(?<=:\d{3,6}:)[0-9a-fA-F]{32}:[0-9a-fA-F]{32}(?=:::)/g),
];
