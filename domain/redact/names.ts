/**
 * Names under which a secret stands, whatever it looks like: source of a pattern that is asked without regard to case. What may stand before a name is looked for after it, as it would be asked
 * at each character else.
 */
export const NAMES = [
  'pass(?:word|wd|phrase|recov|backup|wort)|pass(?<=(?:^|[^A-Za-z]|db|user|smtp|mysql|ftp|mail|admin|root|bind)pass)(?=[^A-Za-z-]{1,3})|passcode|requirepass|masterauth|pw(?<=(?:^|[^A-Za-z]|root|admin|bind|db|user)pw)(?=[^A-Za-z-]{1,3})|pwd|kennwort|contrase(?:n|ñ|\\u00c3\\u00b1)a',
  'secret|token|credentials?|authorization|cookie|signature',
  '(?:api|access|secret|private|signing|account|auth|encryption|encrypt|decryption|master|license|licence|fernet|hmac|jwt|ssh|deploy|dkim|vapid|stream|wallet|apim[-_]subscription)[-_.]?key',
  'pre[-_]?shared[-_]?key|psk(?<![A-Za-z]psk)|x-amz-credential|x-goog-credential|awsaccesskeyid|dockerconfigjson|mnemonic|seed[-_]?phrase|recovery[-_]?codes?|backup[-_]?codes?',
  '(?<![A-Za-z])(?:cvv2?|cvc2?|ssn|otp(?:[-_]?code)?|totp)(?![A-Za-z])|social[-_]?security(?:[-_]?(?:number|no))?|passport[-_]?(?:number|no)|national[-_]?id|tax[-_]?id|date[-_]?of[-_]?birth|card[-_]?(?:number|no)',
  'phpsessid|jsessionid|asp\\.net_sessionid|connect\\.sid|(?:client|consumer|shared)[-_]?assertion|community[-_ ]?string|snmp[-_]?community',
].join('|');

/** Cheap to ask, and true of every text with one of the names above or of `WEAK_NAMES`. */
export const STEMS =
  /pass|pwd|kennw|contras|secret|token|cred|auth|cookie|sig|key|psk|docker|mnemo|phrase|recov|backup|cv[vc]|ss[no]|social|national|tax|birth|card|sess|sid|assertion|otp|jwt|sas|pat\b|phone|mobile|msisdn|honeycomb|salt|\btel|dsn|bearer|oauth|identif|community|verifier|hmac|saml|pw(?![a-z])/i;

/** Names under which a secret may stand, if it looks like one. */
export const WEAK_NAMES = [
  '(?:app(?:lication)?|routing|integration|service|session|client|write|read|ingest(?:ion)?|subscription|functions?|host|rapidapi|fastly|consumer|storage|shared|admin|root|user|project|team|org|sdk|server|events?|tracking|instrumentation|dd|datadog|honeycomb|algolia|crypto?|aes|cipher|data|lock|rails|webhook|bot|vendor|partner|merchant|stripe|twilio|sendgrid|mailgun)[-_. ]?key',
  '(?<![A-Za-z])(?:auth|_auth|sig|sas|jwt|pat|sid|oauth|creds?|bearer|salt|dsn|auth[-_]?code|code[-_]?verifier|hmac|assertion|saml(?:response|request)|x-honeycomb-team)',
  'sess(?:ion)?(?:[-_]?(?:id|data|cookie|hash))?',
].join('|');

/** Names under which the number of a telephone stands. */
export const PHONE_NAMES = '(?<![A-Za-z])(?:tele)?(?:phone|mobile|msisdn|tel|cell)(?:[-_]?(?:number|no|nr|num))?';

/** What after such a name says that the secret itself does not stand there: `token_count`, `secretName`, `--password-file`. */
const OTHERWISE = [
  '(?<!access[-_.]?key|secret)[-_.]?ids?(?![a-z])|s?[-_.]?(?:files?|path|dir|name|arn|count|counts|type|len|length|min|max|size|url|uri|endpoint|version|ttl|age|expir\\w*|expires?|stdin|policy|hints?|reset|changed|change|required|enabled|field|prompt|status|valid|class|provider(?:s|chain)?|manager|store|bucket|limit|used|usage|total|index|rotation|rotated|rotat\\w*|ref|refs|source|format|algorithm|alg|hash[-_.]?alg\\w*|strength|attempts?|failures?|errors?|validation|auth|mode|scopes?|host|port|prefix|header|lifetime|per|rate|budget|window|issuer|kind|created|updated|seconds|ms|cache|map|mount|volume|engine)(?![a-z])',
  'iz(?:er|ed|e|ing|ation)|ary|ariat|ly(?![a-z])|less|able(?![a-z])',
].join('|');

/** Source of an assertion for it. */
export const NOT_OTHERWISE = `(?!${OTHERWISE})`;
